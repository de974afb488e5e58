/// What a search may not change: each number that is given is kept.
public struct SolveConstraints: Hashable, Sendable {
  /// The kernel size, if it is fixed.
  public var kernelSize: Int?
  /// The stride, if it is fixed.
  public var stride: Int?
  /// The dilation, if it is fixed.
  public var dilation: Int?
  /// The padding at both ends, if it is fixed.
  public var padding: Int?
  /// The output padding, if it is fixed.
  public var outputPadding: Int?
  /// The rounding of a pooling, if it is fixed.
  public var rounding: Rounding?

  /// Nothing fixed, unless given.
  public init(
    kernelSize: Int? = nil, stride: Int? = nil, dilation: Int? = nil, padding: Int? = nil,
    outputPadding: Int? = nil, rounding: Rounding? = nil
  ) {
    (self.kernelSize, self.stride, self.dilation) = (kernelSize, stride, dilation)
    (self.padding, self.outputPadding, self.rounding) = (padding, outputPadding, rounding)
  }
}

/// Returns the kernels, strides, paddings, dilations and output paddings that take `input` cells to
/// `output` cells, the simplest first.
///
/// ```swift
/// try solve(.transposedConvolution, from: 7, to: 14).map(\.description)
/// // kernel 2, stride 2 / kernel 4, stride 2, padding 1 / …
/// ```
///
/// Searched are strides and kernels up to a dozen, and those that the two sizes suggest; dilations up
/// to 3; padding smaller than the effective kernel (of a pooling: at most half of it), as everything
/// beyond reads zeros only. It is not a list of all solutions: there are infinitely many.
///
/// - Parameter limit: at most so many solutions.
/// - Throws: ``GeometryError`` if a size or a fixed number is out of range.
public func solve(
  _ operation: LayerOperation, from input: Int, to output: Int,
  keeping fixed: SolveConstraints = SolveConstraints(), limit: Int = 10
) throws(GeometryError) -> [Solution] {
  try require("the size to start from", input, atLeast: 1)
  try require("the size to reach", output, atLeast: 1)
  let search = SolutionSearch(operation: operation, input: input, output: output, fixed: fixed)
  var solutions: Set<Solution> = []
  for stride in try search.strides() {
    for dilation in try search.dilations() {
      for kernelSize in try search.kernelSizes(stride: stride) {
        for solution in try search.solutions(
          kernelSize: kernelSize, stride: stride, dilation: dilation)
        {
          solutions.insert(solution)
        }
      }
    }
  }
  let ranked = solutions.map { (complexity: $0.complexity, solution: $0) }.sorted {
    $0.complexity != $1.complexity
      ? $0.complexity.lexicographicallyPrecedes($1.complexity)
      : $0.solution.description < $1.solution.description
  }
  return ranked.prefix(max(0, limit)).map(\.solution)
}
