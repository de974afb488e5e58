public import Tensors

/// Returns maps continued below and to the right with one value.
///
/// ```swift
/// continued(Tensor(row: [1, 2]), to: Size(height: 1, width: 4), with: 0)   // 1 2 0 0
/// ```
///
/// - Parameter size: at least the maps' own.
public func continued<Scalar>(
  _ maps: Tensor<Scalar>, to size: Size, with value: Scalar
) -> Tensor<Scalar> {
  guard size != maps.size else { return maps }
  let (height, width) = (maps.height, maps.width)
  precondition(size.height >= height && size.width >= width, "\(size) is less than \(maps.size)")
  var elements: [Scalar] = []
  elements.reserveCapacity(maps.batch * maps.channels * size.area)
  for map in 0..<(maps.batch * maps.channels) {
    for row in 0..<height {
      let start = (map * height + row) * width
      elements += maps.elements[start..<(start + width)]
      elements += repeatElement(value, count: size.width - width)
    }
    elements += repeatElement(value, count: (size.height - height) * size.width)
  }
  return Tensor(
    shape: [maps.batch, maps.channels, size.height, size.width], elements: elements)
}
