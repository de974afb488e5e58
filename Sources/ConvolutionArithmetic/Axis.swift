/// One axis of a geometry with its extents: which input cell meets which kernel cell at each output.
///
/// This is the one relation everything else reads:
///
///     input = output · stride + kernel · dilation − paddingBefore
///
/// wherever 0 ≤ input < inputSize; elsewhere the kernel cell meets padding.
///
/// ```swift
/// let axis = try Window(kernelSize: 3, stride: 2, padding: 1).axis(input: 5)
/// axis.outputSize                  // 3
/// axis.taps(ofOutput: 0)           // (0, input 0, kernel 1), (0, input 1, kernel 2)
/// ```
public struct Axis: Hashable, Sendable {
  /// Cells of the input.
  public let inputSize: Int
  /// Cells of the output.
  public let outputSize: Int
  /// Cells of the kernel.
  public let kernelSize: Int
  /// Input cells from one output cell to the next.
  public let stride: Int
  /// Input cells from one kernel cell to the next.
  public let dilation: Int
  /// Zeros before the first input cell.
  public let paddingBefore: Int
  /// Zeros after the last input cell; no tap depends on them, only whether they are ever reached.
  public let paddingAfter: Int

  init(inputSize: Int, outputSize: Int, window: Window) {
    self.inputSize = inputSize
    self.outputSize = outputSize
    kernelSize = window.kernelSize
    stride = window.stride
    dilation = window.dilation
    paddingBefore = window.paddingBefore
    paddingAfter = window.paddingAfter
  }

  /// The input position, possibly in the padding, that `kernel` meets at `output`.
  @inlinable
  public func position(output: Int, kernel: Int) -> Int {
    output * stride + kernel * dilation - paddingBefore
  }

  /// The input cell that `kernel` meets at `output`, or nil where it meets padding.
  @inlinable
  public func input(output: Int, kernel: Int) -> Int? {
    let position = position(output: output, kernel: kernel)
    return 0 <= position && position < inputSize ? position : nil
  }

  /// The kernel cells that meet the input, not its padding, at `output`; empty if none does.
  public func kernelCells(ofOutput output: Int) -> Range<Int> {
    let first = output * stride - paddingBefore
    guard first < inputSize else { return 0..<0 }
    let begin = first >= 0 ? 0 : ceilDivide(-first, dilation)
    let end = min(kernelSize, (inputSize - 1 - first) / dilation + 1)
    return begin < end ? begin..<end : 0..<0
  }

  /// The taps of one output cell, in the order of the kernel: where did this output come from?
  public func taps(ofOutput output: Int) -> [Tap] {
    kernelCells(ofOutput: output).map { kernel in
      Tap(output: output, input: position(output: output, kernel: kernel), kernel: kernel)
    }
  }

  /// The taps of one input cell, in the order of the outputs: where does this input go?
  public func taps(ofInput input: Int) -> [Tap] {
    candidates(ofInput: input).reversed().compactMap { kernel in
      let distance = input + paddingBefore - kernel * dilation
      guard distance % stride == 0 else { return nil }
      return Tap(output: distance / stride, input: input, kernel: kernel)
    }
  }

  /// The kernel cells for which an output from 0 to outputSize − 1 could meet `input`, were it not
  /// for the stride, which has to divide the distance.
  private func candidates(ofInput input: Int) -> Range<Int> {
    let distance = input + paddingBefore
    guard distance >= 0 else { return 0..<0 }
    let past = distance - (outputSize - 1) * stride
    let begin = past <= 0 ? 0 : ceilDivide(past, dilation)
    let end = min(kernelSize, distance / dilation + 1)
    return begin < end ? begin..<end : 0..<0
  }

  /// Whether any output reads this input cell.
  public func isRead(input: Int) -> Bool {
    for kernel in candidates(ofInput: input)
    where (input + paddingBefore - kernel * dilation) % stride == 0 {
      return true
    }
    return false
  }

  /// All taps, output by output.
  public var taps: [Tap] {
    (0..<outputSize).flatMap(taps(ofOutput:))
  }

  /// The taps of every output cell, listed once: `tapsByOutput[o]` is `taps(ofOutput: o)`.
  public var tapsByOutput: [[Tap]] {
    (0..<outputSize).map(taps(ofOutput:))
  }
}
