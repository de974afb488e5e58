public import Tensors

extension Tensor {
  /// The same cells with the dimensions in another order: dimension `axes[d]` becomes dimension d.
  ///
  /// ```swift
  /// Tensor<Int>.ramp([2, 3]).permuted([1, 0])   // (3, 2): 1 4 2 5 3 6
  /// ```
  ///
  /// - Parameter axes: each dimension once.
  public func permuted(_ axes: [Int]) -> Tensor {
    precondition(
      axes.sorted() == Array(0..<shape.rank), "\(axes) does not name each axis of \(shape) once")
    // How far apart neighbours along each dimension of the result lie in the source.
    let steps = axes.map { axis in shape.dimensions[(axis + 1)...].reduce(1, *) }
    let extents = axes.map { shape[$0] }
    var sources = [0]
    for (extent, step) in zip(extents, steps) {
      sources = sources.flatMap { source in (0..<extent).map { source + $0 * step } }
    }
    return Tensor(shape: Shape(extents), elements: sources.map { elements[$0] })
  }
}
