/// One term of a sum: output cell `output` reads input cell `input` through kernel cell `kernel`.
///
/// Everything in this book is a way of reading a list of taps:
///
/// | read it as | and you get |
/// |---|---|
/// | `y[output] += x[input] * w[kernel]` | the convolution |
/// | `x[input] += y[output] * w[kernel]` | the transposed convolution, and the gradient by the input |
/// | `w[kernel] += x[input] * y[output]` | the gradient by the kernel |
/// | `C[output, input] = w[kernel]` | the matrix |
public struct Tap: Hashable, Sendable {
  /// The position of the output cell, from 0.
  public let output: Int
  /// The position of the input cell, from 0.
  public let input: Int
  /// The position of the kernel cell, from 0.
  public let kernel: Int

  /// A tap.
  public init(output: Int, input: Int, kernel: Int) {
    (self.output, self.input, self.kernel) = (output, input, kernel)
  }
}
