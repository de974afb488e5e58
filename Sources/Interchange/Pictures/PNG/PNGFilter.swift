/// The five predictions of PNG rows: none, left, above, their average, Paeth's choice.
enum PNGFilter {
  /// Adds the prediction back to each byte of a row; before the first row, everything is 0.
  ///
  /// `above` has as many bytes as `row`.
  static func undo(
    _ filter: UInt8, _ row: UnsafeMutableBufferPointer<UInt8>,
    above: UnsafeMutableBufferPointer<UInt8>?, bytesPerPixel step: Int
  ) throws(InterchangeError) {
    let head = min(step, row.count)
    switch (filter, above) {
    case (0, _), (2, nil):
      break
    case (1, _), (4, nil):
      for i in head..<row.count { row[i] &+= row[i &- step] }
    case (2, let above?):
      for i in 0..<row.count { row[i] &+= above[i] }
    case (3, nil):
      for i in head..<row.count { row[i] &+= row[i &- step] >> 1 }
    case (3, let above?):
      for i in 0..<head { row[i] &+= above[i] >> 1 }
      for i in head..<row.count {
        let sum = UInt16(row[i &- step]) &+ UInt16(above[i])
        row[i] &+= UInt8(truncatingIfNeeded: sum >> 1)
      }
    case (4, let above?):
      for i in 0..<head { row[i] &+= above[i] }
      undoPaeth(row, above: above, step: step)
    default:
      throw InterchangeError("the PNG has a row with filter \(filter); filters are 0 to 4")
    }
  }

  private static func undoPaeth(
    _ row: UnsafeMutableBufferPointer<UInt8>, above: UnsafeMutableBufferPointer<UInt8>, step: Int
  ) {
    var i = step
    while i < row.count {
      row[i] &+= paeth(left: row[i &- step], above: above[i], corner: above[i &- step])
      i &+= 1
    }
  }

  /// Whichever of the three is nearest to left + above - corner, in this order.
  @inline(__always)
  static func paeth(left: UInt8, above: UInt8, corner: UInt8) -> UInt8 {
    let a = Int32(left)
    let b = Int32(above)
    let c = Int32(corner)
    let toLeft = abs(b &- c)
    let toAbove = abs(a &- c)
    let toCorner = abs(a &+ b &- c &- c)
    let side = toAbove < toLeft ? above : left
    return toCorner < min(toLeft, toAbove) ? corner : side
  }
}
