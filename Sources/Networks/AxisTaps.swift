import ConvolutionArithmetic
import Primitives
import Tensors

/// Which cells of which layers lead to one cell, along one axis of a picture of one size.
struct AxisTaps {
  /// The layers that each one reads and takes cells from.
  let inputs: [[Int]]
  /// Of each layer the cells from the first to the last from which a path leads to the cell; nil if none
  /// does. Of the picture, padding included.
  private(set) var reach: [ClosedRange<Int>?]
  /// How many bits hold the number of all paths from the picture to a cell of each layer; no fewer than
  /// that.
  private(set) var bits: [Int] = []

  private let line: NetworkAxis
  private let extents: [Int?]

  init(
    _ network: Network, along axis: Network.Axis, picture: Int, cell: Int
  ) throws(GeometryError) {
    line = NetworkAxis(network, along: axis)
    extents = try line.walk(input: picture).extents
    inputs = line.inputs.enumerated().map { index, read in
      // A crop takes nothing but its size from its second input.
      network.layers[index].operation.takesSizeOfSecond ? [read[0]] : read
    }
    reach = Array(repeating: nil, count: inputs.count)
    reach[inputs.count - 1] = cell...cell
    for index in reach.indices.reversed() {
      guard let own = reach[index] else { continue }
      for (stream, input) in inputs[index].enumerated() {
        for (_, cells) in try sources(of: own, index, stream) {
          for cell in cells {
            let old = reach[input] ?? cell...cell
            reach[input] = min(old.lowerBound, cell)...max(old.upperBound, cell)
          }
        }
      }
    }
    for (index, read) in inputs.enumerated() {
      guard let most = read.map({ bits[$0] }).max() else {
        bits.append(0)
        continue
      }
      bits.append(most + Self.bits(read.count) + Self.bits(try taps(of: index)))
    }
  }

  /// The least number of bits b with count ≤ 2^b.
  private static func bits(_ count: Int) -> Int {
    Int.bitWidth - max(0, count - 1).leadingZeroBitCount
  }

  /// The most cells that a cell of a layer takes from one input.
  private func taps(of index: Int) throws(GeometryError) -> Int {
    let operation = line.network.layers[index].operation
    if let window = try operation.window(along: line.axis) { return window.kernelSize }
    return switch operation {
    case .globalPool: extents[inputs[index][0]] ?? 1
    case .resize: 2
    default: 1
    }
  }

  /// The cells of an input that some cells of a layer take, once for each tap.
  ///
  /// - Throws: `GeometryError` if there are too many.
  func sources(
    of cells: ClosedRange<Int>, _ index: Int, _ stream: Int
  ) throws(GeometryError) -> [(cell: Int, sources: [Int])] {
    let input = inputs[index][stream]
    guard let given = extents[input], let made = extents[index] else { return [] }
    let operation = line.network.layers[index].operation
    let (taps, overflows) = cells.count.multipliedReportingOverflow(by: try self.taps(of: index))
    guard !overflows, taps <= mostTaps else {
      throw GeometryError(
        "\(line.network.layers[index].name) takes more than \(mostTaps) cells for this one; they are "
          + "too many to be followed")
    }
    let window = try operation.window(along: line.axis)
    let axis: Axis? = if let window { try window.axis(input: given) } else { nil }
    var blends: [Blend<Fraction>] = []
    if window == nil, case .resize(let resize) = operation {
      blends = resize.blends(from: given, to: made, along: line.axis)
    }
    let offset = try line.cropOffset(of: index)
    return cells.map { cell in
      if let axis {
        return (cell, positions(of: cell, axis, operation, isPicture: input == 0))
      }
      switch operation {
      case .globalPool: return (cell, Array(0..<given))
      case .resize: return (cell, blends[cell].shares.map { $0.cell })
      // A map of one cell behind a global pool goes with every cell.
      case .sum, .product, .maximum: return (cell, [given == 1 ? 0 : cell])
      case .input, .activation, .batchNormalization, .affine, .power, .softmax, .normalization,
        .dropout, .crop, .centerCrop, .padTo, .cut, .channels, .shuffle, .concatenate, .identity,
        .unknown:
        return (cell, [cell + offset])
      case .convolution, .transposedConvolution, .maxPool, .averagePool, .pad, .pixelShuffle,
        .pixelUnshuffle:
        preconditionFailure("it has a window")
      }
    }
  }

  /// What a window takes for one cell; of the picture's padding too, of that of other maps nothing.
  private func positions(
    of cell: Int, _ axis: Axis, _ operation: Network.Operation, isPicture: Bool
  ) -> [Int] {
    let window = axis.window
    guard !window.isTransposed else { return axis.sources(ofResult: cell).map { $0.given } }
    let size = axis.inputSize
    return (0..<window.kernelSize).compactMap { kernel in
      let position = axis.position(output: cell, kernel: kernel)
      if (0..<size).contains(position) { return position }
      switch operation {
      case .pad(_, .reflection): return position < 0 ? -position : 2 * (size - 1) - position
      case .pad(_, .replication): return min(max(position, 0), size - 1)
      default:
        let isPadding = position >= -window.paddingBefore && position < size + window.paddingAfter
        return isPicture && isPadding ? position : nil
      }
    }
  }
}

/// The most taps that are followed through one layer.
private let mostTaps = 20_000_000
