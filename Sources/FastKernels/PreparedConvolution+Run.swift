internal import ConvolutionArithmetic
internal import KernelInterface
public import Tensors

extension PreparedConvolution {
  /// Convolves the map `input` into the map `output`, which must not share its memory.
  public func run(_ input: FeatureMap, into output: FeatureMap, _ workspace: Workspace) {
    precondition(
      input.channels == inputs,
      "the map has \(input.channels) channels; the convolution reads \(inputs)")
    let convolved = check(input.size, output)
    switch method(output: convolved) {
    case .winograd:
      runWinograd(input, convolved, output, workspace)
    case .product:
      pooled(convolved, output, workspace) { map in
        runProduct(input, map, workspace)
      }
    case .depthwise:
      pooled(convolved, output, workspace) { map in
        runDepthwise(input, map, workspace)
      }
    case .planar:
      let planar = Buffer(count: input.channels * input.size.area)
      input.storePlanar(planar.pointer, workspace.threads, table)
      run(planar: planar.pointer, size: input.size, into: output, workspace)
    }
  }

  /// Convolves planar maps (channel, row, column), as the picture that a network begins with.
  public func run(
    planar: UnsafePointer<Float>, size: Size, into output: FeatureMap, _ workspace: Workspace
  ) {
    let convolved = check(size, output)
    if method == .planar {
      pooled(convolved, output, workspace) { map in
        runPlanar(planar, size, map, workspace)
      }
    } else {
      let input = FeatureMap(channels: inputs, size: size)
      input.loadBlocks(planar, workspace.threads, table)
      run(input, into: output, workspace)
    }
  }

  func check(_ input: Size, _ output: FeatureMap) -> Size {
    do {
      let size = try outputSize(input: input)
      precondition(
        output.size == size && output.channels == outputs,
        "the output is a map of \(output.channels) channels, \(output.size); "
          + "expected \(outputs), \(size)")
      return try convolvedSize(input: input)
    } catch {
      preconditionFailure(error.description)
    }
  }

  /// Runs `body` into the output, or into a map of the workspace that is then pooled.
  private func pooled(
    _ convolved: Size, _ output: FeatureMap, _ workspace: Workspace,
    _ body: (_ map: FeatureMap) -> Void
  ) {
    guard pool else {
      body(output)
      return
    }
    let map = workspace.temporaryMap(channels: outputs, size: convolved)
    body(map)
    maxPool(map, into: output, by: halving, workspace, table: table)
  }
}

extension PreparedConvolution {
  /// Packs other weights of the same shape in the place of these; without a bias the old one stays.
  ///
  /// - Parameter forget: called with ranges of the weights that are packed and not read again.
  public func repack(
    weights source: UnsafePointer<Float>, bias biasSource: UnsafePointer<Float>?,
    threads: Threads = .all, forget: (Range<Int>) -> Void = { _ in }
  ) {
    packBias(biasSource)
    guard method != .depthwise else {
      packChannels(
        source, channels: outputs, cells: kernelSize.area, step: kernelSize.area,
        isTurned: isTurned, into: weights)
      return
    }
    let (groupOutputs, groupInputs) = (outputs / groups, inputs / groups)
    let panels = ceilDivide(groupOutputs, table.tileColumns)
    let cells = kernelSize.area
    let length = blockLength(method)
    let step = frequencyStep(
      panels * table.tileColumns * ceilDivide(groupInputs, length) * length)
    let transform = packedTransform(method, kernelSize)
    // A turned kernel is read from its last cell to its first, its channels exchanged.
    let taps = isTurned ? Array((0..<cells).reversed()) : Array(0..<cells)
    for group in 0..<groups {
      taps.withUnsafeBufferPointer { taps in
        var job = PackJob(
          source: source + group * groupOutputs * groupInputs * cells,
          packed: weights.pointer + group * groupWeights, outputs: groupOutputs,
          inputs: groupInputs, outputStep: isTurned ? cells : groupInputs * cells,
          inputStep: isTurned ? groupOutputs * cells : cells, taps: taps.baseAddress!,
          tapCount: cells, blockLength: length)
        job.frequencyStep = step
        packPanels(&job, panels, threads, table, transformed: transform > 0) { outputs in
          // Turned, an output has some weights of each input.
          guard !isTurned else { return }
          let step = groupInputs * cells
          let first = group * groupOutputs
          forget((first + outputs.lowerBound) * step..<(first + outputs.upperBound) * step)
        }
      }
      // The lines between the frequencies are never read; zeros make the memory the same every time.
      for frequency in 0..<(transform * transform) {
        let end = group * groupWeights + (frequency + 1) * step
        weights.clear(end - 16..<end)
      }
    }
  }

  func packBias(_ source: UnsafePointer<Float>?) {
    guard let source else { return }
    guard method != .depthwise else { return bias.pointer.update(from: source, count: outputs) }
    let groupOutputs = outputs / groups
    for group in 0..<groups {
      (bias.pointer + group * groupBias).update(
        from: source + group * groupOutputs, count: groupOutputs)
    }
  }
}

extension PreparedConvolution {
  /// Each channel by itself: what the gradient of a stamp is too.
  private func runDepthwise(
    _ input: FeatureMap, _ output: FeatureMap, _ workspace: Workspace
  ) {
    var job = StampJob(
      convolution, input: output, output: input, weights, bias, top: padding.top,
      left: padding.left)
    (job.gradientHasBias, job.rectifiesGradient) = (true, rectify)
    byRows(&job, output, workspace.threads, table.stampGradient)
    output.zones = []
  }
}

/// Packs the kernels of channels that do not mix, 16 channels side by side.
///
/// - Parameter step: from one channel's kernel to the next.
func packChannels(
  _ source: UnsafePointer<Float>, channels: Int, cells: Int, step: Int, isTurned: Bool = false,
  into weights: Buffer
) {
  weights.clear()
  for channel in 0..<channels {
    for cell in 0..<cells {
      weights.pointer[(channel / 16 * cells + cell) * 16 + channel % 16] =
        source[channel * step + (isTurned ? cells - 1 - cell : cell)]
    }
  }
}

/// Packs all panels, several threads at once.
///
/// - Parameter packed: called with the outputs that were packed, every few megabytes.
func packPanels(
  _ job: inout PackJob, _ panels: Int, _ threads: Threads, _ table: KernelTable,
  transformed: Bool = false, packed: (_ outputs: Range<Int>) -> Void = { _ in }
) {
  let scratchCount = 2 * (64 + (49 + 56) * table.tileColumns)
  let scratch = Buffer(count: scratchCount * threads.count)
  let kernel = transformed ? table.packWinograd : table.pack
  let (columns, outputs) = (table.tileColumns, job.outputs)
  let numbers = columns * job.inputs * job.tapCount
  let atOnce = max(4 * threads.count, (16 << 20) / (4 * max(1, numbers)))
  withUnsafePointer(to: &job) { job in
    for first in stride(from: 0, to: panels, by: atOnce) {
      let end = min(first + atOnce, panels)
      threads.run(end - first) { panel, worker in
        kernel(
          job, first + panel, first + panel + 1, 0, 0, scratch.pointer + worker * scratchCount)
      }
      packed(first * columns..<min(end * columns, outputs))
    }
  }
}

extension PreparedConvolution {
  /// The matrix product of gathered pixels.
  func runProduct(
    _ input: FeatureMap, _ output: FeatureMap, _ workspace: Workspace
  ) {
    let (groupOutputs, groupInputs) = (outputs / groups, inputs / groups)
    var tapRows: [Int] = []
    var tapColumns: [Int] = []
    for row in 0..<kernelSize.height {
      for column in 0..<kernelSize.width {
        tapRows.append(row * dilation.height - padding.top)
        tapColumns.append(column * dilation.width - padding.left)
      }
    }
    clearUnusedLanes(output, groups)
    let reach = Size(
      height: (kernelSize.height - 1) * dilation.height,
      width: (kernelSize.width - 1) * dilation.width)
    let plan = productPlan(input, output, reach)
    let isPlain = kernelSize == 1 && stride == 1 && padding == 0 && plan == nil
    tapRows.withUnsafeBufferPointer { tapRows in
      tapColumns.withUnsafeBufferPointer { tapColumns in
        for group in 0..<groups {
          var job = GatherJob(
            input: input.view, output: output.view, inputBlocks: ceilDivide(groupInputs, 16),
            tapRows: tapRows.baseAddress!, tapColumns: tapColumns.baseAddress!,
            tapCount: kernelSize.area, gridWidth: output.size.width,
            weights: weights.pointer + group * groupWeights,
            bias: bias.pointer + group * groupBias, outputs: groupOutputs, rowsAtOnce: 0,
            blocksAtOnce: 0, runLength: 0)
          job.inputBlock = group * groupInputs / 16
          job.stepDown = stride.height
          job.stepRight = stride.width
          job.inPlace = isPlain
          job.outputChannel = group * groupOutputs
          job.rectify = rectify
          guard let plan else {
            runGather(&job, rows: output.size.area, workspace, table)
            continue
          }
          plan.tiles.withUnsafeBufferPointer { positions in
            plan.copyStart.withUnsafeBufferPointer { copyStart in
              plan.copies.withUnsafeBufferPointer { copies in
                job.positions = positions.baseAddress
                job.copyStart = copyStart.baseAddress
                job.copies = copies.baseAddress
                runGather(&job, rows: positions.count, workspace, table)
              }
            }
          }
        }
      }
    }
    output.zones = []
    // Without zones all cells beside the interior would be kept, as many as the map has.
    guard stride == 1 else { return }
    output.zones = input.zones.compactMap {
      $0.convolved(
        input: input.size, output: output.size, top: padding.top, left: padding.left, reach: reach)
    }
    output.interior =
      plan?.outputInterior
      ?? input.interior.map { Interior(convolution, input: $0, output: output.size) }
  }
}

/// Zeros the lanes beyond the last channel where groups do not end with a block; elsewhere the kernels
/// store whole blocks.
func clearUnusedLanes(_ output: FeatureMap, _ groups: Int) {
  guard groups > 1, output.channels % 16 != 0 else { return }
  let plane = output.size.area * 16
  (output.pixels + (output.blockCount - 1) * plane).update(repeating: 0, count: plane)
}

/// Shares the rows, and where they are few also the outputs, of a gathered product among threads.
func runGather(
  _ job: inout GatherJob, rows: Int, _ workspace: Workspace, _ table: KernelTable
) {
  let threads = workspace.threads
  let columns = table.tileColumns
  let panels = ceilDivide(job.outputs, columns)
  let rowLimit = 96 / table.tileRows * table.tileRows
  // Every task of rows reads all weights.
  let rowTasks = max(
    ceilDivide(rows, rowLimit), min(ceilDivide(rows, 24), ceilDivide(threads.tasks, panels)))
  let rowsPerTask = ceilDivide(rows, rowTasks)
  let panelTasks = min(panels, max(1, ceilDivide(threads.tasks, rowTasks)))
  let panelsPerTask = ceilDivide(panels, panelTasks)
  job.rowsAtOnce = rowsPerTask
  job.blocksAtOnce = 32
  job.runLength = 8
  let scratchCount = (panelsPerTask * columns + job.blocksAtOnce * 16) * rowsPerTask
  let scratch = workspace.scratch(scratchCount * threads.count)
  withUnsafePointer(to: &job) { job in
    threads.run(rowTasks * panelTasks) { task, worker in
      let first = task / panelTasks * rowsPerTask
      let firstPanel = task % panelTasks * panelsPerTask
      table.gatherProduct(
        job, min(first, rows), min(first + rowsPerTask, rows), min(firstPanel, panels),
        min(firstPanel + panelsPerTask, panels), scratch + worker * scratchCount)
    }
  }
}
