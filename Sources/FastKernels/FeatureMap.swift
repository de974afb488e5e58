internal import ConvolutionArithmetic
internal import KernelInterface
public import Tensors

/// What is known of how a map is made and read, so that less of it has to be computed and written.
package struct MapUse: Equatable {
  /// How far its readers look into a zone, in cells from where it begins or ends; nil if they may read all
  /// of it. What lies deeper is not written.
  package var readDepth: Int?
  /// Whether the same layers make it again and again, with the same weights, from pictures of one size.
  /// Then the tiles that no picture reaches are computed in the first run alone.
  package var isRepeated = false

  package init() {}
}

/// The feature map of one picture in blocks of 16 channels: [block][row][column][16].
///
/// A pixel of a block is one cache line; the lanes beyond the last channel are zeros. The memory may be
/// a part of a buffer that several maps use in turn, so that a network plans its memory once.
public final class FeatureMap {
  /// The number of channels.
  public let channels: Int
  /// Height and width.
  public let size: Size
  /// The first float of the first block.
  public let pixels: UnsafeMutablePointer<Float>
  private let buffer: Buffer
  /// Where the map repeats itself; see `Zone`.
  package var zones: [Zone] = []
  package var use = MapUse()
  /// The tiles that no picture reaches, once they were computed.
  var unreached: Buffer?

  /// The floats that a map needs: a whole number of cache lines.
  public static func count(channels: Int, size: Size) -> Int {
    ceilDivide(channels, 16) * size.area * 16
  }

  /// A map with memory of its own.
  public convenience init(channels: Int, size: Size) {
    self.init(
      channels: channels, size: size,
      in: Buffer(count: FeatureMap.count(channels: channels, size: size)), at: 0)
  }

  /// A map in the floats of `buffer` from `offset` (a multiple of 16) on.
  public init(channels: Int, size: Size, in buffer: Buffer, at offset: Int) {
    let count = FeatureMap.count(channels: channels, size: size)
    precondition(
      offset % 16 == 0 && offset >= 0 && offset + count <= buffer.count,
      "a map of \(count) floats at \(offset) does not fit a buffer of \(buffer.count)")
    self.channels = channels
    self.size = size
    self.buffer = buffer
    pixels = buffer.pointer + offset
  }

  var blockCount: Int { ceilDivide(channels, 16) }

  var view: MapView {
    MapView(pixels: pixels, height: size.height, width: size.width, blocks: blockCount)
  }

  /// Fills the map with zeros.
  public func clear() {
    pixels.update(repeating: 0, count: FeatureMap.count(channels: channels, size: size))
    zones = []
  }

  /// Reads planar maps (channel, row, column).
  public func load(_ planar: UnsafePointer<Float>, threads: Threads, level: Level = .best) {
    zones = []
    loadBlocks(planar, threads, level.table)
  }

  func loadBlocks(_ planar: UnsafePointer<Float>, _ threads: Threads, _ table: KernelTable) {
    convert(UnsafeMutablePointer(mutating: planar), threads, table.toBlocks)
  }

  /// Writes planar maps (channel, row, column).
  public func store(
    _ planar: UnsafeMutablePointer<Float>, threads: Threads, level: Level = .best
  ) {
    storePlanar(planar, threads, level.table)
  }

  func storePlanar(
    _ planar: UnsafeMutablePointer<Float>, _ threads: Threads, _ table: KernelTable
  ) {
    convert(planar, threads, table.fromBlocks)
  }

  private func convert(
    _ planar: UnsafeMutablePointer<Float>, _ threads: Threads, _ kernel: Kernel
  ) {
    var job = LayoutJob(
      planar: planar, blocks: pixels, channels: channels, height: size.height, width: size.width)
    let (cells, run) = (size.area, 16384)
    let runs = ceilDivide(cells, run)
    withUnsafePointer(to: &job) { job in
      threads.run(blockCount * runs) { task, _ in
        let (block, part) = (task / runs, task % runs)
        kernel(job, block, block + 1, part * run, min(part * run + run, cells), pixels)
      }
    }
  }
}

/// The checks of the calls on tensors: what a user can cause is an error, not a trap.

func expect(_ what: String, _ got: Int, _ expected: Int) throws(GeometryError) {
  guard got == expected else { throw GeometryError("\(what); expected \(expected)") }
}

func checkRanks(_ x: Tensor<Float>, _ w: Tensor<Float>) throws(GeometryError) {
  try checkRank("input has", x.shape)
  try checkRank("kernels have", w.shape)
}

func checkRank(_ what: String, _ shape: Shape) throws(GeometryError) {
  guard shape.rank == 4 else {
    throw GeometryError("the \(what) shape \(shape); expected 4 dimensions")
  }
}

func checkShape(_ what: String, _ got: Shape, _ expected: Shape) throws(GeometryError) {
  guard got == expected else {
    throw GeometryError("the \(what) has shape \(got); expected \(expected)")
  }
}

func checkGroups(_ groups: Int, inputs: Int, outputs: Int) throws(GeometryError) {
  guard groups >= 1, inputs % groups == 0, outputs % groups == 0 else {
    throw GeometryError(
      "there are \(groups) groups for \(inputs) input and \(outputs) output channels; "
        + "the number of groups must divide both")
  }
}

func checkBias(_ bias: [Float]?, _ outputs: Int) throws(GeometryError) {
  if let bias { try expect("the bias has \(bias.count) numbers", bias.count, outputs) }
}
