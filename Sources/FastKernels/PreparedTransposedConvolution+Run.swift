internal import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

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
      input: input.view, output: output.view, weights: weights.pointer, bias: bias.pointer,
      kernelHeight: kernelSize.height, kernelWidth: kernelSize.width, strideDown: stride.height,
      strideRight: stride.width, dilationDown: dilation.height, dilationRight: dilation.width,
      top: top, left: left)
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
    clearUnusedLanes(output, groups, groupOutputs)
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
