import ConvolutionArithmetic
import FastKernels
import Primitives
import Tensors

extension FastNetwork {
  /// Runs a layer that stands between convolutions and has no weights.
  static func run(
    _ layer: Network.Layer, _ inputs: [FeatureMap], _ output: FeatureMap, _ workspace: Workspace
  ) {
    let input = inputs[0]
    switch layer.operation {
    case .activation(let function):
      mapNumbers(input, into: output, workspace) { function.write($0, to: $1, count: $2) }
    case .power(let exponent, let scale, let shift):
      let (exponent, scale, shift) = (Float(exponent), Float(scale), Float(shift))
      mapNumbers(input, into: output, workspace) { from, to, count in
        for index in 0..<count { to[index] = from[index] * scale + shift }
        guard exponent != 1 else { return }
        for index in 0..<count { to[index] = Float.pow(to[index], exponent) }
      }
    case .softmax:
      softmaxOverChannels(input, into: output, workspace, exp: Float.exp)
    case .globalPool(let statistic):
      poolGlobally(input, into: output, isMean: statistic == .mean, workspace)
    case .resize(let resize):
      let rows: [Blend<Float>] = resize.blends(
        from: input.size.height, to: output.size.height, along: .height)
      let columns: [Blend<Float>] = resize.blends(
        from: input.size.width, to: output.size.width, along: .width)
      guard resize.interpolation == .bilinear else {
        pickCells(
          input, rows: rows.map(\.first), columns: columns.map(\.first), fill: 0, into: output,
          workspace)
        return
      }
      mixCells(input, rows: rows, columns: columns, into: output, workspace)
    case .centerCrop, .padTo:
      let place = layer.operation.placesInSecond(from: input.size, to: output.size)
      let zeros = Network.Operation.Border.value(0)
      func cells(_ count: Int, of old: Int, _ first: Int) -> [Int?] {
        (0..<count).map { zeros.cell($0 - first, of: old) }
      }
      pickCells(
        input, rows: cells(output.size.height, of: input.size.height, place.row),
        columns: cells(output.size.width, of: input.size.width, place.column), fill: 0,
        into: output, workspace)
    case .cut(let offset, let size):
      pickCells(
        input, rows: Array(offset.height..<offset.height + size.height),
        columns: Array(offset.width..<offset.width + size.width), fill: 0, into: output, workspace)
    case .pad(let padding, let border):
      func cells(_ count: Int, of old: Int, after first: Int) -> [Int?] {
        (0..<count).map { border.cell($0 - first, of: old) }
      }
      pickCells(
        input, rows: cells(output.size.height, of: input.size.height, after: padding.top),
        columns: cells(output.size.width, of: input.size.width, after: padding.left),
        fill: Float(border.value), into: output, workspace)
    case .channels(let range):
      pickChannels(input, Array(range), into: output, workspace)
    case .shuffle(let groups):
      pickChannels(input, shuffled(input.channels, groups: groups), into: output, workspace)
    case .sum, .product, .maximum:
      run(joining: layer.operation, inputs, output, workspace)
    case .input, .convolution, .transposedConvolution, .maxPool, .averagePool, .batchNormalization,
      .affine, .normalization, .dropout, .crop, .pixelShuffle, .pixelUnshuffle, .concatenate,
      .identity,
      .unknown:
      preconditionFailure("\(layer.name), \(layer.operation.kind), is a step of its own")
    }
  }

  /// The first input is as large as the output, or is it.
  private static func run(
    joining operation: Network.Operation, _ inputs: [FeatureMap], _ output: FeatureMap,
    _ workspace: Workspace
  ) {
    var coefficients: [Float] = []
    if case .sum(let numbers) = operation { coefficients = numbers.map(Float.init) }
    let isInPlace = output.pixels == inputs[0].pixels
    if let first = coefficients.first, first != 1 {
      FastKernels.scale(inputs[0], by: first, into: output, workspace)
    } else if !isInPlace {
      FastKernels.concatenate([inputs[0]], into: output, workspace)
    }
    for (index, input) in inputs.enumerated().dropFirst() {
      let join: CellJoin =
        switch operation {
        case .product: .product
        case .maximum: .maximum
        default: .sum(coefficients.isEmpty ? 1 : coefficients[index])
        }
      FastKernels.join(input, to: output, by: join, workspace)
    }
  }

  /// Runs a layer without weights on the readable primitives.
  func runReadably(_ layer: Network.Layer, _ inputs: [FeatureMap], _ output: FeatureMap) {
    let tensors = inputs.map { map in
      var elements = [Float](repeating: 0, count: map.channels * map.size.area)
      elements.withUnsafeMutableBufferPointer { map.store($0.baseAddress!, threads: threads) }
      return Tensor(
        shape: [1, map.channels, map.size.height, map.size.width], elements: elements)
    }
    do {
      let y = try network.apply(layer, to: tensors, picture: tensors[0], weights: [:], mask: nil)
      y.elements.withUnsafeBufferPointer { output.load($0.baseAddress!, threads: threads) }
    } catch {
      preconditionFailure("\(layer.name), whose shapes were found to fit: \(error)")
    }
  }
}

extension Network.Activation {
  /// Writes its values of so many numbers.
  fileprivate func write(
    _ from: UnsafePointer<Float>, to: UnsafeMutablePointer<Float>, count: Int
  ) {
    @inline(__always) func each(_ function: (Float) -> Float) {
      for index in 0..<count { to[index] = function(from[index]) }
    }
    // Those without a function of the system run as fast as the memory.
    switch self {
    case .leakyReLU(let slope):
      let slope = Float(slope)
      each { $0 < 0 ? slope * $0 : $0 }
    case .clipped(let range):
      let (least, most) = (Float(range.lowerBound), Float(range.upperBound))
      each { $0 < least ? least : $0 > most ? most : $0 }
    case .hardSwish:
      each { x in
        let part = x / 6 + 0.5
        return x * (part < 0 ? 0 : part > 1 ? 1 : part)
      }
    default: each { self($0) }
    }
  }
}
