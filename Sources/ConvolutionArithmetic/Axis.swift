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

  init(inputSize: Int, outputSize: Int, window: Window) {
    self.inputSize = inputSize
    self.outputSize = outputSize
    kernelSize = window.kernelSize
    stride = window.stride
    dilation = window.dilation
    paddingBefore = window.paddingBefore
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

  /// The taps of one output cell, in the order of the kernel: where did this output come from?
  public func taps(ofOutput output: Int) -> [Tap] {
    (0..<kernelSize).compactMap { kernel in
      input(output: output, kernel: kernel).map {
        Tap(output: output, input: $0, kernel: kernel)
      }
    }
  }

  /// The taps of one input cell, in the order of the outputs: where does this input go?
  public func taps(ofInput input: Int) -> [Tap] {
    (0..<kernelSize).reversed().compactMap { kernel in
      let distance = input + paddingBefore - kernel * dilation
      guard distance >= 0, distance % stride == 0, distance / stride < outputSize else {
        return nil
      }
      return Tap(output: distance / stride, input: input, kernel: kernel)
    }
  }

  /// All taps, output by output.
  public var taps: [Tap] {
    (0..<outputSize).flatMap(taps(ofOutput:))
  }

  /// The input cells that no output reads: those that the stride or the dilation steps over, and the
  /// rest at the far side where a further window would not fit.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).axis(input: 6).unreadInputs   // [5]
  /// ```
  public var unreadInputs: [Int] {
    let read = Set(taps.map(\.input))
    return (0..<inputSize).filter { !read.contains($0) }
  }
}

extension Axis {
  /// The taps of every output cell, listed once: `tapsByOutput[o]` is `taps(ofOutput: o)`.
  public var tapsByOutput: [[Tap]] {
    (0..<outputSize).map(taps(ofOutput:))
  }
}
