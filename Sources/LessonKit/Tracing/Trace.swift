/// The four ways to read the same taps.
public enum TraceForm: String, Hashable, Sendable, CaseIterable {
  /// Output by output: which products does it add up?
  case window
  /// Input by input: where does it stamp the kernel?
  case scatter
  /// A row of the matrix for each output.
  case matrix
  /// The direct convolution that equals a transposed one.
  case zeroInsertion = "zero-insertion"
}

/// The arithmetic of one case, in one form, ready to be drawn.
///
/// Make one with ``TraceCase``.
public struct Trace: Hashable, Sendable {
  /// How the taps were read.
  public var form: TraceForm
  /// Remarks on the geometry, such as the padding of the equivalent direct convolution.
  public var notes: [String]
  /// What is given: input, kernel; or the matrix.
  public var given: [Grid]
  /// What each input cell contributes (scatter only).
  public var stamps: [Grid]
  /// The sum of each cell.
  public var equations: [Equation]
  /// The result.
  public var outcome: [Grid]
}

/// A sum of products with its result: the arithmetic of one cell.
///
/// ```swift
/// equation.text   // "output 0 = 1·1 + 2·0 + 3·(-1) = -2"
/// ```
public struct Equation: Hashable, Sendable {
  /// A product: an input cell times a kernel cell.
  public struct Term: Hashable, Sendable {
    /// The input's number.
    public let input: String
    /// The kernel's number.
    public let kernel: String

    /// `3·0`, `3·(-1)`
    public var text: String { "\(input)·\(Equation.factor(kernel))" }
  }

  /// The cell: `output (0, 2)`.
  public let cell: String
  /// The picture of the batch that the cell belongs to.
  public let picture: Int
  /// Channel, row and column of the cell.
  public let place: [Int]
  /// The products, in the order of the taps.
  public let terms: [Term]
  /// What is added at the end, if the case has a bias.
  public let bias: String?
  /// The result.
  public let value: String
  /// How many kernel cells meet padding, and so have no term.
  public let padded: Int

  /// The sum alone: `1·1 + 2·0 + 3·(-1)`, or `0` where there is no term.
  public var sum: String {
    let parts = terms.map(\.text) + (bias.map { [Equation.factor($0)] } ?? [])
    return parts.isEmpty ? "0" : parts.joined(separator: " + ")
  }

  /// The whole line.
  public var text: String {
    terms.isEmpty && bias == nil
      ? "\(cell) = \(value) (no tap reaches it)" : "\(cell) = \(sum) = \(value)"
  }

  /// A number as the second factor of a product, or a later term of a sum.
  static func factor(_ text: String) -> String {
    text.hasPrefix("-") ? "(\(text))" : text
  }
}
