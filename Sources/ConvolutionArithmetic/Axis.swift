import Tensors

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
  public let output: Int
  public let input: Int
  public let kernel: Int

  public init(output: Int, input: Int, kernel: Int) {
    (self.output, self.input, self.kernel) = (output, input, kernel)
  }
}

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
  /// Cells of the (forward) input.
  public let inputSize: Int
  /// Cells of the (forward) output.
  public let outputSize: Int
  /// What slides, and which way its taps are read.
  public let window: Window

  /// The input position, possibly in the padding, that `kernel` meets at `output`.
  @inlinable
  public func position(output: Int, kernel: Int) -> Int {
    output * window.stride + kernel * window.dilation - window.paddingBefore
  }

  /// The input cell that `kernel` meets at `output`, or nil where it meets padding.
  @inlinable
  public func input(output: Int, kernel: Int) -> Int? {
    let position = position(output: output, kernel: kernel)
    return 0 <= position && position < inputSize ? position : nil
  }

  /// The kernel cells that meet the input, not its padding, at `output`; empty if none does.
  public func kernelCells(ofOutput output: Int) -> Range<Int> {
    let first = output * window.stride - window.paddingBefore
    guard first < inputSize else { return 0..<0 }
    let begin = first >= 0 ? 0 : ceilDivide(-first, window.dilation)
    let end = min(window.kernelSize, (inputSize - 1 - first) / window.dilation + 1)
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
      let distance = input + window.paddingBefore - kernel * window.dilation
      guard distance % window.stride == 0 else { return nil }
      return Tap(output: distance / window.stride, input: input, kernel: kernel)
    }
  }

  /// The kernel cells for which an output from 0 to outputSize − 1 could meet `input`, were it not
  /// for the window.stride, which has to divide the distance.
  private func candidates(ofInput input: Int) -> Range<Int> {
    let distance = input + window.paddingBefore
    guard distance >= 0 else { return 0..<0 }
    let past = distance - (outputSize - 1) * window.stride
    let begin = past <= 0 ? 0 : ceilDivide(past, window.dilation)
    let end = min(window.kernelSize, distance / window.dilation + 1)
    return begin < end ? begin..<end : 0..<0
  }

  /// Whether any output reads this input cell.
  public func isRead(input: Int) -> Bool {
    for kernel in candidates(ofInput: input)
    where (input + window.paddingBefore - kernel * window.dilation) % window.stride == 0 {
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

  /// The taps of every input cell, listed once: `tapsByInput[i]` is `taps(ofInput: i)`.
  public var tapsByInput: [[Tap]] {
    (0..<inputSize).map(taps(ofInput:))
  }
}

/// The same relation in the words of its reading: what results.
extension Axis {
  /// Cells of what comes out.
  public var resultSize: Int { window.isTransposed ? inputSize : outputSize }

  /// What one cell of the result adds up: the given cells, and the kernel cells that they meet.
  public func sources(ofResult cell: Int) -> [(given: Int, kernel: Int)] {
    window.isTransposed
      ? taps(ofInput: cell).map { ($0.output, $0.kernel) }
      : taps(ofOutput: cell).map { ($0.input, $0.kernel) }
  }

  /// Where one given cell goes: the cells of the result, and the kernel cells that it meets there.
  public func destinations(ofGiven cell: Int) -> [(result: Int, kernel: Int)] {
    window.isTransposed
      ? taps(ofOutput: cell).map { ($0.input, $0.kernel) }
      : taps(ofInput: cell).map { ($0.output, $0.kernel) }
  }
}

extension Axis {
  /// The input cells that no output reads: those that the stride or the dilation steps over, and the
  /// rest at the far side where a further window would not fit.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).axis(input: 6).unreadInputs   // [5]
  /// ```
  ///
  /// - Complexity: walks every input cell; ``unreadInputCount`` does not.
  public var unreadInputs: [Int] {
    (0..<inputSize).filter { !isRead(input: $0) }
  }

  /// The first input cells that no output reads, at most `limit` of them; for inputs of any size.
  ///
  /// They are looked for among the first and the last hundred thousand cells.
  public func unreadInputs(limit: Int) -> [Int] {
    let wanted = min(limit, unreadInputCount)
    guard wanted > 0 else { return [] }
    let searched = 100_000
    let head = min(inputSize, searched)
    let tail = max(head, inputSize - searched)
    var found: [Int] = []
    for cells in [0..<head, tail..<inputSize] {
      for cell in cells where !isRead(input: cell) {
        found.append(cell)
        if found.count == wanted { return found }
      }
    }
    return found
  }

  /// Input cells after the last cell of the last window: the rest of a division that did not come out.
  ///
  /// ```swift
  /// try Window(kernelSize: 3, stride: 2).axis(input: 6).inputsPastLastWindow   // 1
  /// ```
  public var inputsPastLastWindow: Int {
    inputSize - min(inputSize, max(0, reach))
  }

  /// Padding cells after the input that no window reaches.
  ///
  /// ```swift
  /// let axis = try Window(kernelSize: 3, stride: 2, padding: 1).axis(input: 6)
  /// axis.unreadInputs                // []: every input cell is read,
  /// axis.paddingPastLastWindow       // 1: but the padding cell after them is not
  /// ```
  public var paddingPastLastWindow: Int {
    max(0, inputSize + window.paddingAfter - max(inputSize, reach))
  }

  /// The first input position after the last window.
  var reach: Int {
    (outputSize - 1) * window.stride + (window.kernelSize - 1) * window.dilation + 1
      - window.paddingBefore
  }

  /// The number of input cells that no output reads, without listing them.
  ///
  /// - Complexity: constant for stride 1 or dilation 1; never more steps than the smallest of stride,
  ///   dilation, kernel size and output size.
  public var unreadInputCount: Int { inputSize - readInputCount }

  /// The number of input cells that some output reads: the different sums o·s + k·d that fall into
  /// the input.
  public var readInputCount: Int {
    let divisor = greatestCommonDivisor(window.stride, window.dilation)
    let byKernel = min(window.kernelSize, window.stride / divisor)
    let byOutput = min(outputSize, window.dilation / divisor)
    return byKernel <= byOutput
      ? countSums(
        step: window.stride, length: outputSize, other: window.dilation,
        otherLength: window.kernelSize)
      : countSums(
        step: window.dilation, length: window.kernelSize, other: window.stride,
        otherLength: outputSize)
  }

  /// Counts the sums a·step + b·other, 0 ≤ a < length, 0 ≤ b < otherLength, in the input.
  ///
  /// Sums are put into classes by their rest modulo `step`. Within the class of b₀ they are
  /// b₀·other + u·step, where u runs through the intervals m·shift ..< m·shift + length.
  private func countSums(step: Int, length: Int, other: Int, otherLength: Int) -> Int {
    let divisor = greatestCommonDivisor(step, other)
    let (period, shift) = (step / divisor, other / divisor)
    var count = 0
    for b in 0..<min(otherLength, period) {
      let last = (otherLength - 1 - b) / period
      let begin = ceilDivide(window.paddingBefore - b * other, step)
      let end = ceilDivide(window.paddingBefore + inputSize - b * other, step)
      count +=
        covered(below: end, shift: shift, last: last, length: length)
        - covered(below: begin, shift: shift, last: last, length: length)
    }
    return count
  }

  /// How many u < `bound` lie in an interval m·shift ..< m·shift + length with 0 ≤ m ≤ last.
  private func covered(below bound: Int, shift: Int, last: Int, length: Int) -> Int {
    guard bound > 0 else { return 0 }
    if length >= shift { return min(bound, last * shift + length) }
    let whole = bound / shift
    return whole > last ? (last + 1) * length : whole * length + min(bound % shift, length)
  }
}
