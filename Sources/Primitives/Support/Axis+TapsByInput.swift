import ConvolutionArithmetic

extension Axis {
  /// The taps of every input cell, listed once: `tapsByInput[i]` is `taps(ofInput: i)`.
  var tapsByInput: [[Tap]] {
    (0..<inputSize).map(taps(ofInput:))
  }
}
