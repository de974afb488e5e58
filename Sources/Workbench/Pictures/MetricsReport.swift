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
/// The mean accuracy is over the classes of the truth, the mean IU over those of a convention.
struct MetricsReport {
  let matrix: ConfusionMatrix
  /// Which classes the mean IU is over.
  let convention: MeanClasses
  /// What the classes are called, one name for each.
  let names: [String]
  /// Whether ``text`` ends with the matrix; if nil it does where it fits 80 columns.
  let showsMatrix: Bool?

  init(
    matrix: ConfusionMatrix, names: [String], over convention: MeanClasses = .union,
    showsMatrix: Bool? = nil
  ) {
    precondition(
      names.count == matrix.classes, "\(names.count) names for \(matrix.classes) classes")
    (self.matrix, self.names, self.showsMatrix) = (matrix, names, showsMatrix)
    self.convention = convention
  }

  /// A line for each class that occurs or was given, the four metrics, and the matrix.
  var text: String {
    guard let scores = matrix.scores(over: convention) else {
      return "nothing is counted: every pixel has the ignored label"
    }
    let table = TextTable(
      head: ["class", "pixels", "accuracy", "IU"],
      rows: names.indices.filter { matrix.intersectionOverUnion(of: $0) != nil }.map { index in
        [
          names[index].visible, String(matrix.pixels(of: index)),
          matrix.accuracy(of: index).map { decimal($0.doubleValue, 4) } ?? "-",
          matrix.intersectionOverUnion(of: index).map { decimal($0.doubleValue, 4) } ?? "-",
        ]
      })
    var lines = table.lines + [""]
    lines += metrics(scores).map { name, _, value in
      padded(name, to: 22) + decimal(value, 4)
    }
    lines += ["", means]
    if let neverSeen { lines.append(neverSeen) }
    let matrixLines = self.matrixLines
    let fits = matrixLines.allSatisfy { $0.count <= 80 }
    if showsMatrix ?? fits { lines += [""] + matrixLines }
    return lines.joined(separator: "\n")
  }

  /// All of it: `confusion`, the four metrics (null if nothing is counted) and `classes`.
  var members: [(String, JSON)] {
    let scores = matrix.scores(over: convention)
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
      ("meanIUOver", .string(convention.rawValue)),
      ("meanIUClasses", .integer(matrix.classes(in: convention).count)),
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

  /// Which classes the means are over.
  private var means: String {
    let counts = MeanClasses.allCases.map { matrix.classes(in: $0).count }
    let over =
      switch convention {
      case .truth: "the same \(counts[0])"
      case .union where counts[1] == counts[0]: "the same \(counts[1]): no other was given"
      case .union: "the \(counts[1]) that occur or were given"
      case .all where counts[2] == counts[1]: "all \(counts[2])"
      case .all: "all \(counts[2]), those that occur nowhere as 0"
      }
    return
      "Mean accuracy is over the \(counted(counts[0], "class", "classes")) of the truth, mean IU "
      + "over \(over)."
  }

  /// The classes that were given but never occur.
  private var neverSeen: String? {
    let never = names.indices.filter {
      matrix.accuracy(of: $0) == nil && matrix.intersectionOverUnion(of: $0) != nil
    }.map { names[$0].visible }
    guard let last = never.last else { return nil }
    let isOne = never.count == 1
    return (isOne ? last : never.dropLast().joined(separator: ", ") + " and " + last)
      + (isOne ? " never occurs" : " never occur")
      + " in the truth but \(isOne ? "was" : "were") given: "
      + (convention == .truth
        ? "left out of the mean IU." : "\(isOne ? "it counts" : "they count") as IU 0.")
  }

  private var matrixLines: [String] {
    let shown = names.map(\.visible)
    let table = TextTable(
      head: [""] + shown,
      rows: names.indices.map { row in [shown[row]] + matrix.counts[row].map { String($0) } })
    return ["pixels of each true class (a row) by the label given (a column)"] + table.lines
  }
}

/// Rows of text under a head: the first column begins at the left, the others end at the right.
struct TextTable {
  let head: [String]
  let rows: [[String]]

  /// The head and the rows, with two spaces between columns.
  var lines: [String] {
    let all = [head] + rows
    let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      row.indices.map { column in
        column == 0
          ? padded(row[0], to: widths[0]) : aligned(row[column], to: widths[column] + 2)
      }.joined()
    }
  }
}
