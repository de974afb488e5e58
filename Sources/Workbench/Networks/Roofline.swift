import Interchange
import LessonKit
import Networks
import Primitives
import Tensors

extension Measurement.Step {
  /// The first layer, and the last if it is another: `conv1_1 … pool1`.
  var title: String { (output == name ? name : "\(name) … \(output)").visible }
}

/// What limits each layer: the multiply-adds that the machine does at most in a second, or the bytes that it
/// moves. Drawn over multiply-adds per byte, the two are a slope and a level: a roof, and no layer is above.
///
/// S. Williams, A. Waterman, D. Patterson: Roofline, Communications of the ACM 52 (4), 2009.
struct Roofline {
  /// Floating-point operations a second, two for each multiply-add.
  let peak: Double
  /// Bytes a second.
  let bandwidth: Double
  let steps: [Measurement.Step]

  enum Limit: String {
    case arithmetic, memory
  }

  /// A layer with its least times, in seconds.
  struct Layer {
    let step: Measurement.Step
    let seconds: Double
    let arithmetic: Double
    let memory: Double

    var bound: Double { max(arithmetic, memory) }
    var limit: Limit { arithmetic >= memory ? .arithmetic : .memory }
    var operations: Double { 2 * Double(step.remainingMultiplyAdds) }
    /// Operations per byte.
    var intensity: Double { operations / Double(step.bytes) }
  }

  /// The bounds of a step; nil if it took no time.
  func layer(_ step: Measurement.Step) -> Layer? {
    let seconds = median(step.seconds)
    guard seconds > 0 else { return nil }
    return Layer(
      step: step, seconds: seconds, arithmetic: 2 * Double(step.remainingMultiplyAdds) / peak,
      memory: Double(step.bytes) / bandwidth)
  }

  private var layers: [Layer] { steps.compactMap(layer) }

  var table: Table {
    let layers = layers
    let rows = layers.map { layer in
      [
        layer.step.title, layer.step.method ?? "", milliseconds(layer.seconds),
        milliseconds(layer.arithmetic), milliseconds(layer.memory), layer.limit.rawValue,
        percent(layer.bound / layer.seconds),
      ]
    }
    func sum(_ of: (Layer) -> Double) -> Double { layers.map(of).reduce(0, +) }
    let all = [
      "all layers", "", milliseconds(sum(\.seconds)), milliseconds(sum(\.arithmetic)),
      milliseconds(sum(\.memory)), "", percent(sum(\.bound) / sum(\.seconds)),
    ]
    return Table(
      ["layer", "method", "ms", "arithmetic", "memory", "bound", "of it"], rows: rows + [all])
  }

  var explanation: String {
    "Arithmetic is the least time for the multiply-adds that the method leaves, memory that for moving the "
      + "maps and the packed weights once, at \(decimal(bandwidth * 1e-9, 1)) GB/s, as memory was "
      + "read here. The longer of the two is the bound; the last column is how near the layer comes to it."
  }

  private func milliseconds(_ seconds: Double) -> String { decimal(1000 * seconds, 2) }
  private func percent(_ part: Double) -> String { decimal(100 * part, 0) + " %" }
}

extension Roofline {
  /// Both axes logarithmic: operations per byte to the right, GFLOP/s upwards.
  func svg(title: String) -> String {
    let drawn = layers.filter { $0.operations > 0 }
    let ridge = peak / bandwidth
    let left = power(below: min(ridge / 4, drawn.map(\.intensity).min() ?? 1))
    let right = power(above: max(ridge * 16, drawn.map(\.intensity).max() ?? 1))
    let low = power(below: min(left * bandwidth, drawn.map(speed).min() ?? peak) * 1e-9)
    let high = power(above: peak * 1.3e-9)
    let (width, height) = (880.0, 560.0)
    func x(_ intensity: Double) -> Double {
      70 + (width - 100) * Double.log(intensity / left) / Double.log(right / left)
    }
    func y(_ gigaflops: Double) -> Double {
      height - 60 - (height - 120) * Double.log(gigaflops / low) / Double.log(high / low)
    }
    func number(_ value: Double) -> String { decimal(value, 1) }
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"roofline\" viewBox=\"0 0 880 560\" "
        + "width=\"880\" height=\"560\">", "<style>\(Self.css)</style>",
      "<rect class=\"paper\" width=\"880\" height=\"560\"/>",
      "<text class=\"title\" x=\"70\" y=\"30\">\(escapedForXML(title.visible))</text>",
      "<text x=\"\(number(width - 30))\" y=\"\(number(height - 14))\" text-anchor=\"end\">"
        + "operations per byte moved</text>", "<text x=\"12\" y=\"50\">GFLOP/s</text>",
    ]
    for value in powers(left, right) {
      lines.append(
        "<path class=\"grid\" d=\"M\(number(x(value))) \(number(y(low)))V\(number(y(high)))\"/>"
          + "<text x=\"\(number(x(value)))\" y=\"\(number(height - 40))\" text-anchor=\"middle\">"
          + "\(label(value))</text>")
    }
    for value in powers(low, high) {
      lines.append(
        "<path class=\"grid\" d=\"M\(number(x(left))) \(number(y(value)))H\(number(x(right)))\"/>"
          + "<text x=\"62\" y=\"\(number(y(value) + 4))\" text-anchor=\"end\">\(label(value))</text>"
      )
    }
    // Where the slope comes in from the left, or from below.
    let start = max(left, low / bandwidth * 1e9)
    lines.append(
      "<path class=\"roof\" d=\"M\(number(x(start))) \(number(y(start * bandwidth * 1e-9)))"
        + "L\(number(x(ridge))) \(number(y(peak * 1e-9)))H\(number(x(right)))\"/>"
        + "<text class=\"limit\" x=\"\(number(x(ridge)))\" y=\"\(number(y(peak * 1e-9) - 8))\">"
        + "\(decimal(peak * 1e-9, 0)) GFLOP/s: multiply-adds in registers</text>"
        + "<text class=\"limit\" x=\"\(number(x(2 * start) + 14))\" "
        + "y=\"\(number(y(2 * start * bandwidth * 1e-9) + 4))\">"
        + "\(decimal(bandwidth * 1e-9, 1)) GB/s: memory read</text>")
    if drawn.count < layers.count {
      lines.append(
        "<text x=\"70\" y=\"\(number(height - 14))\">left out: "
          + "\(counted(layers.count - drawn.count, "step")) without multiply-adds</text>")
    }
    // A name stands where no other does: to the right of its point, lower if that is taken.
    var taken: [(x: Double, y: Double)] = []
    for layer in drawn.sorted(by: { speed($0) > speed($1) }) {
      let (px, py) = (x(layer.intensity), y(speed(layer) * 1e-9))
      var at = (x: px + 8, y: py + 4)
      while taken.contains(where: { abs($0.y - at.y) < 12 && abs($0.x - at.x) < 110 }) {
        at.y += 12
      }
      taken.append(at)
      lines.append(
        "<circle class=\"\(layer.limit.rawValue)\" cx=\"\(number(px))\" cy=\"\(number(py))\" r=\"4\">"
          + "<title>\(escapedForXML(layer.step.title)): \(milliseconds(layer.seconds)) ms, "
          + "\(percent(layer.bound / layer.seconds)) of its bound</title></circle>"
          + "<path class=\"leader\" d=\"M\(number(px)) \(number(py))L\(number(at.x - 1)) "
          + "\(number(at.y - 4))\"/>"
          + "<text x=\"\(number(at.x))\" y=\"\(number(at.y))\">\(escapedForXML(layer.step.title))</text>"
      )
    }
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// Operations a second.
  private func speed(_ layer: Layer) -> Double { layer.operations / layer.seconds }

  /// The power of ten at or below.
  private func power(below value: Double) -> Double {
    var power = 1.0
    while power > value { power /= 10 }
    while power * 10 <= value { power *= 10 }
    return power
  }

  private func power(above value: Double) -> Double {
    let below = power(below: value)
    return below < value ? below * 10 : below
  }

  private func powers(_ first: Double, _ last: Double) -> [Double] {
    var powers = [first]
    while powers.last! * 9.9 < last { powers.append(powers.last! * 10) }
    return powers
  }

  private func label(_ power: Double) -> String {
    decimal(power, power < 0.09 ? 2 : power < 0.9 ? 1 : 0)
  }

  private static let css =
    ".roofline .paper{fill:#fff}.roofline text{font:11px Helvetica,Arial,sans-serif;fill:#1f2328}"
    + ".roofline .title{font-size:16px;font-weight:bold}.roofline .limit{fill:#57606a}"
    + ".roofline .grid{stroke:#d0d7de}.roofline .leader{stroke:#a5afba}"
    + ".roofline .roof{fill:none;stroke:#57606a;stroke-width:2}"
    + ".roofline .arithmetic{fill:#3f74a3}.roofline .memory{fill:#a8442f}"
    + "@media(prefers-color-scheme:dark){.roofline .paper{fill:#16181d}.roofline text{fill:#e8eaed}"
    + ".roofline .limit{fill:#a5afba}.roofline .grid{stroke:#2a2e35}.roofline .leader{stroke:#57606a}"
    + ".roofline .roof{stroke:#a5afba}.roofline .arithmetic{fill:#7fb0dc}.roofline .memory{fill:#e58a75}}"
}
