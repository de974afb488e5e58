internal import Tensors

/// Which tiles of a convolution's output are computed, and where each is written. A tile is 4×4 or 2×2
/// cells for Winograd, one cell for a direct product.
struct TilePlan {
  let inputSize: Size
  let inputZones: [Zone]
  /// How many tiles lie below each other and side by side.
  let grid: Size
  /// How many cells before the map's first row and column the first tile begins.
  let lead: Int
  /// The tiles to be computed, by number.
  private(set) var tiles: [Int32] = []
  /// Tile i of the list is written to `copies[copyStart[i] ..< copyStart[i + 1]]`.
  private(set) var copyStart: [Int32] = [0]
  private(set) var copies: [Int32] = []
  /// Where the output repeats itself.
  private(set) var outputZones: [Zone] = []
  /// How many tiles a picture reaches. They are the first where those that none reaches were put last.
  private(set) var reached: Int
  /// The map that it is for.
  private let output: Size
  private let m: Int
  private var use = MapUse()

  /// Whether some tile is the same as another.
  var hasCopies: Bool { tiles.count < grid.area }

  /// Tiles of m×m outputs that read `n` inputs each.
  ///
  /// Only tiles that lie in a zone as a whole can be copied. Where zones end between tiles, tiles that
  /// begin some cells outside of the map may leave fewer to be computed.
  ///
  /// - Parameter leads: how many cells before the map the tiles may begin, the preferred first.
  init(
    input: Size, zones: [Zone], output: Size, n: Size, m: Int, top: Int, left: Int,
    leads: [Int]
  ) {
    let plans = (zones.isEmpty ? [0] : leads).map {
      TilePlan(
        input: input, zones: zones, output: output, n: n, m: m, top: top, left: left, lead: $0)
    }
    self = plans.min { $0.tiles.count < $1.tiles.count }!
  }

  /// Whether this is the plan for such an input, and for an output that is so used.
  func isFor(_ input: Size, _ zones: [Zone], _ use: MapUse) -> Bool {
    inputSize == input && inputZones == zones && self.use == use
  }

  /// Tiles of m×m outputs that read `n` inputs from (m · row − lead − top, m · column − lead − left) on.
  init(
    input: Size, zones: [Zone], output: Size, n: Size, m: Int, top: Int, left: Int, lead: Int = 0
  ) {
    inputSize = input
    inputZones = zones
    self.lead = lead
    self.output = output
    self.m = m
    reached = 0
    grid = Size(
      height: ceilDivide(output.height + lead, m), width: ceilDivide(output.width + lead, m))
    var same = Array(0..<grid.area)
    func root(_ tile: Int) -> Int {
      var tile = tile
      while same[tile] != tile { tile = same[tile] }
      return tile
    }
    let reach = Size(height: n.height - m, width: n.width - m)
    outputZones = zones.compactMap {
      $0.convolved(input: input, output: output, top: top, left: left, reach: reach)
    }
    for zone in outputZones {
      let isRight = zone.axis == .right
      let (rows, columns) = tiles(in: zone)
      for row in rows {
        for column in columns {
          let first =
            isRight
            ? row * grid.width + columns.lowerBound : rows.lowerBound * grid.width + column
          let (a, b) = (root(row * grid.width + column), root(first))
          same[max(a, b)] = min(a, b)
        }
      }
    }
    // Roots come before their copies: count each root's, then put them in their places.
    var place = [Int](repeating: 0, count: grid.area)
    for tile in 0..<grid.area {
      same[tile] = root(tile)
      place[same[tile]] += 1
    }
    var end = 0
    for tile in 0..<grid.area where same[tile] == tile {
      tiles.append(Int32(tile))
      (place[tile], end) = (end, end + place[tile])
      copyStart.append(Int32(end))
    }
    copies = [Int32](repeating: 0, count: grid.area)
    for tile in 0..<grid.area {
      copies[place[same[tile]]] = Int32(tile)
      place[same[tile]] += 1
    }
    reached = tiles.count
  }

  /// The rows and the columns of tiles whose cells all lie in the zone. Those at the map's ends have fewer:
  /// they are as good as others of their own row or column, but no others are copied from them.
  private func tiles(in zone: Zone) -> (rows: Range<Int>, columns: Range<Int>) {
    let isRight = zone.axis == .right
    return (
      tiles(in: zone.rows, mapEnd: isRight ? output.height : nil),
      tiles(in: zone.columns, mapEnd: isRight ? nil : output.width)
    )
  }

  private func tiles(in zone: Range<Int>, mapEnd: Int?) -> Range<Int> {
    let (start, end) = (zone.lowerBound + lead, zone.upperBound + lead)
    let first = mapEnd != nil && zone.lowerBound == 0 ? 0 : ceilDivide(start, m)
    let last = zone.upperBound == mapEnd ? ceilDivide(end, m) : end / m
    return first..<max(first, last)
  }
}

extension TilePlan {
  /// Puts the tiles that no picture reaches last if the map is made again and again, and leaves out the copies
  /// that none of its readers reads.
  ///
  /// - Parameter pooled: the size of the map that is stored, if that is the output pooled 2×2.
  func arranged(for use: MapUse, pooled: Size? = nil) -> TilePlan {
    var plan = self
    plan.use = use
    var order = Array(tiles.indices)
    if use.isRepeated {
      let isReached = tiles.map { reaches(Int($0)) }
      order = order.filter { isReached[$0] } + order.filter { !isReached[$0] }
      plan.reached = isReached.count { $0 }
    }
    let stored = pooled ?? output
    let unread = use.readDepth.map { depth in
      zones(pooledTo: pooled).compactMap { $0.inside(of: stored, depth: depth) }
    }
    guard use.isRepeated || unread?.isEmpty == false else { return plan }
    (plan.tiles, plan.copyStart, plan.copies) = ([], [0], [])
    for index in order {
      plan.tiles.append(tiles[index])
      plan.copies += copies[Int(copyStart[index])..<Int(copyStart[index + 1])].filter { copy in
        copy == tiles[index] || unread?.contains { holds($0, Int(copy), pooled) } != true
      }
      plan.copyStart.append(Int32(plan.copies.count))
    }
    return plan
  }

  /// The zones of what is stored: of the output, or of the output pooled 2×2 to a map of this size.
  func zones(pooledTo pooled: Size?) -> [Zone] {
    guard let pooled else { return outputZones }
    return outputZones.compactMap { $0.pooled(input: output, output: pooled) }
  }

  /// Whether some picture changes the tile. None does in the rows that repeat to the right, nor in the
  /// columns that repeat downwards, whole as they are: they lie beside all that it reaches.
  private func reaches(_ tile: Int) -> Bool {
    !outputZones.contains { zone in
      let (rows, columns) = tiles(in: zone)
      return zone.axis == .right
        ? rows.contains(tile / grid.width) : columns.contains(tile % grid.width)
    }
  }

  /// Whether all cells of the tile, as they are stored, lie in the zone.
  private func holds(_ zone: Zone, _ tile: Int, _ pooled: Size?) -> Bool {
    func cells(_ place: Int, _ end: Int) -> Range<Int> {
      let first = place * m - lead
      let range = max(0, first)..<min(end, first + m)
      return pooled == nil ? range : range.lowerBound / 2..<ceilDivide(range.upperBound, 2)
    }
    let rows = cells(tile / grid.width, output.height)
    let columns = cells(tile % grid.width, output.width)
    return zone.rows.lowerBound <= rows.lowerBound && rows.upperBound <= zone.rows.upperBound
      && zone.columns.lowerBound <= columns.lowerBound
      && columns.upperBound <= zone.columns.upperBound
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
