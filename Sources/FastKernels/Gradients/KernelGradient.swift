public import ConvolutionArithmetic
package import KernelInterface
public import Tensors

/// The gradient of a convolution by its kernels, on maps: what `convolutionKernelGradient` of Primitives
/// returns, in Float and fast.
///
/// The sums of one picture are left in the order in which the kernels make them; sums of several
/// pictures may be added number by number. ``unpack(_:into:factor:threads:)`` puts them in the order of
/// the weights. Any number of threads gives the same bits: each sum is made by one of them, over the
/// pixels row by row.
public final class KernelGradient {
  /// The output channels of all groups.
  public let outputs: Int
  /// The input channels of all groups.
  public let inputs: Int
  /// The floats that the sums of one picture take.
  public let sumCount: Int

  let convolution: Convolution
  let isPlanar: Bool
  let table: KernelTable

  /// - Parameter planar: whether it reads planar maps, as a first layer reads its picture.
  public convenience init(
    _ convolution: Convolution, outputs: Int, inputs: Int, planar: Bool = false,
    level: Level = .best
  ) {
    self.init(
      convolution, outputs: outputs, inputs: inputs, planar: planar, table: level.table)
  }

  package init(
    _ convolution: Convolution, outputs: Int, inputs: Int, planar: Bool, table: KernelTable
  ) {
    precondition(!convolution.isTransposed, "a transposed convolution exchanges input and gradient")
    let groups = convolution.groups
    precondition(outputs % groups == 0 && inputs % groups == 0, "groups must divide the channels")
    (self.outputs, self.inputs, self.convolution) = (outputs, inputs, convolution)
    (isPlanar, self.table) = (planar, table)
    let cells = convolution.kernelSize.area
    let outputBlocks = ceilDivide(outputs, 16)
    sumCount =
      planar
      ? outputBlocks * KernelGradient.planarDepth(inputs * cells) * 16
      : outputBlocks * ceilDivide(inputs, 16) * cells * 256
  }

  /// Four terms are summed at once.
  private static func planarDepth(_ terms: Int) -> Int { ceilDivide(terms, 4) * 4 }

  private var cells: Int { convolution.kernelSize.area }

  /// Computes the sums of one picture.
  ///
  /// - Parameters:
  ///   - input: what the convolution read.
  ///   - gradient: the gradient by what it gave.
  ///   - sums: ``sumCount`` floats, beginning at a cache line, to be written.
  public func run(
    _ input: FeatureMap, gradient: FeatureMap, into sums: UnsafeMutablePointer<Float>,
    _ workspace: Workspace
  ) {
    precondition(
      input.channels == inputs, "the map has \(input.channels) channels; expected \(inputs)")
    check(gradient, input.size)
    if isPlanar {
      let planar = Buffer(count: inputs * input.size.area)
      input.storePlanar(planar.pointer, workspace.threads, table)
      run(planar: planar.pointer, size: input.size, gradient: gradient, into: sums, workspace)
      return
    }
    var (tapRows, tapColumns): ([Int], [Int]) = ([], [])
    let (rows, columns) = (convolution.rows, convolution.columns)
    for row in 0..<rows.kernelSize {
      for column in 0..<columns.kernelSize {
        tapRows.append(row * rows.dilation - rows.paddingBefore)
        tapColumns.append(column * columns.dilation - columns.paddingBefore)
      }
    }
    let pairs = gradient.blockCount * input.blockCount
    tapRows.withUnsafeBufferPointer { tapRows in
      tapColumns.withUnsafeBufferPointer { tapColumns in
        var job = KernelGradientJob(
          input: input.view, gradient: gradient.view, inputs: inputs,
          inputBlocks: input.blockCount, tapRows: tapRows.baseAddress!,
          tapColumns: tapColumns.baseAddress!, tapCount: tapRows.count,
          strideDown: convolution.rows.stride, strideRight: convolution.columns.stride, sums: sums)
        withUnsafePointer(to: &job) { job in
          workspace.threads.run(pairs) { pair, _ in
            table.kernelGradient(job, pair, pair + 1, 0, 0, sums)
          }
        }
      }
    }
  }

  /// Computes the sums of one picture of planar maps (channel, row, column).
  public func run(
    planar: UnsafePointer<Float>, size: Size, gradient: FeatureMap,
    into sums: UnsafeMutablePointer<Float>, _ workspace: Workspace
  ) {
    precondition(isPlanar, "this gradient reads maps in blocks")
    check(gradient, size)
    let padding = convolution.padding
    let framed = framedSize(size, padding)
    let memory = workspace.scratch(ceilDivide(inputs * framed.area, 16) * 16)
    framePlanar(planar, size, channels: inputs, padding, into: memory, workspace.threads, table)
    var offsets = planarOffsets(convolution, channels: inputs, framed: framed)
    offsets += Array(repeating: 0, count: KernelGradient.planarDepth(offsets.count) - offsets.count)
    let inside = Interior(convolution, input: size, output: gradient.size)
    offsets.withUnsafeBufferPointer { offsets in
      var job = PlanarGradientJob(
        input: memory, inputWidth: framed.width, offsets: offsets.baseAddress!,
        depth: offsets.count, strideDown: convolution.rows.stride,
        strideRight: convolution.columns.stride,
        gradient: gradient.view, rowStart: inside.rows.lowerBound, rowEnd: inside.rows.upperBound,
        columnStart: inside.columns.lowerBound, columnEnd: inside.columns.upperBound, sums: sums)
      withUnsafePointer(to: &job) { job in
        workspace.threads.run(gradient.blockCount) { block, _ in
          table.planarGradient(job, block, block + 1, 0, 0, sums)
        }
      }
    }
  }

  /// A gradient with fewer cells than there are windows, as a transposed convolution may leave it, is
  /// one whose other cells are 0.
  private func check(_ gradient: FeatureMap, _ input: Size) {
    precondition(
      gradient.channels == outputs,
      "the gradient has \(gradient.channels) channels; expected \(outputs)")
    do {
      let size = try convolution.outputSize(input: input)
      precondition(
        gradient.size.height <= size.height && gradient.size.width <= size.width,
        "the gradient is of size \(gradient.size); expected \(size)")
    } catch {
      preconditionFailure(error.description)
    }
  }

  /// Writes sums as kernels (outputs, inputs / groups, height, width) in row-major order.
  ///
  /// - Parameter factor: what every number is multiplied with.
  public func unpack(
    _ sums: UnsafePointer<Float>, into kernels: UnsafeMutablePointer<Float>, factor: Float = 1,
    threads: Threads = .all
  ) {
    var job = UnpackJob(
      sums: sums, kernels: kernels, outputs: outputs, groupOutputs: outputs / convolution.groups,
      groupInputs: inputs / convolution.groups, inputBlocks: ceilDivide(inputs, 16),
      tapCount: cells,
      planarDepth: isPlanar ? KernelGradient.planarDepth(inputs * cells) : 0, factor: factor)
    withUnsafePointer(to: &job) { job in
      threads.run(ceilDivide(outputs, 16)) { block, _ in
        table.unpackGradient(job, block, block + 1, 0, 0, kernels)
      }
    }
  }
}
