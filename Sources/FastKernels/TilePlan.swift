internal import ConvolutionArithmetic
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
  /// The cells of the output that a picture reaches, pooled if the output is; nil: not known.
  private(set) var outputInterior: Interior?
  /// The map that it is for, and the tiles: m×m outputs of n inputs from `(top, left)` on.
  private let output: Size
  private let m: Int
  private let n: Size
  private let top: Int
  private let left: Int
  private var use = MapUse()
  private var inputInterior: Interior?

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
  func isFor(_ input: Size, _ zones: [Zone], _ interior: Interior?, _ use: MapUse) -> Bool {
    inputSize == input && inputZones == zones && inputInterior == interior && self.use == use
  }

  /// Tiles of m×m outputs that read `n` inputs from (m · row − lead − top, m · column − lead − left) on.
  init(
    input: Size, zones: [Zone], output: Size, n: Size, m: Int, top: Int, left: Int, lead: Int = 0
  ) {
    inputSize = input
    inputZones = zones
    self.lead = lead
    (self.output, self.m, self.n) = (output, m, n)
    (self.top, self.left) = (top, left)
    reached = 0
    grid = Size(
      height: ceilDivide(output.height + lead, m), width: ceilDivide(output.width + lead, m))
    let reach = Size(height: n.height - m, width: n.width - m)
    outputZones = zones.compactMap {
      $0.convolved(input: input, output: output, top: top, left: left, reach: reach)
    }
    let first = firstOfSame()
    // First tiles come before their copies: count each one's, then put them in their places.
    var place = [Int32](repeating: 0, count: grid.area)
    for tile in first { place[Int(tile)] += 1 }
    tiles.reserveCapacity(grid.area)
    copyStart.reserveCapacity(grid.area + 1)
    var end: Int32 = 0
    for tile in first.indices where first[tile] == tile {
      tiles.append(Int32(tile))
      (place[tile], end) = (end, end + place[tile])
      copyStart.append(end)
    }
    copies = [Int32](repeating: 0, count: grid.area)
    for tile in first.indices {
      let one = Int(first[tile])
      copies[Int(place[one])] = Int32(tile)
      place[one] += 1
    }
    reached = tiles.count
  }

  /// The first tile of those that are the same as each.
  private func firstOfSame() -> [Int32] {
    [Int32](unsafeUninitializedCapacity: grid.area) { same, count in
      count = grid.area
      for tile in 0..<count { same[tile] = Int32(tile) }
      func root(_ tile: Int) -> Int {
        var tile = tile
        while same[tile] != tile { tile = Int(same[tile]) }
        return tile
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
            same[max(a, b)] = Int32(min(a, b))
          }
        }
      }
      // Those before it know theirs already.
      for tile in 0..<count { same[tile] = same[Int(same[tile])] }
    }
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
  /// - Parameters:
  ///   - interior: the cells of the input that a picture reaches; nil: it may reach all.
  ///   - pooled: the size of the map that is stored, if that is the output pooled 2×2.
  func arranged(for use: MapUse, interior: Interior?, pooled: Size? = nil) -> TilePlan {
    var plan = self
    (plan.use, plan.inputInterior) = (use, interior)
    var order = Array(tiles.indices)
    let isReached = tiles.map { tile in interior.map { reads($0, Int(tile)) } ?? true }
    plan.outputInterior = interior.map { _ in cells(ofTilesWhere: isReached, pooled) }
    if use.isRepeated {
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

  /// Whether the tile is made of cells of the interior too: then all its cells depend on them, at least by
  /// their rounding.
  private func reads(_ interior: Interior, _ tile: Int) -> Bool {
    let row = tile / grid.width * m - lead - top
    let column = tile % grid.width * m - lead - left
    return interior.rows.overlaps(row..<row + n.height)
      && interior.columns.overlaps(column..<column + n.width)
  }

  /// The least rectangle that holds all cells of these tiles and of their copies, as they are stored.
  private func cells(ofTilesWhere isMeant: [Bool], _ pooled: Size?) -> Interior {
    var all: Interior?
    for index in tiles.indices where isMeant[index] {
      for copy in copies[Int(copyStart[index])..<Int(copyStart[index + 1])] {
        let one = cells(Int(copy), pooled)
        func joined(_ a: Range<Int>, _ b: Range<Int>) -> Range<Int> {
          min(a.lowerBound, b.lowerBound)..<max(a.upperBound, b.upperBound)
        }
        all =
          all.map {
            Interior(rows: joined($0.rows, one.rows), columns: joined($0.columns, one.columns))
          } ?? one
      }
    }
    return all ?? Interior(rows: 0..<0, columns: 0..<0)
  }

  /// The cells of a tile, as they are stored.
  private func cells(_ tile: Int, _ pooled: Size?) -> Interior {
    func range(_ place: Int, _ end: Int) -> Range<Int> {
      let first = place * m - lead
      return max(0, first)..<min(end, first + m)
    }
    let cells = Interior(
      rows: range(tile / grid.width, output.height),
      columns: range(tile % grid.width, output.width))
    return pooled == nil ? cells : cells.pooled
  }

  /// Whether all cells of the tile, as they are stored, lie in the zone.
  private func holds(_ zone: Zone, _ tile: Int, _ pooled: Size?) -> Bool {
    let (cells, rows, columns) = (cells(tile, pooled), zone.rows, zone.columns)
    return rows.lowerBound <= cells.rows.lowerBound && cells.rows.upperBound <= rows.upperBound
      && columns.lowerBound <= cells.columns.lowerBound
      && cells.columns.upperBound <= columns.upperBound
  }
}

extension PreparedConvolution {
  /// Which cells to compute where the input repeats itself; nil: all of them.
  func productPlan(
    _ input: FeatureMap, _ output: FeatureMap, _ reach: Size
  ) -> TilePlan? {
    guard !input.zones.isEmpty, stride == 1, kernelSize.area > 1 else { return nil }
    var use = MapUse()
    use.readDepth = output.use.readDepth
    if plan?.isFor(input.size, input.zones, input.interior, use) != true {
      plan = TilePlan(
        input: input.size, zones: input.zones, output: output.size,
        n: Size(height: reach.height + 1, width: reach.width + 1), m: 1, top: padding.top,
        left: padding.left
      ).arranged(for: use, interior: input.interior)
    }
    return plan!.hasCopies ? plan : nil
  }
}
