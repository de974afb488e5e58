import ConvolutionArithmetic
import Interchange
import LessonKit
import Networks
import Tensors
import Training

/// The page on which the reader draws, and the networks of the book label what was drawn.
enum BookScenes {
  /// The three networks of the synthetic scenes, as `SceneNetwork` reads them.
  static func script() throws -> String {
    let networks = try TrainedWeights.networks.map { name in
      let (network, weights) = try TrainedWeights.weights(of: name)
      var numbers = (0...255).map { Preprocessing.scene.value(UInt8($0), channel: 0) }
      var lines: [String] = []
      // Layers that change nothing here are known by what they read.
      var same = [network.inputName: "data"]
      for layer in network.layers.dropFirst() {
        let inputs = layer.inputs.map { same[$0] ?? $0 }
        guard let line = try line(of: layer, in: network, weights) else {
          same[layer.name] = inputs[0]
          continue
        }
        let (operation, sizes) = line
        lines.append(([layer.name, operation] + inputs + sizes).joined(separator: " "))
        for kind in ["weight", "bias"] {
          numbers += weights["\(layer.name).\(kind)"]?.elements ?? []
        }
      }
      let bytes = numbers.flatMap { number in
        (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> ($0 * 8)) }
      }
      return "{ name: \"\(network.name)\", layers: \"\(lines.joined(separator: "\\n"))\", "
        + "numbers: \"\(letters(bytes))\" }"
    }
    let colors = ClassNames.scenes.indices.map { label in
      let color = VOCPalette.color(of: UInt8(label))
      return "[\(color.red), \(color.green), \(color.blue)]"
    }
    return "book.networks = [\n\(networks.joined(separator: ",\n"))\n];\n"
      + "book.classes = [\(ClassNames.scenes.map { "\"\($0)\"" }.joined(separator: ", "))];\n"
      + "book.colors = [\(colors.joined(separator: ", "))];\n"
  }

  /// What a layer does and its numbers; nil of one that changes nothing.
  private static func line(
    of layer: Network.Layer, in network: Network, _ weights: Weights<Float>
  ) throws -> (operation: String, sizes: [String])? {
    let shape = weights["\(layer.name).weight"]?.shape.dimensions ?? []
    func window(_ layer: some Windowed) -> [Int] { [layer.stride.height, layer.padding.top] }
    switch layer.operation {
    case .convolution(let convolution, _, _, let relu):
      return ("convolution", (shape + window(convolution) + [relu ? 1 : 0]).map(String.init))
    case .transposedConvolution(let convolution, _, _):
      return ("transposed", (shape + window(convolution)).map(String.init))
    case .maxPool(let pooling):
      return (
        "pool",
        ([pooling.kernelSize.height] + window(pooling)).map(String.init)
          + [pooling.rounding.rawValue]
      )
    case .crop: return ("crop", ["\(try network.cropOffsets(of: layer).height)"])
    case .sum: return ("sum", [])
    case .dropout: return nil
    default:
      throw InterchangeError("\(layer.name) of \(network.name) is no layer that the page can run")
    }
  }

  /// Bytes as a script's string of letters that hold seven bits each, the last filled up with zeros.
  private static func letters(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 5 / 4)
    func add(_ letter: UInt8) {
      switch letter {
      case 0: text += Array("\\x00".utf8)
      case UInt8(ascii: "\n"): text += Array("\\n".utf8)
      case UInt8(ascii: "\r"): text += Array("\\r".utf8)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), letter]
      default: text.append(letter)
      }
    }
    var (bits, count) = (UInt32(0), 0)
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      count += 8
      while count >= 7 {
        count -= 7
        add(UInt8(bits >> count & 127))
      }
    }
    if count > 0 { add(UInt8(bits << (7 - count) & 127)) }
    return String(decoding: text, as: UTF8.self)
  }
}

extension BookPage {
  /// The page to draw on.
  static var drawing: BookPage {
    let maps = TrainedWeights.networks.enumerated().map { index, name in
      "<figure><canvas class=\"labels\" width=\"128\" height=\"128\" role=\"img\" "
        + "aria-label=\"labels of \(name.network().name)\"></canvas><figcaption>\(name.network().name)"
        + "<span class=\"time\"></span></figcaption></figure>"
    }
    let tools = ["disc", "square", "triangle", "ring", "cross"].map { "<option>\($0)</option>" }
    return BookPage(
      name: "draw.html", title: "Draw", part: "",
      body: """
        <h1>Draw, and let three networks label it</h1>
        <p>The networks of <a href="\(Book.lesson(38).map { name(of: $0) } ?? "index.html")">lesson 38</a> \
        learned discs, squares, triangles, rings and crosses on a grey ground. A click sets a shape, a drag \
        draws one as large as you like. FCN-32s sees only the coarsest map; each skip brings back what it \
        lost: the ring's hole, the bars of the cross. With the keyboard Enter sets a shape, the arrow keys move it, \
        Backspace takes it away.</p>
        <noscript><p class="error">This page needs scripts. In a terminal \
        <code>convbook segment scene.png --show</code> does the same.</p></noscript>
        <form id="tools" class="fields needs-script"><label><b>shape</b><select name="shape">\
        \(tools.joined())</select></label><label><b>colour</b><select name="color"><option>as in the \
        book</option><option>red</option><option>blue</option><option>green</option></select></label>\
        <label><b>another scene</b><button type="button" id="scene">Random</button></label>\
        <label><b>empty</b><button type="button" id="clear">Clear</button></label></form>
        <div class="easel needs-script"><figure><canvas id="paper" width="128" height="128" tabindex="0" \
        role="img" aria-label="your picture"></canvas><figcaption>your picture</figcaption></figure>
        \(maps.joined(separator: "\n"))
        <figure><canvas id="mixed" width="128" height="128" role="img" aria-label="labels of the mix"></canvas>\
        <figcaption id="mix">FCN-32s</figcaption></figure></div>
        <form class="fields needs-script"><label class="whole"><b>blend in the skips</b> from FCN-32s by way of \
        FCN-16s to FCN-8s<input type="range" id="blend" min="0" max="2000" value="0"></label></form>
        <p id="legend" class="note needs-script"></p><p id="said" role="status" class="error" hidden></p>
        """, isBroad: true, scripts: ["draw.js"])
  }
}
