import ConvolutionArithmetic
import KernelInterface
import Tensors
import Testing

@testable import FastKernels

/// Where a map repeats itself, one tile is computed for all: what is written must be what computing
/// everything gives, within the rounding of a tile.
struct ZoneTests {
  /// Five layers behind a padding, like the beginning of an FCN.
  func chain(
    _ table: KernelTable, size: Size, padding: Padding = 40, then: Padding = 1,
    method: PreparedConvolution.Method? = nil, forgettingZones: Bool
  ) throws -> ([Float], Int) {
    var random = SplitMix64(seed: 21)
    let picture = random.floats(3 * size.area)
    let channels = [3, 16, 16, 20, 17, 16]
    let workspace = Workspace(threads: Threads(2))
    var map: FeatureMap?
    var zones = 0
    for layer in 0..<5 {
      let (inputs, outputs) = (channels[layer], channels[layer + 1])
      let prepared = try PreparedConvolution(
        Convolution(kernelSize: 3, padding: layer == 0 ? padding : then),
        weights: random.floats(outputs * inputs * 9), bias: random.floats(outputs),
        outputs: outputs, inputs: inputs, rectify: true, pool: layer % 2 == 1, exact: false,
        method: layer == 0 ? nil : layer == 3 ? .product : method, threads: Threads(2), table: table
      )
      let output = FeatureMap(
        channels: outputs, size: try prepared.outputSize(input: map?.size ?? size))
      if let map {
        prepared.run(map, into: output, workspace)
      } else {
        prepared.run(planar: picture, size: size, into: output, workspace)
      }
      zones += output.zones.count
      if forgettingZones { output.zones = [] }
      map = output
    }
    var result = [Float](repeating: 0, count: map!.channels * map!.size.area)
    map!.store(&result, threads: Threads(1))
    return (result, zones)
  }

  @Test func `Repeated tiles are what computed ones are`() throws {
    for size in [Size(20), Size(height: 1, width: 31), Size(height: 37, width: 6)] {
      for (name, table) in tables {
        let quick = try chain(table, size: size, forgettingZones: false)
        let slow = try chain(table, size: size, forgettingZones: true)
        #expect(quick.1 >= 12, "no zones were found: \(size)")
        let largest = slow.0.map(abs).max()!
        let farthest = zip(quick.0, slow.0).map { abs($0 - $1) }.max()!
        #expect(farthest < 2e-6 * largest, "\(name): \(size): \(farthest) of \(largest)")
      }
    }
  }

  @Test func `Sums cell by cell have the bits of computed ones`() throws {
    for (name, table) in tables {
      let quick = try chain(table, size: 20, method: .product, forgettingZones: false)
      let slow = try chain(table, size: 20, method: .product, forgettingZones: true)
      #expect(quick.1 >= 12 && quick.0 == slow.0, "\(name)")
    }
  }

  @Test(arguments: [
    Padding(top: 0, left: 0, bottom: 40, right: 40), Padding(top: 40, left: 0, bottom: 0, right: 0),
    Padding(top: 0, left: 0, bottom: 0, right: 37), Padding(top: 39, left: 38, bottom: 2, right: 0),
  ])
  func `No tile is copied from one that the map's end has cut`(padding: Padding) throws {
    for (then, size) in [(Padding(0), Size(23)), (1, Size(height: 22, width: 21))] {
      for (name, table) in tables {
        let quick = try chain(
          table, size: size, padding: padding, then: then, forgettingZones: false)
        let slow = try chain(table, size: size, padding: padding, then: then, forgettingZones: true)
        let largest = slow.0.map(abs).max()!
        let farthest = zip(quick.0, slow.0).map { abs($0 - $1) }.max()!
        #expect(farthest < 2e-6 * largest, "\(name): \(farthest) of \(largest)")
      }
    }
  }

  @Test func `Tiles begin outside of the map where fewer then have to be computed`() {
    // Eight of 24 rows repeat to the right. Windows of 3×3 leave seven that do, but for their ends.
    let zone = Zone(rows: 0..<8, columns: 0..<24, axis: .right)
    func plan(_ leads: [Int]) -> TilePlan {
      TilePlan(
        input: 24, zones: [zone], output: 24, n: 6, m: 4, top: 1, left: 1, leads: leads)
    }
    // Tiles of 4×4: one row of six lies in the zone, and in it the four between the first and the last are
    // one. Begun a row and a column earlier there are seven a row, of which five are one, in two rows.
    #expect(plan([0]).tiles.count == 6 * 6 - 3 && plan([0]).grid == 6)
    #expect(plan([1]).tiles.count == 7 * 7 - 2 * 4 && plan([1]).grid == 7)
    #expect(plan([0, 1]).lead == 0)
    // In a wide map that pays, and the more where no row of tiles is added.
    let wide = Zone(rows: 0..<8, columns: 0..<100, axis: .right)
    let size = Size(height: 23, width: 100)
    let chosen = TilePlan(
      input: size, zones: [wide], output: size, n: 6, m: 4, top: 1, left: 1, leads: [0, 1, 2, 3])
    #expect(chosen.lead == 1 && chosen.tiles.count == 6 * 26 - 2 * 23)
    #expect(
      TilePlan(input: size, zones: [], output: size, n: 6, m: 4, top: 1, left: 1, leads: [1, 0])
        .lead == 0)
  }

  /// Three layers behind a padding of 50: 3 → 8 → 24 → 16 maps, pooled after the second, and how their
  /// maps are used.
  private struct Padded {
    let layers: [PreparedConvolution]
    let maps: [FeatureMap]
    let workspace = Workspace(threads: Threads(2))

    init(_ table: KernelTable, kernelSizes: [Int], exact: Bool, size: Size) throws {
      var random = SplitMix64(seed: 5)
      let channels = [3, 8, 24, 16]
      layers = try (0..<3).map { layer in
        let (inputs, outputs, k) = (channels[layer], channels[layer + 1], kernelSizes[layer])
        return try PreparedConvolution(
          Convolution(kernelSize: Size(k), padding: Padding(Size(layer == 0 ? 50 : k / 2))),
          weights: random.floats(outputs * inputs * k * k), bias: random.floats(outputs),
          outputs: outputs, inputs: inputs, rectify: true, pool: layer == 1, exact: exact,
          method: nil, threads: Threads(2), table: table)
      }
      var (maps, input) = ([FeatureMap](), size)
      for layer in layers {
        input = try layer.outputSize(input: input)
        maps.append(FeatureMap(channels: layer.outputs, size: input))
      }
      self.maps = maps
    }

    /// The last map for a picture of noise. What nobody writes is not a number.
    func run(seed: UInt64, size: Size, loudness: Float = 1) throws -> [Float] {
      for map in maps {
        map.pixels.update(
          repeating: .nan, count: FeatureMap.count(channels: map.channels, size: map.size))
      }
      var random = SplitMix64(seed: seed)
      let picture = random.floats(3 * size.area).map { $0 * loudness }
      layers[0].run(planar: picture, size: size, into: maps[0], workspace)
      layers[1].run(maps[0], into: maps[1], workspace)
      layers[2].run(maps[1], into: maps[2], workspace)
      var result = [Float](repeating: 0, count: maps[2].channels * maps[2].size.area)
      maps[2].store(&result, threads: Threads(1))
      return result
    }
  }

  @Test(arguments: [[3, 3, 3], [3, 3, 7], [5, 3, 5]], [false, true])
  func `What no reader looks at is not written`(kernelSizes: [Int], exact: Bool) throws {
    for size in [Size(20), Size(height: 3, width: 41)] {
      for (name, table) in tables {
        let whole = try Padded(table, kernelSizes: kernelSizes, exact: exact, size: size)
        let sparse = try Padded(table, kernelSizes: kernelSizes, exact: exact, size: size)
        for layer in 1...2 {
          sparse.maps[layer - 1].use.readDepth = try sparse.layers[layer].readDepth(
            input: sparse.maps[layer - 1].size)
        }
        let expected = try whole.run(seed: 1, size: size)
        #expect(expected.allSatisfy { $0.isFinite })
        #expect(try sparse.run(seed: 1, size: size) == expected, "\(name): \(size)")
        // The pool writes all that a sum cell by cell gives.
        let middle = sparse.maps[1]
        let count = FeatureMap.count(channels: middle.channels, size: middle.size)
        let unwritten = UnsafeBufferPointer(start: middle.pixels, count: count).count { $0.isNaN }
        #expect(exact ? unwritten == 0 : unwritten > count / 16, "\(name): \(unwritten)")
      }
    }
  }

  /// The cells that a plan writes, of what it stores.
  private func written(_ plan: TilePlan, m: Int, pool: Bool, _ stored: Size) -> Set<Int> {
    let (side, first) = pool ? (m / 2, plan.lead / 2) : (m, plan.lead)
    var cells: Set<Int> = []
    for tile in plan.copies.map(Int.init) {
      let (y, x) = (tile / plan.grid.width * side - first, tile % plan.grid.width * side - first)
      for row in max(0, y)..<min(stored.height, y + side) {
        for column in max(0, x)..<min(stored.width, x + side) {
          cells.insert(row * stored.width + column)
        }
      }
    }
    return cells
  }

  /// How many cells a plan needs that the one before has not written, and how many that one left out.
  private func missing(
    _ size: Size, _ interior: (Range<Int>, Range<Int>), by m: Int, pool: Bool,
    for next: (n: Int, m: Int), lead: Int, depth: Int
  ) -> (unwritten: Int, leftOut: Int) {
    let zones = [
      Zone.clipped(0, interior.0.lowerBound, 0, size.width, size, .right),
      Zone.clipped(interior.0.upperBound, size.height, 0, size.width, size, .right),
      Zone.clipped(0, size.height, 0, interior.1.lowerBound, size, .down),
      Zone.clipped(0, size.height, interior.1.upperBound, size.width, size, .down),
    ].compactMap(\.self)
    let stored =
      pool ? Size(height: (size.height + 1) / 2, width: (size.width + 1) / 2) : size
    var use = MapUse()
    use.readDepth = depth
    let plan = TilePlan(
      input: size, zones: zones, output: size, n: Size(m + 2), m: m, top: 1, left: 1,
      leads: pool ? [0, 2] : Array(0..<m)
    ).arranged(for: use, interior: nil, pooled: pool ? stored : nil)
    let after = TilePlan(
      input: stored, zones: plan.zones(pooledTo: pool ? stored : nil), output: stored,
      n: Size(next.n), m: next.m, top: (next.n - next.m) / 2, left: (next.n - next.m) / 2,
      lead: lead)
    let cells = written(plan, m: m, pool: pool, stored)
    var unwritten = 0
    for tile in after.tiles.map(Int.init) {
      let start = (next.n - next.m) / 2 + after.lead
      let (y, x) = (
        tile / after.grid.width * next.m - start, tile % after.grid.width * next.m - start
      )
      for row in max(0, y)..<min(stored.height, y + next.n) {
        for column in max(0, x)..<min(stored.width, x + next.n)
        where !cells.contains(row * stored.width + column) { unwritten += 1 }
      }
    }
    return (unwritten, stored.area - cells.count)
  }

  @Test(arguments: [(n: 3, m: 1), (5, 1), (6, 4), (8, 2)])
  func `What is read was written`(next: (n: Int, m: Int)) {
    var (leftOut, tooShallow) = (0, 0)
    for width in 60..<64 {
      for first in 23..<27 {
        let (size, rows) = (Size(height: 31, width: width), 17..<19)
        for (m, pool) in [(1, false), (4, false), (4, true)] {
          for lead in 0..<next.m {
            func missing(_ depth: Int) -> (unwritten: Int, leftOut: Int) {
              self.missing(
                size, (rows, first..<30), by: m, pool: pool, for: next, lead: lead, depth: depth)
            }
            let there = missing(next.n + next.m - 1)
            #expect(there.unwritten == 0, "\(size), \(first), \(m), \(pool), \(lead)")
            leftOut += there.leftOut
            tooShallow += missing(next.n + next.m - 2).unwritten
          }
        }
      }
    }
    #expect(leftOut > 1000 && tooShallow > 0)
  }

  @Test func `A tile that no picture reaches is computed in the first run`() throws {
    for (name, table) in tables {
      for size in [Size(20), Size(height: 20, width: 33), Size(height: 5, width: 2), Size(23)] {
        func network(_ isRepeated: Bool) throws -> Padded {
          let network = try Padded(table, kernelSizes: [3, 3, 3], exact: false, size: size)
          for map in network.maps { map.use.isRepeated = isRepeated }
          return network
        }
        let (once, repeated) = (try network(false), try network(true))
        // The first picture is so loud that a tile which has but its rounding would show it.
        _ = try repeated.run(seed: 1, size: size, loudness: 1e30)
        let (kept, right) = (
          try repeated.run(seed: 2, size: size), try once.run(seed: 2, size: size)
        )
        #expect(kept == right, "\(name): \(size)")
        let (layer, input) = (repeated.layers[2], repeated.maps[1].size)
        #expect(
          try layer.remainingMultiplyAdds(input: input)
            < once.layers[2].remainingMultiplyAdds(input: input))
        // The corners of the map are what was kept.
        let unreached = repeated.maps[2].unreached!
        unreached.pointer.update(repeating: 7, count: unreached.count)
        let changed = try repeated.run(seed: 2, size: size)
        let middle = once.maps[2].size
        let center = middle.height / 2 * middle.width + middle.width / 2
        #expect(changed[0] == 7 && changed.last == 7 && changed[center] == right[center])
        #expect(right[0] != 7 && right.last != 7)
      }
    }
  }

  @Test func `Behind a stride nothing repeats, and nothing is kept`() throws {
    func convolved(_ input: FeatureMap, stride: Int) throws -> FeatureMap {
      let layer = try PreparedConvolution(
        Convolution(kernelSize: 3, stride: Size(stride), padding: 1),
        weights: [Float](repeating: 1, count: 16 * 16 * 9), bias: nil, outputs: 16, inputs: 16)
      let output = FeatureMap(channels: 16, size: try layer.outputSize(input: input.size))
      output.use.isRepeated = true
      layer.run(input, into: output, Workspace(threads: Threads(1)))
      return output
    }
    let input = FeatureMap(channels: 16, size: 40)
    input.clear()
    input.zones = [Zone(rows: 0..<20, columns: 0..<40, axis: .right)]
    input.interior = Interior(rows: 20..<40, columns: 0..<40)
    let near = try convolved(input, stride: 1)
    #expect(near.zones.count == 1 && near.interior != nil && near.unreached != nil)
    let far = try convolved(convolved(input, stride: 2), stride: 1)
    #expect(far.zones.isEmpty && far.interior == nil && far.unreached == nil)
  }

  @Test func `The border of a padded convolution repeats`() throws {
    let layer = try PreparedConvolution(
      Convolution(kernelSize: 3, padding: 10), weights: [Float](repeating: 1, count: 9), bias: nil,
      outputs: 1, inputs: 1)
    let output = FeatureMap(channels: 1, size: try layer.outputSize(input: 5))
    layer.run(
      planar: [Float](repeating: 1, count: 25), size: 5, into: output,
      Workspace(threads: Threads(1)))
    // Of 5 + 2·10 − 2 = 23 rows, 8 above and 8 below see padding only; 7 = 5 + 2 meet the picture.
    #expect(output.size == 23)
    #expect(
      output.zones == [
        Zone(rows: 0..<8, columns: 0..<23, axis: .right),
        Zone(rows: 15..<23, columns: 0..<23, axis: .right),
        Zone(rows: 0..<23, columns: 0..<8, axis: .down),
        Zone(rows: 0..<23, columns: 15..<23, axis: .down),
      ])
  }
}
