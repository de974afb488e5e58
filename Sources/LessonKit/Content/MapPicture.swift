public import Tensors

/// A small map drawn in characters, one for each cell, and in colour where the terminal can.
public struct MapPicture: Hashable, Sendable {
  /// How the numbers are drawn.
  public enum Style: String, Hashable, Sendable {
    /// From dark to light between the least and the largest number.
    case shades
    /// A letter for each class; `.` for class 0.
    case labels
  }

  /// What it shows.
  public let title: String
  /// How.
  public let style: Style
  /// The numbers, row by row.
  public let rows: [[Double]]

  /// A map of brightness.
  public init(_ title: String, shades rows: [[Double]]) {
    (self.title, style, self.rows) = (title, .shades, rows)
  }

  /// A map of class numbers, from 0.
  public init(_ title: String, labels rows: [[Int]]) {
    (self.title, style, self.rows) = (title, .labels, rows.map { $0.map(Double.init) })
  }

  /// One map of a tensor as brightness.
  public init<Scalar: BinaryFloatingPoint>(
    _ title: String, _ tensor: Tensor<Scalar>, batch: Int = 0, channel: Int = 0
  ) {
    self.init(
      title,
      shades: (0..<tensor.height).map { row in
        (0..<tensor.width).map { Double(tensor[batch, channel, row, $0]) }
      })
  }

  /// `scores (16×16)`
  public var label: String { "\(title) (\(rows.count)×\(rows.first?.count ?? 0))" }

  /// The step of a ramp of `count` steps for each cell; class numbers are their own step.
  func levels(_ count: Int) -> [[Int]] {
    guard style == .shades else { return rows.map { $0.map { Int($0) } } }
    let all = rows.joined().filter { $0.isFinite }
    guard let least = all.min(), let largest = all.max() else {
      return rows.map { $0.map { _ in 0 } }
    }
    let span = largest - least
    return rows.map { row in
      row.map { value in
        guard value.isFinite, span > 0 else { return span > 0 ? 0 : count / 2 }
        return min(count - 1, Int((value - least) / span * Double(count)))
      }
    }
  }
}

/// A picture that goes with a lesson as a file: `convbook lesson N --pictures DIR` writes it.
///
/// Its bytes are made when they are asked for, so that reading a lesson does not wait for them.
public struct LessonFile: Sendable {
  /// The file's name: `truth.png`.
  public let name: String
  /// What it shows, in a few words.
  public let shows: String
  private let make: @Sendable () -> [UInt8]

  /// A file whose bytes `make` gives, the same at every call.
  public init(_ name: String, shows: String, make: @escaping @Sendable () -> [UInt8]) {
    (self.name, self.shows, self.make) = (name, shows, make)
  }

  /// What the file holds.
  public var bytes: [UInt8] { make() }

  /// The one sentence that a lesson's text has for its files.
  static func sentence(_ files: [LessonFile]) -> String {
    "With `--pictures DIR` this lesson writes "
      + files.map { "`\($0.name)`" }.joined(separator: ", ") + "."
  }
}

extension [Step] {
  /// The picture files among them, in order.
  public var files: [LessonFile] {
    flatMap { step -> [LessonFile] in
      if case .files(let files) = step { files } else { [] }
    }
  }
}
