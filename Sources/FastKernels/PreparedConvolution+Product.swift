internal import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

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
    clearUnusedLanes(output, groups, groupOutputs)
    let reach = Size(
      height: (kernelSize.height - 1) * dilation.height,
      width: (kernelSize.width - 1) * dilation.width)
    let plan = productPlan(input, output.size, reach)
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
    output.zones =
      stride == 1
      ? input.zones.compactMap {
        $0.convolved(
          input: input.size, output: output.size, top: padding.top, left: padding.left,
          reach: reach)
      } : []
  }

  /// Which cells to compute where the input repeats itself; nil: all of them.
  private func productPlan(_ input: FeatureMap, _ output: Size, _ reach: Size) -> TilePlan? {
    guard !input.zones.isEmpty, stride == 1, kernelSize.area > 1 else { return nil }
    if plan == nil || plan!.inputSize != input.size || plan!.inputZones != input.zones {
      plan = TilePlan(
        input: input.size, zones: input.zones, output: output, grid: output,
        n: Size(height: reach.height + 1, width: reach.width + 1), m: 1, top: padding.top,
        left: padding.left)
    }
    return plan!.hasCopies ? plan : nil
  }
}

/// Zeros the lanes beyond the last channel where groups do not end with a block; elsewhere the kernels
/// store whole blocks.
func clearUnusedLanes(_ output: FeatureMap, _ groups: Int, _ groupOutputs: Int) {
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
  let rowTasks = max(ceilDivide(rows, rowLimit), min(threads.count, ceilDivide(rows, 24)))
  let rowsPerTask = ceilDivide(rows, rowTasks)
  let panelTasks = min(panels, max(1, ceilDivide(threads.count * 6, rowTasks)))
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
