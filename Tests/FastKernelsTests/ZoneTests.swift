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
