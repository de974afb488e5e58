import ConvolutionArithmetic
import Primitives
import Tensors

// What single layers of a network give, as it is defined. All of it is for maps (batch, channels,
// height, width) that ``Network/shapes(input:)`` has found to fit.

/// Numbers by which each channel is multiplied, and that are added to it: what a batch normalization is
/// once it has been learned.
struct ChannelLines<Scalar: Divisible> {
  var factors: [Scalar]
  var shifts: [Scalar]

  /// These lines and then others: (x·f + s)·g + t.
  func followed(by next: ChannelLines) -> ChannelLines {
    ChannelLines(
      factors: zip(factors, next.factors).map { $0 * $1 },
      shifts: shifts.indices.map { shifts[$0] * next.factors[$0] + next.shifts[$0] })
  }

  func of(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    var y = x
    let area = x.size.area
    for n in 0..<x.batch {
      for c in 0..<x.channels {
        let start = (n * x.channels + c) * area
        for cell in start..<start + area { y[cell] = x[cell] * factors[c] + shifts[c] }
      }
    }
    return y
  }
}

extension Network {
  /// What a batch normalization or an affine layer does to each channel:
  /// (x − mean) / √(variance + epsilon) · weight + bias.
  func lines<Scalar: Transcendental>(
    of layer: Layer, _ weights: Weights<Scalar>
  ) -> ChannelLines<Scalar> {
    func numbers(_ kind: String) -> [Scalar]? { weights["\(layer.name).\(kind)"]?.elements }
    let (hasWeight, hasBias) =
      switch layer.operation {
      case .affine(let weight, let bias): (weight, bias)
      case .batchNormalization(_, let isAffine): (isAffine, isAffine)
      default: (false, false)
      }
    let (weight, bias) = (hasWeight ? numbers("weight") : nil, hasBias ? numbers("bias") : nil)
    guard case .batchNormalization(let epsilon, _) = layer.operation,
      let means = numbers("running_mean"), let variances = numbers("running_var")
    else {
      let count = (weight ?? bias ?? []).count
      return ChannelLines(
        factors: weight ?? Array(repeating: 1, count: count),
        shifts: bias ?? Array(repeating: 0, count: count))
    }
    let factors = variances.enumerated().map { c, variance in
      (weight?[c] ?? 1) / (variance + Scalar(epsilon)).squareRoot()
    }
    return ChannelLines(
      factors: factors,
      shifts: factors.enumerated().map { c, factor in (bias?[c] ?? 0) - means[c] * factor })
  }
}

/// x, or below 0 the slope of its channel times x; one slope is for all channels.
func rectified<Scalar: Divisible & Comparable>(
  _ x: Tensor<Scalar>, slopes: [Scalar]
) -> Tensor<Scalar> {
  var y = x
  let area = x.size.area
  for cell in x.elements.indices where x[cell] < 0 {
    y[cell] = x[cell] * slopes[cell / area % slopes.count]
  }
  return y
}

/// The maps of these channels.
func selected<Scalar>(_ x: Tensor<Scalar>, channels: [Int]) -> Tensor<Scalar> {
  let area = x.size.area
  let elements = (0..<x.batch).flatMap { n in
    channels.flatMap { c in
      let start = (n * x.channels + c) * area
      return x.elements[start..<start + area]
    }
  }
  return Tensor(shape: [x.batch, channels.count, x.height, x.width], elements: elements)
}

extension Network.Operation.Border {
  /// What lies around where no cell is seen.
  var value: Double { if case .value(let value) = self { value } else { 0 } }

  /// The cell of an axis of so many that is seen at a place; nil where there is none.
  func cell(_ place: Int, of count: Int) -> Int? {
    if (0..<count).contains(place) { return place }
    return switch self {
    case .value: nil
    case .replication: min(max(place, 0), count - 1)
    case .reflection: place < 0 ? -place : 2 * (count - 1) - place
    }
  }
}

/// The channels in the order that ``Network/Operation/shuffle(groups:)`` gives them.
func shuffled(_ channels: Int, groups: Int) -> [Int] {
  (0..<channels).map { $0 % groups * (channels / groups) + $0 / groups }
}

/// Each cell as a block: its cells are what lay in channels behind each other.
func inBlocks<Scalar: Divisible>(_ x: Tensor<Scalar>, _ block: Size) -> Tensor<Scalar> {
  let (channels, size) = (x.channels / block.area, x.size)
  var y = Tensor<Scalar>(
    shape: [x.batch, channels, size.height * block.height, size.width * block.width], repeating: 0)
  for n in 0..<x.batch {
    for c in 0..<channels {
      for row in 0..<y.height {
        for column in 0..<y.width {
          let part = row % block.height * block.width + column % block.width
          y[n, c, row, column] =
            x[n, c * block.area + part, row / block.height, column / block.width]
        }
      }
    }
  }
  return y
}

/// Each block as a cell, whose channels are the cells of the block; cells behind the last whole block are
/// left.
func outOfBlocks<Scalar: Divisible>(_ x: Tensor<Scalar>, _ block: Size) -> Tensor<Scalar> {
  let size = Size(height: x.height / block.height, width: x.width / block.width)
  var elements: [Scalar] = []
  for n in 0..<x.batch {
    for channel in 0..<x.channels * block.area {
      let (c, part) = (channel / block.area, channel % block.area)
      for row in 0..<size.height {
        for column in 0..<size.width {
          elements.append(
            x[
              n, c, row * block.height + part / block.width,
              column * block.width + part % block.width])
        }
      }
    }
  }
  return Tensor(
    shape: [x.batch, x.channels * block.area, size.height, size.width], elements: elements)
}

/// Cells added around each map, or taken off where a side is below 0.
func padded<Scalar: Divisible & BinaryFloatingPoint>(
  _ x: Tensor<Scalar>, _ padding: Padding, _ border: Network.Operation.Border
) -> Tensor<Scalar> {
  let size = Size(
    height: x.height + padding.top + padding.bottom, width: x.width + padding.left + padding.right)
  var y = Tensor(
    shape: [x.batch, x.channels, size.height, size.width], repeating: Scalar(border.value))
  for row in 0..<size.height {
    guard let from = border.cell(row - padding.top, of: x.height) else { continue }
    for column in 0..<size.width {
      guard let across = border.cell(column - padding.left, of: x.width) else { continue }
      for n in 0..<x.batch {
        for c in 0..<x.channels { y[n, c, row, column] = x[n, c, from, across] }
      }
    }
  }
  return y
}

/// All inputs joined cell by cell; where one has a single row, column or channel, that one goes with all
/// of the others.
func joined<Scalar>(
  _ inputs: [Tensor<Scalar>], _ join: (Scalar, Scalar) -> Scalar
) -> Tensor<Scalar> {
  var y = inputs[0]
  for x in inputs.dropFirst() {
    guard x.shape != y.shape else {
      y = Tensor(shape: x.shape, elements: zip(y.elements, x.elements).map(join))
      continue
    }
    let extents = zip(y.shape.dimensions, x.shape.dimensions).map { max($0, $1) }
    let size = Size(height: extents[2], width: extents[3])
    var elements: [Scalar] = []
    elements.reserveCapacity(extents.reduce(1, *))
    /// The cell of a map that goes with a cell of the result.
    func cell(_ t: Tensor<Scalar>, _ n: Int, _ c: Int, _ row: Int, _ column: Int) -> Scalar {
      t[
        n, t.channels == 1 ? 0 : c, t.height == 1 ? 0 : row, t.width == 1 ? 0 : column]
    }
    for n in 0..<x.batch {
      for c in 0..<extents[1] {
        for row in 0..<size.height {
          for column in 0..<size.width {
            elements.append(join(cell(y, n, c, row, column), cell(x, n, c, row, column)))
          }
        }
      }
    }
    y = Tensor(shape: Shape(extents), elements: elements)
  }
  return y
}

/// Each map in one of zeros, its first cell at this one, which may lie before the first.
func placed<Scalar: Divisible & BinaryFloatingPoint>(
  _ x: Tensor<Scalar>, _ place: (row: Int, column: Int), size: Size
) -> Tensor<Scalar> {
  padded(
    x,
    Padding(
      top: place.row, left: place.column, bottom: size.height - x.height - place.row,
      right: size.width - x.width - place.column), .value(0))
}

/// Each map with other cells, mixed from its own; so many, if the second input says it.
func resized<Scalar: Divisible>(
  _ x: Tensor<Scalar>, by resize: Network.Resize, to second: Size?
) throws(GeometryError) -> Tensor<Scalar> {
  var size = second ?? 1
  if second == nil {
    size.height = try resize.outputSize(input: x.height, along: .height)
    size.width = try resize.outputSize(input: x.width, along: .width)
  }
  return try interpolate(
    x, rows: resize.blends(from: x.height, to: size.height, along: .height),
    columns: resize.blends(from: x.width, to: size.width, along: .width))
}

extension Network.Activation {
  /// The function itself; nil for the one whose slopes are learned. A NaN stays NaN.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func callAsFunction<Scalar: Transcendental>(_ x: Scalar) -> Scalar {
    func held(_ x: Scalar, _ least: Double = 0, _ most: Double = 1) -> Scalar {
      x < Scalar(least) ? Scalar(least) : x > Scalar(most) ? Scalar(most) : x
    }
    switch self {
    case .relu, .learnedReLU: return x < 0 ? 0 : x
    case .leakyReLU(let slope): return x < 0 ? Scalar(slope) * x : x
    case .clipped(let range): return held(x, range.lowerBound, range.upperBound)
    case .elu(let alpha): return x < 0 ? Scalar(alpha) * (Scalar.exp(x) - 1) : x
    case .sigmoid: return 1 / (1 + Scalar.exp(-x))
    case .tanh: return Scalar.tanh(x)
    case .hardSigmoid(let alpha, let beta): return held(Scalar(alpha) * x + Scalar(beta))
    case .hardSwish: return x * held(x / 6 + Scalar(0.5))
    case .silu: return x / (1 + Scalar.exp(-x))
    case .gelu: return x * (1 + Scalar.erf(x * Scalar(0.5).squareRoot())) / 2
    // Beyond 30 the 1 is lost, and eˣ would soon be infinite.
    case .softplus: return x > 30 ? x : Scalar.log(1 + Scalar.exp(x))
    case .absolute: return Swift.abs(x)
    case .exponential: return Scalar.exp(x)
    case .logarithm: return Scalar.log(x)
    }
  }
}
