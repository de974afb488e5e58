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

extension PreparedConvolution {
  /// The product that reads planar maps in a frame of zeros.
  func runPlanar(
    _ planar: UnsafePointer<Float>, _ size: Size, _ output: FeatureMap, _ workspace: Workspace
  ) {
    let threads = workspace.threads
    let rows = PlanarRows(
      self, planar, size, workspace.scratch(planarMemory(size, threads)), threads)
    clearUnusedLanes(output, groups)
    rows.run(0..<output.size.height, into: output.view, threads)
    output.zones = rows.inside(output.size).zones(of: output.size)
    output.interior = rows.inside(output.size)
  }

  /// The floats that the rows of planar maps need: the framed maps, and scratch for each thread.
  func planarMemory(_ size: Size, _ threads: Threads) -> Int {
    ceilDivide(inputs * framedSize(size, padding).area, 16) * 16 + planarScratch * threads.count
  }

  fileprivate var planarScratch: Int {
    ceilDivide(outputs / groups, table.tileColumns) * 48 * table.tileColumns
  }
}

/// A convolution of planar maps, ready to give any of its rows.
struct PlanarRows {
  private let layer: PreparedConvolution
  private let size: Size
  private let framed: Size
  private let offsets: [Int]
  private let frame: UnsafeMutablePointer<Float>
  private let scratch: UnsafeMutablePointer<Float>

  /// Copies the maps into their frame of zeros, in `memory` of `planarMemory` floats.
  init(
    _ layer: PreparedConvolution, _ planar: UnsafePointer<Float>, _ size: Size,
    _ memory: UnsafeMutablePointer<Float>, _ threads: Threads
  ) {
    (self.layer, self.size, frame) = (layer, size, memory)
    framed = framedSize(size, layer.padding)
    scratch = memory + ceilDivide(layer.inputs * framed.area, 16) * 16
    framePlanar(
      planar, size, channels: layer.inputs, layer.padding, into: frame, threads, layer.table)
    offsets = planarOffsets(
      layer.convolution, channels: layer.inputs / layer.groups, framed: framed)
  }

  /// The output cells whose window meets the picture.
  func inside(_ output: Size) -> Interior {
    Interior(layer.convolution, input: size, output: output)
  }

  /// Computes rows of the output, which may hold those rows alone.
  func run(_ rows: Range<Int>, into output: MapView, _ threads: Threads) {
    let (groups, table) = (layer.groups, layer.table)
    let (groupOutputs, groupInputs) = (layer.outputs / groups, layer.inputs / groups)
    let inside = inside(Size(height: output.height, width: output.width))
    let step = max(1, min(8, rows.count / threads.tasks))
    offsets.withUnsafeBufferPointer { offsets in
      for group in 0..<groups {
        var job = PlanarJob(
          input: frame + group * groupInputs * framed.area, inputWidth: framed.width,
          offsets: offsets.baseAddress!, depth: offsets.count, strideDown: layer.stride.height,
          strideRight: layer.stride.width, output: output,
          weights: layer.weights.pointer + group * layer.groupWeights,
          bias: layer.bias.pointer + group * layer.groupBias, outputs: groupOutputs,
          rowStart: inside.rows.lowerBound, rowEnd: inside.rows.upperBound,
          columnStart: inside.columns.lowerBound, columnEnd: inside.columns.upperBound)
        job.outputChannel = group * groupOutputs
        job.rectify = layer.rectify
        withUnsafePointer(to: &job) { job in
          threads.run(ceilDivide(rows.count, step)) { task, worker in
            let first = rows.lowerBound + task * step
            table.planar(
              job, first, min(first + step, rows.upperBound), 0, 0,
              scratch + worker * layer.planarScratch)
          }
        }
      }
    }
  }
}
