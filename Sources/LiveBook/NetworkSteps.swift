import ConvolutionArithmetic
public import LessonKit
public import Networks
import Tensors

extension NetworkTable {
  /// The table as it is shown: a row for each layer, and where the crops come from.
  ///
  /// field, jump and start say what a cell sees; where both axes differ there are two numbers.
  public var steps: [Step] {
    let isLine = network.isOneDimensional
    let total = ["total", "", grouped(parameters), grouped(multiplyAdds), "", "", ""]
    let crops = rows.compactMap { row -> String? in
      guard let crop = row.crop else { return nil }
      let rest =
        "\(counted(crop.rest.height, "row")) and \(counted(crop.rest.width, "column")) left"
      return "\(row.layer.name): \(crop), \(rest)".visible
    }
    return [
      .heading(
        isLine
          ? "\(network.name.visible) on \(counted(input.width, "cell"))"
          : "\(network.name.visible) on a picture of \(input)"),
      .table(
        Table(
          ["layer", "output", "parameters", "multiply-adds", "field", "jump", "start"],
          rows: rows.map { $0.cells(isLine: isLine) } + [total])),
    ] + roundedUp
      + (crops.isEmpty ? [] : [.heading("Crops, from where the two streams lie"), .formula(crops)])
  }

  /// Where the book and torchvision differ.
  public static let poolingNote =
    "vgg16's pools round up, as in Caffe, from which its weights come; torchvision's round down. On a "
    + "picture whose sides are multiples of 32 both are the same."

  /// Which pools of vgg16 have a cell more here than in torchvision.
  private var roundedUp: [Step] {
    guard network.name == Network.vgg16().name else { return [] }
    var outputs: [String: Size] = [:]
    for row in rows { outputs[row.layer.name] = row.output?.size }
    var names: [String] = []
    for row in rows {
      guard row.layer.operation == .maxPool(kernelSize: 2, stride: 2, rounding: .ceil) else {
        continue
      }
      let read = outputs[row.layer.inputs[0]] ?? input
      guard read.height % 2 == 1 || read.width % 2 == 1 else { continue }
      names.append("\(row.layer.name) to \(row.output?.size ?? 1)")
    }
    return names.isEmpty
      ? [] : [.prose("Rounded up: \(names.joined(separator: ", ")). \(Self.poolingNote)")]
  }
}

extension NetworkTable.Row {
  fileprivate func cells(isLine: Bool) -> [String] {
    guard let output else {
      var name = layer.name.visible
      if case .unknown(let kind, _) = layer.operation { name += " (\(kind.visible))" }
      return [name] + Array(repeating: "–", count: 6)
    }
    var learned = parameters == 0 ? "" : grouped(parameters)
    if !sharedWith.isEmpty {
      learned += learned.isEmpty ? "" : ", others "
      learned += "shared with \(sharedWith.map { $0.visible }.joined(separator: ", "))"
    }
    /// One number, or height and width where they differ.
    func both(_ text: (ReceptiveField) -> String) -> String {
      let (height, width) = (field.map(text), fieldAcross.map(text))
      guard !isLine, height != width else { return width ?? "–" }
      return "\(height ?? "–") × \(width ?? "–")"
    }
    let shape = isLine ? "\(output.channels)×\(output.size.width)" : "\(output)"
    return [
      layer.name.visible, shape, learned, multiplyAdds == 0 ? "" : grouped(multiplyAdds),
      both { $0.text }, both { $0.jump.description }, both { $0.start.description },
    ]
  }
}

/// 1234567 as `1,234,567`.
private func grouped(_ number: some BinaryInteger & CustomStringConvertible) -> String {
  let digits = Array(number.description)
  return digits.indices.map { index in
    let rest = digits.count - index
    return (index > 0 && rest % 3 == 0 ? "," : "") + String(digits[index])
  }.joined()
}
