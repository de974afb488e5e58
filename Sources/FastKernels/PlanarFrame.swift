internal import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

// What the convolutions that read planar maps share with their gradients.

/// The size of a map in its frame of zeros.
func framedSize(_ size: Size, _ padding: Padding) -> Size {
  Size(
    height: padding.top + size.height + padding.bottom,
    width: padding.left + size.width + padding.right)
}

/// Copies planar maps into frames of zeros as wide as the padding.
func framePlanar(
  _ planar: UnsafePointer<Float>, _ size: Size, channels: Int, _ padding: Padding,
  into memory: UnsafeMutablePointer<Float>, _ threads: Threads, _ table: KernelTable
) {
  let framed = framedSize(size, padding)
  var layout = LayoutJob(
    planar: UnsafeMutablePointer(mutating: planar), blocks: memory, channels: channels,
    height: size.height, width: size.width)
  layout.paddedHeight = framed.height
  layout.paddedWidth = framed.width
  layout.top = padding.top
  layout.left = padding.left
  let rows = channels * framed.height
  withUnsafePointer(to: &layout) { layout in
    threads.run(ceilDivide(rows, 256)) { task, _ in
      table.padPlanar(layout, task * 256, min(task * 256 + 256, rows), 0, 0, memory)
    }
  }
}

/// Where each term of a sum lies in framed planar maps, relative to the window's first cell: channel
/// by channel, the kernel's cells row by row.
func planarOffsets(_ window: Convolution, channels: Int, framed: Size) -> [Int] {
  var offsets: [Int] = []
  for channel in 0..<channels {
    for row in 0..<window.rows.kernelSize {
      for column in 0..<window.columns.kernelSize {
        offsets.append(
          (channel * framed.height + row * window.rows.dilation) * framed.width
            + column * window.columns.dilation)
      }
    }
  }
  return offsets
}

/// The output cells whose window meets the picture; all others see padding only.
struct Interior {
  let rows: Range<Int>
  let columns: Range<Int>

  init(_ window: Convolution, input: Size, output: Size) {
    rows = Interior.range(window.rows, input.height, output.height)
    columns = Interior.range(window.columns, input.width, output.width)
  }

  private static func range(_ window: Window, _ input: Int, _ output: Int) -> Range<Int> {
    // Window o covers o · stride − padding ... o · stride − padding + reach.
    let reach = (window.kernelSize - 1) * window.dilation
    let first = min(output, ceilDivide(max(0, window.paddingBefore - reach), window.stride))
    let end = min(output, ceilDivide(input + window.paddingBefore, window.stride))
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
