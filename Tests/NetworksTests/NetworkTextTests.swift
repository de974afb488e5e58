import ConvolutionArithmetic
import Foundation
import Networks
import Tensors
import Testing

/// Networks as texts; the language is told in Docs/Networks.md.
@Suite struct NetworkTextTests {
  private func described(
    _ text: String, size: Size? = nil
  ) throws -> (network: Network, output: MapShape) {
    let (network, size) = try Network.described(by: text, size: size)
    return (network, try network.shapes(input: size).last!)
  }

  /// The page that tells the language.
  private static func wholePage() throws -> String {
    let docs = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Docs/Networks.md")
    return try String(contentsOf: docs, encoding: .utf8)
  }

  @Test func `the page tells every word for a layer`() throws {
    let page = try Self.wholePage()
    #expect(Network.textKinds.filter { !page.contains("`\($0)") } == [])
  }

  /// The texts of the page, in order.
  private static func page() throws -> [String] {
    // Every second piece between fences is one.
    let pieces = try wholePage().components(separatedBy: "```")
    return pieces.indices.filter { !$0.isMultiple(of: 2) }.map { pieces[$0] }
  }

  @Test func `FCN-8s as the page writes it is FCN-8s`() throws {
    let texts = try Self.page().filter { $0.contains("upscore8") }
    let (network, size) = try Network.described(by: try #require(texts.first), name: "FCN-8s")
    #expect(network == .fcn8s())
    #expect(size == 500)
  }

  @Test func `U-Net in a few lines is U-Net`() throws {
    let (network, _) = try Network.described(
      by: """
        down1 = conv 64 k3 relu x2;    pool1 = max k2
        down2 = conv 128 k3 relu x2;   pool2 = max k2
        down3 = conv 256 k3 relu x2;   pool3 = max k2
        down4 = conv 512 k3 relu x2;   pool4 = max k2
        down5 = conv 1024 k3 relu x2
        up4 = convT 512 k2 s2;  skip4 = crop down4 to up4;  join4 = cat skip4 up4
        merge4 = conv 512 k3 relu x2
        up3 = convT 256 k2 s2;  skip3 = crop down3 to up3;  join3 = cat skip3 up3
        merge3 = conv 256 k3 relu x2
        up2 = convT 128 k2 s2;  skip2 = crop down2 to up2;  join2 = cat skip2 up2
        merge2 = conv 128 k3 relu x2
        up1 = convT 64 k2 s2;  skip1 = crop down1 to up1;  join1 = cat skip1 up1
        merge1 = conv 64 k3 relu x2
        score = conv 2 k1
        """, name: "U-Net", channels: 1)
    #expect(network == .uNet())
  }

  @Test func `a discriminator of patches sees 70 pixels`() throws {
    let (network, output) = try described(
      "conv 64 k4 s2 p1; conv 128 k4 s2 p1; conv 256 k4 s2 p1; conv 512 k4 p1; conv 1 k4 p1",
      size: 256)
    #expect(output == MapShape(channels: 1, size: Size(256 / 8 - 1 - 1)))
    #expect(try network.receptiveField(of: "conv5").size == 70)
  }

  @Test func `along one axis, as wav2vec reads sound`() throws {
    let (network, output) = try described(
      "conv1d 512 k10 s5 nobias; conv1d 512 k3 s2 nobias x4; conv1d 512 k2 s2 nobias x2",
      size: Size(height: 1, width: 16000))
    #expect(network.isOneDimensional && network.channels["input"] == 1)
    #expect(output == MapShape(channels: 512, size: Size(height: 1, width: 49)))
    // 25 ms of 16 kHz, every 20 ms.
    let field = try network.receptiveField(of: "conv7", along: .width)
    #expect(field.size == 400 && field.jump == 320)
  }

  @Test func `a residual block, its batch normalizations and its end`() throws {
    let (network, output) = try described(
      """
      conv 64 k7 s2 p3 nobias;  bn relu;  x = max k3 s2 p1
      conv 64 k3 p1 nobias;  bn relu;  conv 64 k3 p1 nobias;  bn;  add x relu
      avg global;  fc 10;  softmax
      """, size: 224)
    #expect(output == MapShape(channels: 10, size: 1))
    // Weights, two numbers for each channel normalized, and the last layer's.
    let learned = network.parameters.filter(\.isLearned).reduce(0) { $0 + $1.shape.count }
    #expect(learned == 64 * 3 * 49 + 2 * 64 * 64 * 9 + 3 * 2 * 64 + 64 * 10 + 10)
    #expect(network.layers.suffix(5).map(\.name) == ["add1", "relu3", "avg1", "fc1", "softmax1"])
  }

  @Test func `numbers for each axis and each side, and paddings by their names`() throws {
    let (network, output) = try described(
      """
      conv 2 k3x5 s2x1 p1,2 d1; max k2x1 ceil
      conv 2 k2 same-lower
      """, size: Size(height: 9, width: 7))
    // Downwards (9 + 2 − 3)/2 + 1 = 5, ⌈5/2⌉ = 3; to the right 7 + 4 − 5 + 1 = 7.
    #expect(output.size == Size(height: 3, width: 7))
    guard case .convolution(let last, _, _, _) = network.layers.last!.operation else {
      Issue.record("no convolution")
      return
    }
    #expect(last.padding == Padding(top: 1, left: 1, bottom: 0, right: 0))
    #expect(try described("convT 1 k3 s2 p1 op1", size: 7).output.size == 14)
    #expect(try described("conv 8 k3 s2 same-upper", size: 7).output.size == 4)
    #expect(try described("conv 8 k4 p0,1,1,2", size: 7).output.size == Size(height: 5, width: 7))
    #expect(try described("up 3 bilinear", size: 7).output.size == 21)
    #expect(try described("up 8; crop to input at 2,3", size: 4).output.size == 4)
  }

  @Test(
    arguments: [
      ("leaky 0.1", .activation(.leakyReLU(slope: 0.1))),
      ("prelu", .activation(.learnedReLU(isShared: false))),
      ("prelu shared", .activation(.learnedReLU(isShared: true))),
      ("relu6", .activation(.clipped(0...6))), ("clip -1 1", .activation(.clipped(-1...1))),
      ("elu", .activation(.elu(alpha: 1))), ("silu", .activation(.silu)),
      ("hardsigmoid 0.2 0.5", .activation(.hardSigmoid(alpha: 0.2, beta: 0.5))),
      ("tanh", .activation(.tanh)), ("abs", .activation(.absolute)),
      ("bn 0.001", .batchNormalization(epsilon: 0.001, isAffine: true)),
      ("affine nobias", .affine(weight: true, bias: false)),
      ("power 2 3 1", .power(exponent: 2, scale: 3, shift: 1)),
      ("pad p1 9", .pad(1, .value(9))), ("pad p0,1,2,3 reflect", .pad(Self.sides, .reflection)),
      ("pad p1 edge", .pad(1, .replication)),
      ("cut 4 at 1,2", .cut(offset: Size(height: 1, width: 2), size: 4)),
      ("channels 1:3", .channels(1..<3)), ("shuffle 3", .shuffle(groups: 3)),
      ("flatten", .identity("flatten")), ("mul input", .product), ("maximum input", .maximum),
      ("add input input", .sum),
    ] as [(String, Network.Operation)]) func `words for what stands between convolutions`(
      text: String, operation: Network.Operation
    ) throws
  {
    let (network, _) = try Network.described(by: "relu; " + text, size: 8)
    #expect(network.layers.last?.operation == operation)
    #expect(try !network.shapes(input: 8).isEmpty)
  }

  private static let sides = Padding(top: 0, left: 1, bottom: 2, right: 3)

  @Test func `maps are made as large as others`() throws {
    let text = """
      a = conv 4 k3 s2 p1; conv 4 k3 s2 p1; up to a bilinear; b = cat a
      c = up a to input; d = crop input to a center; e = pad b to input; f = pad b to input at 1,2
      """
    let network = try Network.described(by: text, size: Size(height: 9, width: 14)).network
    let shapes = try network.shapes(input: Size(height: 9, width: 14))
    let sizes = Dictionary(uniqueKeysWithValues: zip(network.layers.map(\.name), shapes))
    #expect(sizes["b"] == MapShape(channels: 8, size: Size(height: 5, width: 7)))
    #expect(sizes["c"]?.size == Size(height: 9, width: 14))
    #expect(sizes["d"] == MapShape(channels: 3, size: Size(height: 5, width: 7)))
    #expect(network["e"]?.operation == .padTo(offset: nil))
    #expect(network["f"]?.operation == .padTo(offset: Size(height: 1, width: 2)))
    // Every size comes back; without the relation only multiples of 4 would.
    let back = try Network.described(
      by: "a = conv 4 k3 s2 p1; conv 4 k3 s2 p1; up to a bilinear; cat a; up to input"
    ).network
    #expect(try back.fit().same.text == "every size from 1")
    // At 8 the map of 2 cells becomes one of 4: cell 0 sees what its two cells see.
    let rows = try NetworkTable(back, input: 8).rows
    #expect(rows[3].field?.jump == 2 && rows[3].output?.size == 4)
    #expect(try NetworkTable(back, input: 9).rows[3].field == nil)
  }

  @Test func `maps are resized by whole numbers and by fractions`() throws {
    #expect(try described("up 1.5", size: 6).output.size == 9)
    #expect(try described("up 0.25 bilinear", size: 6).output.size == 1)
    #expect(try described("up 2 bilinear align", size: 6).output.size == 12)
    #expect(
      try described("conv1d 1 k1; up 3", size: Size(height: 1, width: 6)).output.size.width == 18)
  }

  @Test func `layers may be called as options are written, and are read where no option is meant`()
    throws
  {
    let (network, output) = try described(
      "\u{FEFF}p5 = conv 8 k3, p1; x2 = max k2 s2; d4 = up 2; add p5 d4; conv 4 k3 p5; conv 2 k1 from d4",
      size: 8)
    #expect(network.layers.suffix(3).map(\.inputs) == [["p5", "d4"], ["add1"], ["d4"]])
    #expect(
      try network.shapes(input: 8).suffix(3).map(\.description) == ["8×8×8", "4×16×16", "2×8×8"])
    #expect(output == MapShape(channels: 2, size: 8))
  }

  @Test func `a block that weighs its channels by what the whole map says`() throws {
    let (network, output) = try described(
      "x = conv 16 k3 p1; avg global; conv 4 k1 relu; conv 16 k1; hardsigmoid; mul x", size: 7)
    #expect(output == MapShape(channels: 16, size: 7))
    #expect(network.layers.last?.inputs == ["hardsigmoid1", "x"])
  }

  @Test(arguments: [
    ("cnv 64 k3", "1, column 1: there is no layer \"cnv\"; did you mean conv?"),
    ("conv 8 k3\n concat a b", "2, column 2: there is no layer \"concat\"; did you mean cat?"),
    ("conv 64 kernel3", "1, column 9: there is no \"kernel3\"; did you mean k3?"),
    (
      "trunk = conv 6 k3; add trnk trunk",
      "1, column 24: there is no layer or word \"trnk\" here; did you mean trunk?"
    ),
    ("conv 64", "1, column 1: conv must be told its kernel size, as in conv 64 k3"),
    ("max", "1, column 1: max must be told its kernel size, as in max k3"),
    (
      "a = conv 8 k3; conv 8 from k3 a",
      "1, column 28: behind from stands the name of a layer, and there is no k3"
    ),
    (
      "ab = relu; crop ab to center",
      "1, column 23: behind to stands the name of a layer, and there is no center"
    ),
    ("conv 8 k3 from k; k = relu", "1, column 16: the layer k is not there yet"),
    ("g2 = conv 8 k3; conv 9 k3 from g2 g4", "1, column 35: 4 groups must divide the 8"),
    ("conv 8 k3 x2.5", "1, column 11: x repeats a layer that reads one other, from 1 to 1000"),
    ("conv 8 k1x2x3x4x5", "1, column 8: k is 1x2x3x4x5; it is told at most two numbers"),
    ("clip 0 inf", "1, column 8: inf is no number that a layer is told"),
    ("pad p1 reflect 9", "1, column 16: pad takes what is there, so that 9 says nothing"),
    ("conv k3", "1, column 1: conv must be told how many output channels, as in conv 64 k3"),
    ("up", "1, column 1: up must be told how many times larger, as in up 2"),
    (
      "conv eight k3",
      "1, column 6: there is no layer or word \"eight\" here; conv takes how many output channels, "
        + "a layer before it (input), k, s, p, d, g, same, same-upper, same-lower, valid, nobias, relu"
    ),
    (
      "a = max k2; add a elsewhere",
      "1, column 19: there is no layer or word \"elsewhere\" here; "
        + "add takes a layer before it (a, input), relu"
    ),
    (
      "max k2 q3",
      "1, column 8: there is no \"q3\"; max takes a layer before it (input), k, s, p, d"
    ),
    (
      "add b; b = max k2",
      "1, column 5: the layer b is not there yet; a layer reads those before it"
    ),
    ("a = relu; b = add a b", "1, column 21: the layer b is not there yet"),
    ("conv 8 k 3", "1, column 8: behind k a number is missing, as in k3"),
    ("softmax 3", "1, column 9: no number may stand here; softmax takes a layer before it (input)"),
    ("max 3", "1, column 5: max takes no number by itself; a kernel is written k3"),
    (
      "channels 2:1",
      "1, column 10: there is no \"2:1\"; channels takes a layer before it (input), 0:32"
    ),
    ("conv 64 k3 op1", "1, column 12: conv has no op1; it takes k, s, p, d, g, same"),
    ("conv 64 k3 s2 k5", "1, column 15: k is told twice"),
    ("conv 3 k3 relu relu", "1, column 16: relu is told twice"),
    ("conv 3 k3 x2 x3", "1, column 14: x is told twice"),
    ("cut 2x2 at 1 at 2", "1, column 14: at is told twice"),
    ("up 2 bilinear nearest", "1, column 15: up is either bilinear or nearest, not both"),
    ("max k2 ceil caffe", "1, column 13: max is either ceil or caffe, not both"),
    ("conv 3 k3 from", "1, column 11: behind from the name of a layer is missing"),
    (
      "a = conv 3 k1; b = a",
      "1, column 20: a is a layer; what is done with it comes first, as in conv 64 k3 from a"
    ),
    ("conv 64 k0", "1, column 9: k is 0; it is told whole numbers from 1 to 1000000000, as in k3"),
    ("conv 8 k99999999999999999999", "1, column 8: k is 99999999999999999999; it is told whole"),
    ("conv 6 k3 g4", "1, column 11: 4 groups must divide the 3 channels that come in and the 6"),
    (
      "conv 0.5 k3",
      "1, column 6: how many output channels is 0.5; it must be a whole number from 1"
    ),
    ("conv 1048576 k1000000", "1, column 1: 1048576 kernels of 3 channels"),
    ("a = conv 1 k1; a = relu", "1, column 16: there is a layer a already"),
    (
      "conv 8 k3.5",
      "1, column 8: k is 3.5; it is told whole numbers from 1 to 1000000000, as in k3"
    ),
    (
      "conv 8 k3 p-1",
      "1, column 11: p is -1; it is told whole numbers from 0 to 1000000000, as in p3"
    ),
    ("conv 8 k3 stride 2", "1, column 11: there is no \"stride\"; it is written s3, in one word"),
    ("max global k3", "1, column 12: global takes the whole map, so that k3 means nothing"),
    ("conv 8\0 k3", "1, column 6: there is a control character"),
    (String(repeating: "a", count: 300), "1, column 1: a word has 300 letters; 256 are enough"),
    ("relu = conv 3 k1", "1, column 1: \"relu\" means something already"),
    ("a b = conv", "1, column 5: = stands between one name and its layer"),
    ("a =", "1, column 3: behind = a layer is missing"),
    ("add", "1, column 1: add reads from 2 to 64 layers"),
    ("relu; crop relu1", "1, column 7: a crop is written crop a to b"),
    ("conv 3 k1; conv1d 3 k1", "1, column 1: other layers are along one axis; write conv1d"),
    ("conv1d 3 k1; conv2d 3 k1", "1, column 14: conv2d is along two axes"),
    ("conv1d 3 k1x2", "1, column 10: along one axis k is one number"),
    ("relu; input 3", "1, column 7: the input is told before all layers"),
    ("input 3x0x5; relu", "1, column 7: the input is written input 3 or input 3x224x224"),
    ("drop 2", "1, column 6: the probability is 2"),
    ("conv 3 k3 p1 same", "1, column 14: the padding is told twice"),
    ("relu x2000", "1, column 6: x repeats a layer"),
    ("relu x1000; relu x1000", "1, column 13: there are more than 2000 layers"),
    ("leakyrelu", "1, column 1: there is no layer \"leakyrelu\"; did you mean leaky?"),
    ("clip 2", "1, column 1: clip must be told the most, as in clip 0 6"),
    ("clip 2 1", "1, column 8: the most is 1; it must be from 2 to 1e+30"),
    ("up 3.1415", "1, column 4: the factor is 3.1415; it must be a whole number or a fraction"),
    ("pad 1", "1, column 1: pad must be told how many cells, as in pad p1"),
    ("cut at 3", "1, column 1: a cut is written cut 8x8"),
    ("channels 5", "1, column 10: no number may stand here; channels takes a layer before it"),
    ("channels 2:4", "1, column 1: channels 2 to below 4 are not among its 3"),
    ("shuffle 2", "1, column 1: 2 groups must divide its 3 channels"),
    (
      "max k2 s2 p2", "1, column 11: the padding is 2; a pool whose windows span 2 cells takes half"
    ),
    (
      "avg k3 p0,1,0,2",
      "1, column 8: the padding is 2; a pool whose windows span 3 cells takes half"
    ),
    (
      "max k3 p3 caffe",
      "1, column 8: the padding is 3; a pool whose windows span 3 cells takes less"
    ),
    ("", "1, column 1: there is no layer"),
    ("# nothing", "1, column 1: there is no layer"),
  ]) func `mistakes are answered with the place and the nearest word`(
    text: String, sentence: String
  ) throws {
    let error = #expect(throws: NetworkTextError.self) { try Network.described(by: text) }
    #expect(
      error?.description.hasPrefix("line \(sentence)") == true, "\(error?.description ?? "none")")
  }

  @Test func `pools take as much padding as in the frameworks`() throws {
    for (text, cells) in [
      ("max k3 s1 p1", 10), ("max k3 s1 d2 p2", 10), ("avg k4 s1 p2", 11),
      ("max k3 s1 p2 caffe", 12),
      ("max k2 s1 same-upper", 10), ("max k4 s1 same-lower", 10),
    ] {
      #expect(try described(text, size: 10).output.size == Size(cells), "\(text)")
    }
  }

  @Test(arguments: [
    "conv 4 k3 s2 same-upper x3; conv 2 k30", "max k3 s2 same-lower; conv 1 k9; avg k2; fc 3",
    "conv1d 4 k3 s2 same-upper; avg1d k400 s1; fc 3", "conv 3 k3 s2 p1; up 2; add input",
    "conv 4 k3 same-upper s3; up 2; conv 1 k3; max k99; fc 7; conv 2 k1",
  ]) func `the size that is advised goes through, and the one below does not`(text: String) throws {
    let isLine = Network.isOneDimensional(text: text)
    func passes(_ extent: Int) -> Bool {
      let size = isLine ? Size(height: 1, width: extent) : Size(extent)
      return (try? described(text, size: size)) != nil
    }
    var advised = 0
    for extent in 1...60 {
      let size = isLine ? Size(height: 1, width: extent) : Size(extent)
      var said = ""
      do { _ = try described(text, size: size) } catch { said = "\(error)" }
      guard
        let number = said.firstMatch(
          of: #/(?:at least|goes through is) (\d+)(?: cells| pixels.*)?$/#)
      else {
        continue
      }
      advised += 1
      #expect(passes(Int(number.1)!), "\(said)")
      #expect(!passes(Int(number.1)! - 1), "\(said)")
    }
    #expect(advised > 0)
  }

  @Test func `two thousand layers are read in a moment`() throws {
    let clock = ContinuousClock()
    for line in [
      "conv 3 k1 same-upper", "fc 3", "max k3 s1 same-lower", "channels 0:3", "shuffle 3",
    ] {
      let text = Array(repeating: line, count: 1999).joined(separator: "\n")
      var layers = 0
      let time = try clock.measure {
        layers = try Network.described(by: text, size: 8).network.layers.count
      }
      // It takes a tenth of that; every layer looking at all before it took 20 seconds and more.
      #expect(layers == 2000 && time < .seconds(4), "\(line): \(time)")
    }
    #expect(throws: NetworkTextError.self) { try Network.described(by: "relu x1000; relu x1000") }
  }

  @Test func `whatever text comes, it is a network or a sentence`() throws {
    let words = [
      "conv", "conv1d", "convT", "max", "avg", "add", "cat", "crop", "to", "at", "input", "up",
      "fc",
      "relu", "bn", "k3", "k1", "s2", "p1", "p0,1,0,1", "d2", "op1", "g2", "x2", "x30", "same",
      "same-upper", "ceil", "global", "a", "b", "=", ";", ";", ";", "\n", "8", "16", "0", "-1",
      "1e9", "mul", "cut", "0:2", "1.5", "pad", "channels", "shuffle", "align", "reflect",
      "nan", "999999", "k999999", "3x4", "#", "é", "bilinear", "conv1", "from",
    ]
    let good = [
      "conv 8 k3 p1 relu", "a = conv 4 k3x1 s2", "convT 4 k4 s2 p1", "max k2 ceil", "avg k3 s2 p1",
      "bn relu", "b = max k2", "add conv1 a", "cat a b", "crop a to b", "up 2 bilinear", "fc 10",
      "mul a b", "pad p1 reflect", "cut 3x3 at 1", "channels 0:2", "shuffle 2", "clip 0 6",
      "up 1.5",
      "maximum a b", "softmax", "conv1d 8 k3", "max1d k2", "drop", "scale 0.5", "relu x3",
      "conv 8 k3 same d2",
    ].map { $0.split(separator: " ").map(String.init) }
    var random = SplitMix64(seed: 30)
    var networks = 0
    for _ in 0..<3000 {
      var text = ""
      for _ in 0..<random.integer(in: 1...5) {
        var statement = good[random.integer(in: 0...good.count - 1)]
        if random.integer(in: 0...2) == 0 {
          let place = random.integer(in: 0...statement.count)
          statement.insert(words[random.integer(in: 0...words.count - 1)], at: place)
        }
        if random.integer(in: 0...9) == 0 { statement.removeFirst() }
        text += statement.joined(separator: " ") + "; "
      }
      guard let (network, _) = try? Network.described(by: text, size: 16) else { continue }
      networks += 1
      _ = try? NetworkTable(network, input: 16)
    }
    #expect(networks > 500)
    // Channels that double and sizes that grow end somewhere.
    let doubling = (1...40).map { "c\($0) = cat c\($0 - 1) c\($0 - 1)" }.joined(separator: ";")
    #expect(throws: NetworkTextError.self) { try Network.described(by: "c0 = relu;" + doubling) }
    let (growing, _) = try Network.described(by: "up 1024 x9", size: 16)
    #expect(throws: GeometryError.self) { try NetworkTable(growing, input: 16) }
  }
}
