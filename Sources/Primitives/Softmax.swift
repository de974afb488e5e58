public import ConvolutionArithmetic
internal import Platform
public import Tensors

/// Returns the softmax along one axis: positive numbers that sum to 1.
///
///     y[j] = exp(x[j] − m) / Σ exp(x[l] − m),  m = max x
///
/// ```swift
/// try softmax(Tensor<Double>(shape: [1, 2], elements: [0, 0]), axis: 1)   // 0.5 0.5
/// ```
///
/// Subtracting the largest changes nothing but keeps exp from overflowing: scores of 1000 are fine.
/// A NaN in a lane makes the lane NaN.
///
/// - `axis`: counted from the front, or from the end if negative; 1 is the channels.
/// - Throws: `GeometryError` if the axis does not exist.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func softmax<Scalar: Transcendental>(
  _ x: Tensor<Scalar>, axis: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  try overLanes(of: x, axis: axis) { lane in
    let most = largest(lane)
    let exponentials = lane.map { Scalar.exp($0 - most) }
    let total = exponentials.reduce(0, +)
    return exponentials.map { $0 / total }
  }
}

/// Returns the logarithm of the softmax along one axis, exact also where the softmax rounds to 0.
///
///     y[j] = x[j] − m − log Σ exp(x[l] − m),  m = max x
///
/// - `axis`: counted from the front, or from the end if negative; 1 is the channels.
/// - Throws: `GeometryError` if the axis does not exist.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func logSoftmax<Scalar: Transcendental>(
  _ x: Tensor<Scalar>, axis: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  try overLanes(of: x, axis: axis) { lane in
    let most = largest(lane)
    let total = lane.reduce(0) { $0 + Scalar.exp($1 - most) }
    return lane.map { $0 - most - Scalar.log(total) }
  }
}

/// Returns the gradient of the softmax by its input.
///
///     x̂[j] = y[j] · (ŷ[j] − Σ ŷ[l] · y[l])
///
/// - `gradient`: ŷ, the gradient by the output.
/// - `output`: y, what the softmax gave.
/// - Throws: `GeometryError` if the axis does not exist or the shapes differ.
@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
public func softmaxGradient<Scalar: Transcendental>(
  _ gradient: Tensor<Scalar>, output y: Tensor<Scalar>, axis: Int = 1
) throws(GeometryError) -> Tensor<Scalar> {
  try requireShape("the gradient by the output", gradient.shape, y.shape)
  let lanes = Lanes(of: y.shape, axis: try resolvedAxis(axis, of: y.shape))
  var x = y
  for start in lanes.starts {
    let cells = (0..<lanes.length).map { start + $0 * lanes.step }
    let common = cells.reduce(0) { $0 + gradient[$1] * y[$1] }
    for cell in cells { x[cell] = y[cell] * (gradient[cell] - common) }
  }
  return x
}

private func largest<Scalar: Transcendental>(_ lane: [Scalar]) -> Scalar {
  lane.reduce(-.infinity) { $1 > $0 ? $1 : $0 }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func overLanes<Scalar>(
  of x: Tensor<Scalar>, axis: Int, _ transform: ([Scalar]) -> [Scalar]
) throws(GeometryError) -> Tensor<Scalar> {
  let lanes = Lanes(of: x.shape, axis: try resolvedAxis(axis, of: x.shape))
  var y = x
  for start in lanes.starts {
    let lane = transform((0..<lanes.length).map { x[start + $0 * lanes.step] })
    for (j, value) in lane.enumerated() { y[start + j * lanes.step] = value }
  }
  return y
}

/// Returns the position of the largest value along one axis: the first of equals, and a NaN before
/// all others, as in PyTorch.
///
/// ```swift
/// try argmax(Tensor(shape: [1, 3], elements: [2, 7, 7]), axis: 1)   // 1
/// ```
///
/// On score maps (axis 1) this is the label map.
///
/// - `axis`: counted from the front, or from the end if negative; 1 is the channels.
/// - `keepingAxis`: whether the axis stays with extent 1, as ONNX does by default, or goes, as
///   PyTorch does by default.
/// - Throws: `GeometryError` if the axis does not exist or is empty.
public func argmax<Scalar: Comparable>(
  _ x: Tensor<Scalar>, axis: Int = 1, keepingAxis: Bool = true
) throws(GeometryError) -> Tensor<Int> {
  let axis = try resolvedAxis(axis, of: x.shape)
  let lanes = Lanes(of: x.shape, axis: axis)
  guard lanes.length >= 1 else {
    throw GeometryError(
      "axis \(axis) of the shape \(x.shape) is empty; a largest value needs at least one")
  }
  let winners = lanes.starts.map { start in
    var winner = 0
    for j in 1..<max(lanes.length, 1) {
      let (best, value) = (x[start + winner * lanes.step], x[start + j * lanes.step])
      if value > best || (value != value && best == best) { winner = j }
    }
    return winner
  }
  var dimensions = x.shape.dimensions
  if keepingAxis { dimensions[axis] = 1 } else { dimensions.remove(at: axis) }
  return Tensor(shape: Shape(dimensions), elements: winners)
}

/// The runs of cells along one axis of a tensor: cell j of lane (outer, inner) is at
/// (outer · length + j) · step + inner.
struct Lanes {
  let outer: Int
  let length: Int
  let step: Int

  init(of shape: Shape, axis: Int) {
    outer = shape.dimensions[..<axis].reduce(1, *)
    length = shape[axis]
    step = shape.dimensions[(axis + 1)...].reduce(1, *)
  }

  /// The position of the first cell of each lane, in order.
  var starts: [Int] {
    (0..<outer).flatMap { block in (0..<step).map { block * length * step + $0 } }
  }
}

/// A floating-point number with the functions that no fraction can hold exactly.
public protocol Transcendental: Divisible, BinaryFloatingPoint {
  /// eˣ.
  static func exp(_ x: Self) -> Self
  /// The natural logarithm.
  static func log(_ x: Self) -> Self
  /// xʸ.
  static func pow(_ x: Self, _ y: Self) -> Self
  /// The hyperbolic tangent.
  static func tanh(_ x: Self) -> Self
  /// The error function, 2/√π · ∫ exp(−t²) from 0 to x.
  static func erf(_ x: Self) -> Self
}

extension Float: Transcendental {
  /// eˣ.
  public static func exp(_ x: Float) -> Float { expf(x) }
  /// The natural logarithm.
  public static func log(_ x: Float) -> Float { logf(x) }
  public static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
  public static func tanh(_ x: Float) -> Float { tanhf(x) }
  public static func erf(_ x: Float) -> Float { erff(x) }
}

extension Double: Transcendental {
  /// eˣ.
  public static func exp(_ x: Double) -> Double { Platform.exp(x) }
  /// The natural logarithm.
  public static func log(_ x: Double) -> Double { Platform.log(x) }
  public static func pow(_ x: Double, _ y: Double) -> Double { Platform.pow(x, y) }
  public static func tanh(_ x: Double) -> Double { Platform.tanh(x) }
  public static func erf(_ x: Double) -> Double { Platform.erf(x) }
}
