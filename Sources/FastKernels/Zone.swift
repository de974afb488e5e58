internal import Tensors

/// A rectangle of a map in which the pixels repeat along one axis: every pixel equals, bit for bit,
/// the one `period` further along, if both lie in the rectangle.
///
/// FCN pads its first layer by 100. The first maps are therefore constant over wide borders: along
/// the top and the bottom from left to right, along the sides from top to bottom. What repeats in the
/// input of a layer repeats in its output (less a kernel's reach at the ends), so it is computed once
/// and written many times. A Winograd tile of 4×4 outputs gives four different roundings of what is
/// equal in exact arithmetic, so after it the period is 4, and after pooling 2: tiles that begin a
/// multiple of the period apart still read equal bits.
package struct Zone: Hashable {
  enum Axis { case down, right }

  var rows: Range<Int>
  var columns: Range<Int>
  /// The direction in which the pixels repeat.
  var axis: Axis
  var period: Int

  /// The same rectangle with rows and columns exchanged, so that each rule is written once.
  private var turned: Zone {
    Zone(rows: columns, columns: rows, axis: axis == .right ? .down : .right, period: period)
  }

  /// What remains after windows of `reach + 1` rows and columns have been read with stride 1.
  func convolved(input: Size, output: Size, top: Int, left: Int, reach: Size) -> Zone? {
    if axis == .down {
      return turned.convolved(
        input: Size(height: input.width, width: input.height),
        output: Size(height: output.width, width: output.height),
        top: left, left: top, reach: Size(height: reach.width, width: reach.height))?.turned
    }
    // Across, what lies outside of the map is zero for every column alike.
    let first = rows.lowerBound == 0 ? 0 : rows.lowerBound + top
    let end = rows.upperBound == input.height ? output.height : rows.upperBound + top - reach.height
    return Zone.clipped(
      first, end, columns.lowerBound + left, columns.upperBound + left - reach.width, output,
      .right, period)
  }

  /// What remains after pooling 2×2 with stride 2.
  func pooled(input: Size, output: Size) -> Zone? {
    if axis == .down {
      return turned.pooled(
        input: Size(height: input.width, width: input.height),
        output: Size(height: output.width, width: output.height))?.turned
    }
    let end = rows.upperBound == input.height ? output.height : rows.upperBound / 2
    return Zone.clipped(
      ceilDivide(rows.lowerBound, 2), end, ceilDivide(columns.lowerBound, 2),
      columns.upperBound / 2, output, .right, period % 2 == 0 ? period / 2 : period)
  }

  /// A zone clipped to the map; nil if nothing would be gained by it.
  static func clipped(
    _ top: Int, _ bottom: Int, _ left: Int, _ right: Int, _ map: Size, _ axis: Axis, _ period: Int
  ) -> Zone? {
    let (top, bottom) = (max(0, top), min(map.height, bottom))
    let (left, right) = (max(0, left), min(map.width, right))
    guard top < bottom, left < right else { return nil }
    let extent = axis == .right ? right - left : bottom - top
    guard extent > 2 * period else { return nil }
    return Zone(rows: top..<bottom, columns: left..<right, axis: axis, period: period)
  }
}
