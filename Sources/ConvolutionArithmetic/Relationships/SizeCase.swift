/// The numbers that a size formula is given.
public struct SizeCase: Hashable, Sendable {
  /// Cells of what the layer is given: i, or i′ of a transposed convolution.
  public var input: Int
  /// k
  public var kernelSize: Int
  /// s
  public var stride: Int
  /// d
  public var dilation: Int
  /// p at the beginning: p₁.
  public var paddingBefore: Int
  /// p at the end: p₂.
  public var paddingAfter: Int
  /// a of a transposed convolution.
  public var outputPadding: Int

  /// A case with the same padding at both ends.
  public init(
    input: Int, kernelSize: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
    outputPadding: Int = 0
  ) {
    self.init(
      input: input, kernelSize: kernelSize, stride: stride, paddingBefore: padding,
      paddingAfter: padding, dilation: dilation, outputPadding: outputPadding)
  }

  /// A case whose padding may differ at the two ends.
  public init(
    input: Int, kernelSize: Int, stride: Int = 1, paddingBefore: Int, paddingAfter: Int,
    dilation: Int = 1, outputPadding: Int = 0
  ) {
    (self.input, self.kernelSize, self.stride) = (input, kernelSize, stride)
    (self.dilation, self.outputPadding) = (dilation, outputPadding)
    (self.paddingBefore, self.paddingAfter) = (paddingBefore, paddingAfter)
  }

  /// Whether both ends have the same padding.
  var isSymmetric: Bool { paddingBefore == paddingAfter }
  /// Whether it is the plain case of the guide's first fourteen relationships.
  var isPlain: Bool { isSymmetric && dilation == 1 }
  /// k̂ = k + (k − 1)(d − 1), as the guide writes it.
  var effectiveKernelSize: Int { kernelSize + (kernelSize - 1) * (dilation - 1) }

  /// The letters of the formulas and their numbers.
  var letters: [(letter: String, number: Int)] {
    [
      ("i′", input), ("i", input), ("k̂", effectiveKernelSize), ("k", kernelSize), ("s", stride),
      ("d", dilation), ("p₁", paddingBefore), ("p₂", paddingAfter), ("p", paddingBefore),
      ("a", outputPadding),
    ]
  }
}
