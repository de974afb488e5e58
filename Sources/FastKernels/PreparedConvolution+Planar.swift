internal import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

extension PreparedConvolution {
  /// The product that reads planar maps in a frame of zeros.
  func runPlanar(
    _ planar: UnsafePointer<Float>, _ size: Size, _ output: FeatureMap, _ workspace: Workspace
  ) {
    let threads = workspace.threads
    let framed = Size(
      height: padding.top + size.height + padding.bottom,
      width: padding.left + size.width + padding.right)
    let (groupOutputs, groupInputs) = (outputs / groups, inputs / groups)
    let panels = ceilDivide(groupOutputs, table.tileColumns)
    let scratchCount = panels * 48 * table.tileColumns
    let frameCount = ceilDivide(inputs * framed.area, 16) * 16
    let memory = workspace.scratch(frameCount + scratchCount * threads.count)
    let scratch = memory + frameCount

    var layout = LayoutJob(
      planar: UnsafeMutablePointer(mutating: planar), blocks: memory, channels: inputs,
      height: size.height, width: size.width)
    layout.paddedHeight = framed.height
    layout.paddedWidth = framed.width
    layout.top = padding.top
    layout.left = padding.left
    let rows = inputs * framed.height
    withUnsafePointer(to: &layout) { layout in
      threads.run(ceilDivide(rows, 256)) { task, _ in
        table.padPlanar(layout, task * 256, min(task * 256 + 256, rows), 0, 0, scratch)
      }
    }

    var offsets: [Int] = []
    for channel in 0..<groupInputs {
      for row in 0..<kernelSize.height {
        for column in 0..<kernelSize.width {
          offsets.append(
            (channel * framed.height + row * dilation.height) * framed.width
              + column * dilation.width)
        }
      }
    }
    let inside = Interior(self, input: size, output: output.size)
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

/// The output cells whose window meets the picture; all others see padding only.
private struct Interior {
  let rows: Range<Int>
  let columns: Range<Int>

  init(_ layer: PreparedConvolution, input: Size, output: Size) {
    rows = Interior.range(
      layer.stride.height, (layer.kernelSize.height - 1) * layer.dilation.height,
      layer.padding.top, input.height, output.height)
    columns = Interior.range(
      layer.stride.width, (layer.kernelSize.width - 1) * layer.dilation.width,
      layer.padding.left, input.width, output.width)
  }

  private static func range(
    _ stride: Int, _ reach: Int, _ padding: Int, _ input: Int, _ output: Int
  ) -> Range<Int> {
    // Window o covers o · stride − padding ... o · stride − padding + reach.
    let first = min(output, ceilDivide(max(0, padding - reach), stride))
    let end = min(output, ceilDivide(input + padding, stride))
    return first..<max(first, end)
  }

  func zones(of output: Size) -> [Zone] {
    let (height, width) = (output.height, output.width)
    return [
      Zone.clipped(0, rows.lowerBound, 0, width, output, .right, 1),
      Zone.clipped(rows.upperBound, height, 0, width, output, .right, 1),
      Zone.clipped(0, height, 0, columns.lowerBound, output, .down, 1),
      Zone.clipped(0, height, columns.upperBound, width, output, .down, 1),
    ].compactMap { $0 }
  }
}
