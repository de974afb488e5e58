internal import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

extension PreparedConvolution {
  /// The product that reads planar maps in a frame of zeros.
  func runPlanar(
    _ planar: UnsafePointer<Float>, _ size: Size, _ output: FeatureMap, _ workspace: Workspace
  ) {
    let threads = workspace.threads
    let framed = framedSize(size, padding)
    let (groupOutputs, groupInputs) = (outputs / groups, inputs / groups)
    let panels = ceilDivide(groupOutputs, table.tileColumns)
    let scratchCount = panels * 48 * table.tileColumns
    let frameCount = ceilDivide(inputs * framed.area, 16) * 16
    let memory = workspace.scratch(frameCount + scratchCount * threads.count)
    let scratch = memory + frameCount

    framePlanar(planar, size, channels: inputs, padding, into: memory, threads, table)
    let offsets = planarOffsets(convolution, channels: groupInputs, framed: framed)
    let inside = Interior(convolution, input: size, output: output.size)
    clearUnusedLanes(output, groups, groupOutputs)
    let depth = offsets.count
    offsets.withUnsafeBufferPointer { offsets in
      for group in 0..<groups {
        var job = PlanarJob(
          input: memory + group * groupInputs * framed.area, inputWidth: framed.width,
          offsets: offsets.baseAddress!, depth: depth, strideDown: stride.height,
          strideRight: stride.width, output: output.view,
          weights: weights.pointer + group * groupWeights, bias: bias.pointer + group * groupBias,
          outputs: groupOutputs, rowStart: inside.rows.lowerBound, rowEnd: inside.rows.upperBound,
          columnStart: inside.columns.lowerBound, columnEnd: inside.columns.upperBound)
        job.outputChannel = group * groupOutputs
        job.rectify = rectify
        withUnsafePointer(to: &job) { job in
          threads.run(ceilDivide(output.size.height, 8)) { task, worker in
            table.planar(
              job, task * 8, min(task * 8 + 8, output.size.height), 0, 0,
              scratch + worker * scratchCount)
          }
        }
      }
    }
    output.zones = inside.zones(of: output.size)
  }
}
