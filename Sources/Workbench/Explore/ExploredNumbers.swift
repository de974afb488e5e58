import LessonKit
import Tensors

/// Which numbers the input has, or the kernel, whatever its size.
struct ExploredNumbers: Equatable {
  enum Source: String, CaseIterable {
    /// 1, 2, 3, …
    case ramp
    /// What was typed.
    case own
    /// A single 1 among zeros.
    case one
  }

  private(set) var source: Source
  /// The rows that were typed, as texts.
  private(set) var own: [[String]]?
  /// The file that they are read from.
  private let file: String?

  /// What a word stands for: `5x5`, `1,2/3,4`, a file.
  ///
  /// - Parameter array: its numbers.
  init(_ text: String?, _ array: TraceArray?) {
    switch text.map(TraceArray.Kind.init) {
    case .typed:
      let width = array?.shape.dimensions.last ?? 1
      let texts = array?.texts ?? []
      own = stride(from: 0, to: texts.count, by: width).map { Array(texts[$0..<$0 + width]) }
      (source, file) = (.own, nil)
    case .file: (source, own, file) = (.own, nil, text)
    case .ramp, nil: (source, own, file) = (.ramp, nil, nil)
    }
  }

  /// The sources there are, in turn.
  mutating func turn() {
    let all = Source.allCases.filter { $0 != .own || own != nil || file != nil }
    source = all[(all.firstIndex(of: source)! + 1) % all.count]
  }

  /// Whether they have one size alone, that of their file.
  var isFile: Bool { source == .own && file != nil }

  /// Takes these numbers for one's own.
  mutating func take(_ rows: [[String]]) {
    (source, own) = (.own, rows)
  }

  /// The word for numbers of this size; cells beyond those that were typed are 0.
  ///
  /// - Parameter one: where the single 1 stands.
  func word(_ size: Size, isRow: Bool, one: Equation.Place) -> String {
    switch source {
    case .ramp: return isRow ? "\(size.width)" : "\(size.height)x\(size.width)"
    case .own:
      return file
        ?? word(size) { row, column in
          let rows = own ?? []
          return row < rows.count && column < rows[row].count ? rows[row][column] : "0"
        }
    case .one: return word(size) { $0 == one.row && $1 == one.column ? "1" : "0" }
    }
  }

  private func word(_ size: Size, _ text: (Int, Int) -> String) -> String {
    typed((0..<size.height).map { row in (0..<size.width).map { text(row, $0) } })
  }
}
