import Interchange
import Networks
import Tensors
import Training

/// What is said about a synthetic scene: its shapes, and the pixels of every class.
struct SceneReport {
  let seed: UInt64
  let scene: Scene
  let picture: Picture
  let labels: LabelMap
  let output: String?
  let labelsPath: String?

  init(seed: UInt64, size: Size, output: String?, labelsPath: String?) {
    self.seed = seed
    scene = .segmentation(seed: seed, size: size)
    (picture, labels) = scene.drawn().files
    (self.output, self.labelsPath) = (output, labelsPath)
  }

  /// The size, then a line for each shape, the hindmost first.
  var text: String {
    var lines = [
      "scene \(seed): \(scene.size) pixels, height first; \(counted(scene.shapes.count, "shape")), of which a "
        + "later one covers an earlier one",
      "  shape     radius     row  column   (of the centre, in pixels)",
    ]
    lines += scene.shapes.map { shape in
      let numbers = [(shape.radius, 8), (shape.row, 8), (shape.column, 8)].map { number, width in
        aligned(decimal(Double(number) / 16, places: 1), to: width)
      }
      return "  \(padded(shape.kind.name, to: 8))" + numbers.joined()
    }
    let written = [output, labelsPath].compactMap(\.self)
    if !written.isEmpty { lines.append("  written: \(written.joined(separator: ", "))") }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    let counts = LabelCounts(labels, classes: ClassNames.scenes.count)
    let shapes = scene.shapes.map { shape in
      JSON.object([
        ("kind", .string(shape.kind.name)), ("class", .integer(Int(shape.kind.label))),
        ("row", .number(Double(shape.row) / 16)), ("column", .number(Double(shape.column) / 16)),
        ("radius", .number(Double(shape.radius) / 16)),
      ])
    }
    let classes = ClassNames.scenes.enumerated().map { index, name in
      JSON.object([
        ("class", .integer(index)), ("name", .string(name)),
        ("pixels", .integer(counts.pixels[index])), ("share", .number(counts.share(of: index))),
      ])
    }
    return .object([
      ("seed", .unsigned(seed)), ("height", .integer(scene.size.height)),
      ("width", .integer(scene.size.width)), ("output", output.map(JSON.string) ?? .null),
      ("labels", labelsPath.map(JSON.string) ?? .null), ("shapes", .array(shapes)),
      ("classes", .array(classes)),
    ])
  }
}

/// `text` with spaces before it up to `width` characters, and at least one.
func aligned(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(1, width - text.count)) + text
}
