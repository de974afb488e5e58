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
  package var zones: [Zone] = [] { didSet { interior = nil } }
  /// The cells that a picture reaches; nil: all of them may be. It is to be said after the zones.
  package var interior: Interior?
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

/// A rectangle of a map in which the pixels repeat along one axis: each is the same sum as the one beside
/// it.
///
/// FCN pads its first layer by 100. The first maps are therefore constant over wide borders: along
/// the top and the bottom from left to right, along the sides from top to bottom. What repeats in the
/// input of a layer repeats in its output (less a kernel's reach at the ends), so it is computed once
/// and written many times. The pixels of a Winograd tile are rounded each in another way, and in another way
/// where the tile also reads what does not repeat; so what is written is equal in exact arithmetic, and
/// within the rounding of the method to what would have been computed.
package struct Zone: Hashable {
  enum Axis { case down, right }

  var rows: Range<Int>
  var columns: Range<Int>
  /// The direction in which the pixels repeat.
  var axis: Axis

  /// The same rectangle with rows and columns exchanged, so that each rule is written once.
  private var turned: Zone {
    Zone(rows: columns, columns: rows, axis: axis == .right ? .down : .right)
  }

  /// What remains after windows of `reach + 1` rows and columns have been read with stride 1.
  func convolved(input: Size, output: Size, top: Int, left: Int, reach: Size) -> Zone? {
    if axis == .down {
      return turned.convolved(
        input: Size(height: input.width, width: input.height),
        output: Size(height: output.width, width: output.height),
        top: left, left: top, reach: Size(height: reach.width, width: reach.height))?.turned
    }
    // Across, what lies outside of the map is zero for every column alike.
    let first = rows.lowerBound == 0 ? 0 : rows.lowerBound + top
    let end = rows.upperBound == input.height ? output.height : rows.upperBound + top - reach.height
    return Zone.clipped(
      first, end, columns.lowerBound + left, columns.upperBound + left - reach.width, output,
      .right)
  }

  /// What remains after pooling 2×2 with stride 2.
  func pooled(input: Size, output: Size) -> Zone? {
    if axis == .down {
      return turned.pooled(
        input: Size(height: input.width, width: input.height),
        output: Size(height: output.width, width: output.height))?.turned
    }
    let end = rows.upperBound == input.height ? output.height : rows.upperBound / 2
    return Zone.clipped(
      ceilDivide(rows.lowerBound, 2), end, ceilDivide(columns.lowerBound, 2),
      columns.upperBound / 2, output, .right)
  }

  /// The cells of the zone that are at least so many from its ends, and across from its sides, but for those
  /// where the map ends; nil if there are none.
  func inside(of map: Size, depth: Int) -> Zone? {
    if axis == .down {
      return turned.inside(of: Size(height: map.width, width: map.height), depth: depth)?.turned
    }
    let top = rows.lowerBound == 0 ? 0 : rows.lowerBound + depth
    let bottom = rows.upperBound == map.height ? map.height : rows.upperBound - depth
    return Zone.clipped(
      top, bottom, columns.lowerBound + depth, columns.upperBound - depth, map, .right)
  }

  /// A zone clipped to the map; nil if nothing would be gained by it.
  static func clipped(
    _ top: Int, _ bottom: Int, _ left: Int, _ right: Int, _ map: Size, _ axis: Axis
  ) -> Zone? {
    let (top, bottom) = (max(0, top), min(map.height, bottom))
    let (left, right) = (max(0, left), min(map.width, right))
    guard top < bottom, left < right else { return nil }
    let extent = axis == .right ? right - left : bottom - top
    guard extent > 2 else { return nil }
    return Zone(rows: top..<bottom, columns: left..<right, axis: axis)
  }
}

/// The cells of a map that a picture reaches: no bit of the others depends on it.
package struct Interior: Equatable {
  let rows: Range<Int>
  let columns: Range<Int>

  init(rows: Range<Int>, columns: Range<Int>) {
    (self.rows, self.columns) = (rows, columns)
  }

  /// The output cells whose window meets the picture; all others see padding only.
  init(_ window: Convolution, input: Size, output: Size) {
    self.init(
      window, input: Interior(rows: 0..<input.height, columns: 0..<input.width), output: output)
  }

  /// The output cells whose window meets the interior of the input.
  init(_ window: Convolution, input: Interior, output: Size) {
    rows = Interior.range(window.rows, input.rows, output.height)
    columns = Interior.range(window.columns, input.columns, output.width)
  }

  private static func range(_ window: Window, _ input: Range<Int>, _ output: Int) -> Range<Int> {
    // Window o covers o · stride − padding ... o · stride − padding + reach.
    let reach = (window.kernelSize - 1) * window.dilation
    let first = min(
      output,
      ceilDivide(max(0, input.lowerBound + window.paddingBefore - reach), window.stride))
    let end = min(output, ceilDivide(input.upperBound + window.paddingBefore, window.stride))
    return first..<max(first, end)
  }

  /// The cells of the map pooled 2×2 that look at these.
  var pooled: Interior {
    func half(_ range: Range<Int>) -> Range<Int> {
      range.lowerBound / 2..<ceilDivide(range.upperBound, 2)
    }
    return Interior(rows: half(rows), columns: half(columns))
  }

  func zones(of output: Size) -> [Zone] {
    let (height, width) = (output.height, output.width)
    return [
      Zone.clipped(0, rows.lowerBound, 0, width, output, .right),
      Zone.clipped(rows.upperBound, height, 0, width, output, .right),
      Zone.clipped(0, height, 0, columns.lowerBound, output, .down),
      Zone.clipped(0, height, columns.upperBound, width, output, .down),
    ].compactMap { $0 }
  }
}
