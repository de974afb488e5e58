/// A named value as a check shows it: a parameter of a case, the expected answer, the one that came.
public struct Shown: Equatable, Sendable {
  /// The parameter's name.
  public let name: String
  /// The extents in words; empty for a single number.
  public let shape: String
  /// The value in lines of text.
  public let lines: [String]

  /// A value with a name.
  public init(_ name: String, _ value: some Answer) { self.init(name, value.layout) }

  /// An answer that is laid out, with a name.
  init(_ name: String, _ layout: Layout) {
    self.name = name
    shape = layout.shape.isEmpty ? "" : layout.shapeText
    lines = layout.lines
  }

  /// An answer of which the part around a cell is shown, if it is large.
  init(_ name: String, _ layout: Layout, around place: [Int]) {
    self.name = name
    shape = layout.shape.isEmpty ? "" : layout.shapeText
    lines = layout.lines(around: place)
  }

  private init(_ name: String, shape: String, lines: [String]) {
    (self.name, self.shape, self.lines) = (name, shape, lines)
  }

  /// The same with its lines changed.
  public func mapLines(_ change: (String) -> String) -> Shown {
    Shown(name, shape: shape, lines: lines.map(change))
  }

  /// A text with a name.
  public init(_ name: String, text: String) {
    (self.name, shape, lines) = (name, "", [text])
  }

  /// `stride = 2`, or the name with its shape and the value in indented lines below it.
  public var text: [String] {
    if lines.count == 1 { return ["\(name) = \(lines[0])"] }
    return ["\(name) \(shape) ="] + lines.map { "  " + $0 }
  }
}
