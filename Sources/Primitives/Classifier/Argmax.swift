public import ConvolutionArithmetic
public import Tensors

/// Returns the position of the largest value along one axis: the first of equals, and a NaN before
/// all others, as in PyTorch.
///
/// ```swift
/// try argmax(Tensor(shape: [1, 3], elements: [2, 7, 7]), axis: 1)   // 1
/// ```
///
/// On score maps (axis 1) this is the label map.
///
/// - Parameters:
///   - axis: counted from the front, or from the end if negative; 1 is the channels.
///   - keepingAxis: whether the axis stays with extent 1, as ONNX does by default, or goes, as
///     PyTorch does by default.
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
