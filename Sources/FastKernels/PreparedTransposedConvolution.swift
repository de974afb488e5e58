public import ConvolutionArithmetic
package import KernelInterface
public import Tensors

/// A transposed convolution whose weights are packed for the kernels.
///
/// Two ways give the same answer. **Dense**: the output cells with the same residue modulo the stride
/// are reached by the same kernel cells, so that each of the s·s residues is a small convolution of its
/// own, a matrix product; no zeros are inserted and nothing is added up twice. **Diagonal**: if no
/// channel reads another (groups of one channel, or weights that are zero off the diagonal, which is
/// checked), each channel is stamped by itself.
public final class PreparedTransposedConvolution {
  /// The output channels of all groups.
  public let outputs: Int
  /// The input channels of all groups.
  public let inputs: Int
  public let convolution: Convolution
  /// Whether each channel is stamped by itself.
  public let isDiagonal: Bool

  let table: KernelTable
  let weights: Buffer
  let bias: Buffer
  let groupBias: Int
  let classes: [ResidueClass]

  /// The kernel cells that reach the output cells of one residue, and their packed weights.
  struct ResidueClass {
    let row: Int
    let column: Int
    let cells: [Int]
    /// Where each group's weights lie.
    let offsets: [Int]

    /// The classes of all residues, their weights one behind the other.
    static func all(_ convolution: Convolution, floatsPerCell: Int) -> [ResidueClass] {
      let (kernelSize, groups) = (convolution.kernelSize, convolution.groups)
      let (stride, dilation) = (convolution.stride, convolution.dilation)
      var (classes, end) = ([ResidueClass](), 0)
      for row in 0..<stride.height {
        for column in 0..<stride.width {
          let cells = (0..<kernelSize.area).filter {
            $0 / kernelSize.width * dilation.height % stride.height == row
              && $0 % kernelSize.width * dilation.width % stride.width == column
          }
          let size = floatsPerCell * cells.count
          let offsets = (0..<groups).map { end + $0 * size }
          classes.append(ResidueClass(row: row, column: column, cells: cells, offsets: offsets))
          end += groups * size
        }
      }
      return classes
    }
  }

  /// Packs weights (inputs, outputs / groups, height, width) in row-major order.
  ///
  /// - Parameters:
  ///   - mixesChannels: whether there may be weights from each channel to each other later, even if
  ///     there are none now.
  public convenience init(
    _ convolution: Convolution, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    outputs: Int, inputs: Int, mixesChannels: Bool = false, threads: Threads = .all,
    level: Level = .best
  ) {
    self.init(
      convolution, weights: weights, bias: bias, outputs: outputs, inputs: inputs,
      mixesChannels: mixesChannels, threads: threads, table: level.table)
  }

  package init(
    _ convolution: Convolution, weights source: UnsafePointer<Float>,
    bias biasSource: UnsafePointer<Float>?, outputs: Int, inputs: Int, mixesChannels: Bool = false,
    threads: Threads, table: KernelTable
  ) {
    precondition(convolution.isTransposed, "see PreparedConvolution")
    let groups = convolution.groups
    precondition(outputs % groups == 0 && inputs % groups == 0, "groups must divide the channels")
    (self.outputs, self.inputs) = (outputs, inputs)
    (self.convolution, self.table) = (convolution, table)
    let (groupOutputs, groupInputs) = (outputs / groups, inputs / groups)
    let cells = convolution.kernelSize.area
    isDiagonal =
      !mixesChannels && outputs == inputs
      && (groups == inputs || groups == 1 && hasDiagonalWeights(source, outputs, cells))

    let panels = ceilDivide(groupOutputs, table.tileColumns)
    groupBias = panels * table.tileColumns
    bias = Buffer(count: max(groups * groupBias, ceilDivide(outputs, 16) * 16))
    bias.clear()
    if isDiagonal {
      (classes, weights) = ([], Buffer(count: ceilDivide(outputs, 16) * cells * 16))
    } else {
      let panelFloats = panels * table.tileColumns * ceilDivide(groupInputs, 16) * 16
      weights = Buffer(count: groups * panelFloats * cells)
      classes = ResidueClass.all(convolution, floatsPerCell: panelFloats)
    }
    repack(weights: source, bias: biasSource, threads: threads)
  }

  /// Packs other weights of the same shape in the place of these; without a bias the old one stays. If
  /// no channel reads another, it must stay so.
  public func repack(
    weights source: UnsafePointer<Float>, bias biasSource: UnsafePointer<Float>?,
    threads: Threads = .all
  ) {
    let (groupOutputs, groupInputs) = (outputs / groups, inputs / groups)
    let cells = kernelSize.area
    if let biasSource {
      for group in 0..<(isDiagonal ? 1 : groups) {
        (bias.pointer + group * groupBias).update(
          from: biasSource + group * groupOutputs, count: isDiagonal ? outputs : groupOutputs)
      }
    }
    if isDiagonal {
      packChannels(
        source, channels: outputs, cells: cells,
        step: groups == 1 ? (outputs + 1) * cells : cells, into: weights)
      return
    }
    for part in classes where !part.cells.isEmpty {
      for group in 0..<groups {
        part.cells.withUnsafeBufferPointer { own in
          var job = PackJob(
            source: source + group * groupInputs * groupOutputs * cells,
            packed: weights.pointer + part.offsets[group], outputs: groupOutputs,
            inputs: groupInputs, outputStep: cells, inputStep: groupOutputs * cells,
            taps: own.baseAddress!, tapCount: own.count, blockLength: 16)
          packPanels(&job, ceilDivide(groupOutputs, table.tileColumns), threads, table)
        }
      }
    }
  }

  /// The size restored from an input of this size.
  public func outputSize(input: Size) throws(GeometryError) -> Size {
    try convolution.outputSize(input: input)
  }
}

extension PreparedTransposedConvolution {
  var groups: Int { convolution.groups }
  var kernelSize: Size { convolution.kernelSize }
  var stride: Size { convolution.stride }
  var padding: Padding { convolution.padding }
  var dilation: Size { convolution.dilation }
}

/// Whether all weights from a channel to another are zero.
private func hasDiagonalWeights(
  _ weights: UnsafePointer<Float>, _ channels: Int, _ cells: Int
) -> Bool {
  for input in 0..<channels {
    for output in 0..<channels where output != input {
      let kernel = weights + (input * channels + output) * cells
      for cell in 0..<cells where kernel[cell] != 0 { return false }
    }
  }
  return true
}

extension PreparedTransposedConvolution {
  /// Computes the window of the result whose first cell is (`top`, `left`) and whose size is that of
  /// `output`: a crop costs nothing.
  public func run(
    _ input: FeatureMap, into output: FeatureMap, top: Int = 0, left: Int = 0,
    _ workspace: Workspace
  ) {
    precondition(
      input.channels == inputs && output.channels == outputs,
      "got maps of \(input.channels) and \(output.channels) channels; expected \(inputs), \(outputs)"
    )
    do {
      let full = try outputSize(input: input.size)
      precondition(
        top >= 0 && left >= 0 && top + output.size.height <= full.height
          && left + output.size.width <= full.width,
        "a window of \(output.size) at \(top),\(left) does not lie in the result, \(full)")
    } catch {
      preconditionFailure(error.description)
    }
    output.zones = []
    if isDiagonal {
      runDiagonal(input, output, top + padding.top, left + padding.left, workspace.threads)
    } else {
      runDense(input, output, top + padding.top, left + padding.left, workspace)
    }
  }

  private func runDiagonal(
    _ input: FeatureMap, _ output: FeatureMap, _ top: Int, _ left: Int, _ threads: Threads
  ) {
    var job = StampJob(
      convolution, input: input, output: output, weights, bias, top: top, left: left)
    let (rows, blocks) = (output.size.height, output.blockCount)
    let table = table
    withUnsafePointer(to: &job) { job in
      threads.run(ceilDivide(rows, 16)) { task, _ in
        table.stamp(job, 0, blocks, task * 16, min(task * 16 + 16, rows), output.pixels)
      }
    }
  }

  private func runDense(
    _ input: FeatureMap, _ output: FeatureMap, _ top: Int, _ left: Int, _ workspace: Workspace
  ) {
    let (groupOutputs, groupInputs) = (outputs / groups, inputs / groups)
    let parted = input.parted(into: groups, workspace, table)
    clearUnusedLanes(output, groups)
    for part in classes {
      // The first output row and column of this class.
      let firstRow = remainder(part.row - top, stride.height)
      let firstColumn = remainder(part.column - left, stride.width)
      guard firstRow < output.size.height, firstColumn < output.size.width else { continue }
      let gridHeight = ceilDivide(output.size.height - firstRow, stride.height)
      let gridWidth = ceilDivide(output.size.width - firstColumn, stride.width)
      let tapRows = part.cells.map {
        (firstRow + top - $0 / kernelSize.width * dilation.height) / stride.height
      }
      let tapColumns = part.cells.map {
        (firstColumn + left - $0 % kernelSize.width * dilation.width) / stride.width
      }
      tapRows.withUnsafeBufferPointer { tapRows in
        tapColumns.withUnsafeBufferPointer { tapColumns in
          for group in 0..<groups {
            let none = UnsafePointer(bitPattern: 64).unsafelyUnwrapped as UnsafePointer<Int>
            var job = GatherJob(
              input: parted.view, output: output.view,
              inputBlocks: ceilDivide(groupInputs, 16),
              tapRows: tapRows.baseAddress ?? none, tapColumns: tapColumns.baseAddress ?? none,
              tapCount: tapRows.count, gridWidth: gridWidth,
              weights: weights.pointer + part.offsets[group],
              bias: bias.pointer + group * groupBias, outputs: groupOutputs, rowsAtOnce: 0,
              blocksAtOnce: 0, runLength: 0)
            job.inputBlock = group * ceilDivide(groupInputs, 16)
            job.outputTop = firstRow
            job.outputLeft = firstColumn
            job.outputStepDown = stride.height
            job.outputStepRight = stride.width
            job.outputChannel = group * groupOutputs
            runGather(&job, rows: gridHeight * gridWidth, workspace, table)
          }
        }
      }
    }
  }
}

/// `a` modulo `b`, from 0 to b − 1 also where `a` is below zero.
private func remainder(_ a: Int, _ b: Int) -> Int {
  let r = a % b
  return r < 0 ? r + b : r
}

extension FeatureMap {
  /// The map with each group's channels in blocks of their own; itself if they are already.
  func parted(into groups: Int, _ workspace: Workspace, _ table: KernelTable) -> FeatureMap {
    let groupChannels = channels / groups
    guard groups > 1, groupChannels % 16 != 0 else { return self }
    let planar = Buffer(count: channels * size.area)
    storePlanar(planar.pointer, workspace.threads, table)
    let groupBlocks = ceilDivide(groupChannels, 16)
    let result = FeatureMap(channels: groups * groupBlocks * 16, size: size)
    for group in 0..<groups {
      var job = LayoutJob(
        planar: planar.pointer + group * groupChannels * size.area,
        blocks: result.pixels + group * groupBlocks * size.area * 16, channels: groupChannels,
        height: size.height, width: size.width)
      withUnsafePointer(to: &job) { job in
        table.toBlocks(job, 0, groupBlocks, 0, size.area, result.pixels)
      }
    }
    return result
  }
}

extension StampJob {
  /// The stamps of a convolution's kernels: what its transpose writes, and its gradient reads.
  init(
    _ convolution: Convolution, input: FeatureMap, output: FeatureMap, _ weights: Buffer,
    _ bias: Buffer, top: Int, left: Int
  ) {
    let (kernel, stride, dilation) = (
      convolution.kernelSize, convolution.stride, convolution.dilation
    )
    self.init(
      input: input.view, output: output.view, weights: weights.pointer, bias: bias.pointer,
      kernelHeight: kernel.height, kernelWidth: kernel.width, strideDown: stride.height,
      strideRight: stride.width, dilationDown: dilation.height, dilationRight: dilation.width,
      top: top, left: left)
  }
}
