/// Why a geometry is impossible: one sentence that names what came and what is valid.
public struct GeometryError: Error, Equatable, CustomStringConvertible {
  /// What came, what was expected, the valid range.
  public let description: String

  /// An error with its one sentence.
  public init(_ description: String) {
    self.description = description
  }
}
