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
    if isTransformed(gradient.size) {
      runWinograd(input, gradient, into: sums, workspace)
    } else {
      runDirect(input, gradient, into: sums, workspace)
    }
  }

  /// Whether a gradient of this size goes through Winograd's transforms: not where setting them up would
  /// take longer than the sums.
  func isTransformed(_ gradient: Size) -> Bool {
    !isPlanar && convolution.kernelSize == 3 && PreparedConvolution.canWinograd(convolution)
      && gradient.area >= 64
  }

  private func runDirect(
    _ input: FeatureMap, _ gradient: FeatureMap, into sums: UnsafeMutablePointer<Float>,
    _ workspace: Workspace
  ) {
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

  /// Both maps transformed, a chunk of tiles at a time, and products of the chunks added up.
  ///
  /// Chunks stay in a thread's cache where the sums do; where those are larger, they are to be read
  /// rarely. How large a chunk is depends on the channels alone, and so does the order of each sum.
  private func runWinograd(
    _ input: FeatureMap, _ gradient: FeatureMap, into sums: UnsafeMutablePointer<Float>,
    _ workspace: Workspace
  ) {
    let grid = Size(
      height: ceilDivide(gradient.size.height, 4), width: ceilDivide(gradient.size.width, 4))
    let (inputBlocks, outputBlocks) = (input.blockCount, gradient.blockCount)
    let pairs = inputBlocks * outputBlocks
    let productCount = pairs * 36 * 256
    let chunk =
      productCount * 4 <= 1 << 20
      ? 48 : max(48, (16 << 20) / (36 * 64 * (inputBlocks + outputBlocks)))
    let capacity = min(chunk, grid.area)
    // One cache line more than needed, so that the frequencies do not compete for the same lines.
    let transformedStep = inputBlocks * capacity * 16 + 16
    let spreadStep = outputBlocks * capacity * 16 + 16
    let (threads, small) = (workspace.threads, 4096)
    let memory = workspace.scratch(
      small * threads.count + productCount + 36 * (transformedStep + spreadStep))
    let products = memory + small * threads.count
    let transformed = products + productCount
    var job = WinogradGradientJob(
      input: input.view, gradient: gradient.view, inputs: inputs,
      top: convolution.padding.top, left: convolution.padding.left, tilesPerRow: grid.width,
      capacity: capacity, transformed: transformed, transformedStep: transformedStep,
      spread: transformed + 36 * transformedStep, spreadStep: spreadStep, products: products,
      sums: sums)
    let step = max(1, min(8, capacity / threads.tasks))
    for base in Swift.stride(from: 0, to: grid.area, by: capacity) {
      (job.base, job.count) = (base, min(capacity, grid.area - base))
      withUnsafePointer(to: &job) { job in
        let end = base + job.pointee.count
        threads.run(ceilDivide(job.pointee.count, step)) { task, worker in
          let first = base + task * step
          table.winogradGradientInput(
            job, first, min(first + step, end), 0, 0, memory + worker * small)
        }
        threads.run(pairs) { pair, worker in
          let own = memory + worker * small
          table.winogradGradientProduct(job, pair, pair + 1, 0, 0, own)
          if end == grid.area {
            table.winogradGradientOutput(job, pair, pair + 1, 0, 0, own)
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
