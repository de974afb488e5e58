import CommandLineKit
import Primitives
import Tensors

/// The four metrics and every class's own, of counts that were made with a network or read from files.
///
/// ```swift
/// let report = MetricsReport(
///   matrix: ConfusionMatrix(counts: [[6, 1, 1], [1, 3, 0], [0, 2, 2]]), names: ["a", "b", "c"])
/// report.text   // a line for each class, and: pixel accuracy 0.6875, mean accuracy 0.6667, …
/// ```
///
/// Means are over the classes that occur. A class that was given although it never occurs has no
/// accuracy, and counts as 0 in the mean IU, as in the FCN reference code.
struct MetricsReport {
  let matrix: ConfusionMatrix
  /// What the classes are called, one name for each.
  let names: [String]
  /// Whether ``text`` ends with the matrix; if nil it does where it fits 80 columns.
  let showsMatrix: Bool?

  init(matrix: ConfusionMatrix, names: [String], showsMatrix: Bool? = nil) {
    precondition(
      names.count == matrix.classes, "\(names.count) names for \(matrix.classes) classes")
    (self.matrix, self.names, self.showsMatrix) = (matrix, names, showsMatrix)
  }

  /// A line for each class that occurs or was given, the four metrics, and the matrix.
  var text: String {
    guard let scores = matrix.scores else {
      return "nothing is counted: every pixel has the ignored label"
    }
    let table = TextTable(
      head: ["class", "pixels", "accuracy", "IU"],
      rows: names.indices.filter { matrix.intersectionOverUnion(of: $0) != nil }.map { index in
        [
          names[index].visible, String(matrix.pixels(of: index)),
          matrix.accuracy(of: index).map { decimal($0.doubleValue, places: 4) } ?? "-",
          matrix.intersectionOverUnion(of: index).map { decimal($0.doubleValue, places: 4) } ?? "-",
        ]
      })
    var lines = table.lines + [""]
    lines += metrics(scores).map { name, _, value in
      padded(name, to: 22) + decimal(value, places: 4)
    }
    if let never = neverSeen {
      lines += ["", "\(never) never occurs in the truth but was given: it counts as IU 0."]
    }
    let matrixLines = self.matrixLines
    let fits = matrixLines.allSatisfy { $0.count <= 80 }
    if showsMatrix ?? fits { lines += [""] + matrixLines }
    return lines.joined(separator: "\n")
  }

  /// All of it: `confusion`, the four metrics (null if nothing is counted) and `classes`.
  var json: JSON { .object(members) }

  /// What ``json`` holds, to be put among other facts.
  var members: [(String, JSON)] {
    let scores = matrix.scores
    let classes = names.indices.map { index in
      JSON.object([
        ("name", .string(names[index])), ("pixels", .integer(matrix.pixels(of: index))),
        ("accuracy", matrix.accuracy(of: index).map { .number($0.doubleValue) } ?? .null),
        ("iu", matrix.intersectionOverUnion(of: index).map { .number($0.doubleValue) } ?? .null),
      ])
    }
    let values = scores.map { metrics($0).map { ($0.key, JSON.number($0.value)) } }
    let nothing = Self.keys.map { ($0, JSON.null) }
    return [("pixels", .integer(matrix.total))] + (values ?? nothing) + [
      ("classes", .array(classes)),
      ("confusion", .array(matrix.counts.map { .array($0.map { .integer($0) }) })),
    ]
  }

  private static let keys = ["pixelAccuracy", "meanAccuracy", "meanIU", "frequencyWeightedIU"]

  private func metrics(
    _ scores: SegmentationScores
  ) -> [(name: String, key: String, value: Double)] {
    let names = ["pixel accuracy", "mean accuracy", "mean IU", "frequency-weighted IU"]
    let values = [
      scores.pixelAccuracy, scores.meanAccuracy, scores.meanIU, scores.frequencyWeightedIU,
    ]
    return (0..<4).map { (names[$0], Self.keys[$0], values[$0]) }
  }

  /// The classes that were given but never occur.
  private var neverSeen: String? {
    let never = names.indices.filter {
      matrix.accuracy(of: $0) == nil && matrix.intersectionOverUnion(of: $0) != nil
    }
    return never.isEmpty ? nil : never.map { names[$0].visible }.joined(separator: ", ")
  }

  private var matrixLines: [String] {
    let shown = names.map(\.visible)
    let table = TextTable(
      head: [""] + shown,
      rows: names.indices.map { row in [shown[row]] + matrix.counts[row].map { String($0) } })
    return ["pixels of each true class (a row) by the label given (a column)"] + table.lines
  }
}
