import Interchange
import Networks
import Tensors
import WeightFiles

/// What a weight file holds: a line for each tensor.
struct WeightListing {
  let file: WeightFile

  private struct Row {
    let entry: WeightEntry
    let statistics: WeightStatistics
  }

  /// Each tensor's values are read once, piece by piece.
  private func rows() throws -> [Row] {
    try file.entries.map { entry in
      defer { entry.release() }
      return Row(entry: entry, statistics: try entry.statistics())
    }
  }

  /// A table with a heading and a sum.
  func text() throws -> String {
    let head = ["name", "shape", "type", "min", "max", "mean", "zeros", "not finite"]
    let cells = try rows().map { row in
      let s = row.statistics
      return [
        row.entry.name.visible, "\(row.entry.shape)", "\(row.entry.type)", short(s.minimum),
        short(s.maximum), short(s.mean), "\(s.zeros)", "\(s.nonFinite)",
      ]
    }
    let widths = head.indices.map { column in
      ([head] + cells).map { $0[column].count }.max() ?? 0
    }
    let lines = ([head] + cells).map { line in
      let padded = line.indices.map { column in
        let blank = String(repeating: " ", count: widths[column] - line[column].count)
        return column < 3 ? line[column] + blank : blank + line[column]
      }
      return padded.joined(separator: "  ").trimmed
    }
    let count = file.entries.reduce(0) { $0 + $1.shape.count }
    guard !file.entries.isEmpty else {
      return "\(file.format.rawValue): it holds no arrays"
    }
    var about =
      "\(file.format.rawValue): \(counted(file.entries.count, "tensor")), \(counted(count, "number"))"
    if let network = file.recognizedNetwork { about += ", for \(network.rawValue)" }
    if ChannelsLast.isOrder(of: file.entries) {
      about += ", in TensorFlow's order (height, width, inputs, outputs), which --network turns"
    }
    let notes = file.metadata.map { "\($0.key.visible): \($0.value.visible)" }
    return (lines + ["", about] + file.unreadLines + notes).joined(separator: "\n")
  }

  func json() throws -> JSON {
    let tensors = try rows().map { row -> JSON in
      let s = row.statistics
      return .object([
        ("name", .string(row.entry.name)),
        ("shape", .array(row.entry.shape.dimensions.map(JSON.integer))),
        ("dtype", .string("\(row.entry.type)")), ("minimum", .number(Double(s.minimum))),
        ("maximum", .number(Double(s.maximum))), ("mean", .number(s.mean)),
        ("standardDeviation", .number(s.standardDeviation)), ("zeros", .integer(s.zeros)),
        ("nonFinite", .integer(s.nonFinite)),
      ])
    }
    return .object([
      ("file", .string(file.path)), ("format", .string(file.format.rawValue)),
      ("network", file.recognizedNetwork.map { .string($0.rawValue) } ?? .null),
      ("metadata", .object(file.metadata.map { ($0.key, .string($0.value)) })),
      ("tensors", .array(tensors)), ("unread", .array(file.unread.map { .string($0.name) })),
    ])
  }
}

extension WeightFile {
  /// A sentence for each of the first tensors that are not read, and how many more there are.
  var unreadLines: [String] {
    unread.prefix(3).map { "left out: \($0.name.visible) \($0.reason.visible)" }
      + (unread.count > 3 ? ["left out: \(unread.count - 3) more that are not read"] : [])
  }
}

/// A number in at most eight or so characters: four digits, and a power of ten where it is far from 1.
private func short(_ value: some BinaryFloatingPoint) -> String {
  var rest = Double(value)
  guard rest != 0, rest.isFinite else { return rest == 0 ? "0" : "\(rest)" }
  var exponent = 0
  while rest.magnitude >= 9.9995 { (rest, exponent) = (rest / 10, exponent + 1) }
  while rest.magnitude < 0.99995 { (rest, exponent) = (rest * 10, exponent - 1) }
  guard (-4...5).contains(exponent) else { return decimal(rest, 3) + "e\(exponent)" }
  return decimal(Double(value), max(0, 3 - exponent))
}
