import ConvolutionArithmetic
import KernelInterface
import Tensors
import Testing

@testable import FastKernels

/// Where a map repeats itself, one tile is computed for all: the bits must be those of computing
/// everything.
struct ZoneTests {
  /// Five layers behind a padding of 40, like the beginning of an FCN.
  func chain(_ table: KernelTable, size: Size, forgettingZones: Bool) throws -> ([Float], Int) {
    var random = SplitMix64(seed: 21)
    let picture = random.floats(3 * size.area)
    let channels = [3, 16, 16, 20, 17, 16]
    let workspace = Workspace(threads: Threads(2))
    var map: FeatureMap?
    var zones = 0
    for layer in 0..<5 {
      let (inputs, outputs) = (channels[layer], channels[layer + 1])
      let prepared = try PreparedConvolution(
        Convolution(kernelSize: 3, padding: layer == 0 ? 40 : 1),
        weights: random.floats(outputs * inputs * 9), bias: random.floats(outputs),
        outputs: outputs, inputs: inputs, rectify: true, pool: layer % 2 == 1, exact: false,
        method: layer == 3 ? .product : nil, threads: Threads(2), table: table)
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

  @Test func `Repeated tiles have the bits of computed ones`() throws {
    for size in [Size(20), Size(height: 1, width: 31), Size(height: 37, width: 6)] {
      for (name, table) in tables {
        let quick = try chain(table, size: size, forgettingZones: false)
        let slow = try chain(table, size: size, forgettingZones: true)
        #expect(quick.1 >= 12, "no zones were found: \(size)")
        #expect(quick.0 == slow.0, "\(name): \(size)")
      }
    }
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
        Zone(rows: 0..<8, columns: 0..<23, axis: .right, period: 1),
        Zone(rows: 15..<23, columns: 0..<23, axis: .right, period: 1),
        Zone(rows: 0..<23, columns: 0..<8, axis: .down, period: 1),
        Zone(rows: 0..<23, columns: 15..<23, axis: .down, period: 1),
      ])
  }
}
