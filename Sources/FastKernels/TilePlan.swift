internal import Tensors

/// Which tiles of a Winograd convolution are computed, and where each is written.
struct TilePlan {
  let inputSize: Size
  let inputZones: [Zone]
  /// The tiles to be computed, by number.
  private(set) var tiles: [Int32] = []
  /// Tile i of the list is written to `copies[copyStart[i] ..< copyStart[i + 1]]`.
  private(set) var copyStart: [Int32] = [0]
  private(set) var copies: [Int32] = []
  /// Where the output repeats itself.
  private(set) var outputZones: [Zone] = []

  /// Tiles of m×m outputs that read n×n inputs from (m · row − top, m · column − left) on.
  init(
    input: Size, zones: [Zone], output: Size, grid: Size, n: Int, m: Int, top: Int, left: Int
  ) {
    inputSize = input
    inputZones = zones
    var same = Array(0..<grid.area)
    func root(_ tile: Int) -> Int {
      var tile = tile
      while same[tile] != tile { tile = same[tile] }
      return tile
    }
    for zone in zones where m % zone.period == 0 {
      let isRight = zone.axis == .right
      let rows = TilePlan.range(
        zone.rows, input.height, grid.height, n, m, top, across: isRight)
      let columns = TilePlan.range(
        zone.columns, input.width, grid.width, n, m, left, across: !isRight)
      for row in rows {
        for column in columns {
          let first =
            isRight
            ? row * grid.width + columns.lowerBound : rows.lowerBound * grid.width + column
          let (a, b) = (root(row * grid.width + column), root(first))
          same[max(a, b)] = min(a, b)
        }
      }
      if let zone = Zone.clipped(
        rows.lowerBound * m, rows.upperBound * m, columns.lowerBound * m, columns.upperBound * m,
        output, zone.axis, m)
      {
        outputZones.append(zone)
      }
    }
    var copiesOf: [Int: [Int32]] = [:]
    for tile in 0..<grid.area where same[tile] != tile {
      copiesOf[root(tile), default: []].append(Int32(tile))
    }
    for tile in 0..<grid.area where same[tile] == tile {
      tiles.append(Int32(tile))
      copies.append(Int32(tile))
      copies.append(contentsOf: copiesOf[tile] ?? [])
      copyStart.append(Int32(copies.count))
    }
  }

  /// The tiles whose input lies in the zone: along the repetition wholly, padding excluded; across it
  /// as far as the map reaches.
  private static func range(
    _ zone: Range<Int>, _ input: Int, _ grid: Int, _ n: Int, _ m: Int, _ before: Int, across: Bool
  ) -> Range<Int> {
    let fits = (0..<grid).filter { tile in
      let first = tile * m - before
      let end = first + n
      return across
        ? max(first, 0) >= zone.lowerBound && min(end, input) <= zone.upperBound
          && max(first, 0) < input
        : first >= zone.lowerBound && end <= zone.upperBound
    }
    guard let first = fits.first, let last = fits.last else { return 0..<0 }
    return first..<(last + 1)
  }
}
