import Tensors

/// Returns how many cells to crop off before a map, so that it lies on a reference map.
///
/// Both coordinate maps start from the same input. A crop can only move by whole cells, so the scales
/// must be equal and the difference of the shifts an integer, not below 0.
///
/// ```swift
/// // FCN-32s: the scores lie at x + 19 of the input, which lies at x.
/// try cropOffset(of: CoordinateMap(scale: 1, shift: 19), to: .identity)   // 19
/// ```
///
/// - Throws: ``GeometryError`` that says why no such offset exists.
public func cropOffset(
  of map: CoordinateMap, to reference: CoordinateMap
) throws(GeometryError) -> Int {
  guard map.scale == reference.scale else {
    throw GeometryError(
      "no crop aligns the two maps: one has \(map.scale) cells for each input cell, the reference "
        + "\(reference.scale); a crop moves a map and cannot scale it, so the two must be equal")
  }
  let offset = try exactly { () throws(FractionOverflow) in
    try map.shift.subtracting(reference.shift)
  }
  guard offset.isInteger else {
    throw GeometryError(
      "no crop aligns the two maps: the offset would be \(offset), between the cells "
        + "\(offset.floor) and \(offset.floor + 1), and a crop takes whole cells; make one kernel "
        + "a cell wider or narrower, which moves a map by half a cell")
  }
  guard offset >= 0 else {
    throw GeometryError(
      "no crop aligns the two maps: the offset would be \(offset), and a crop takes 0 or more cells "
        + "off; the map begins \(-offset) cells too late, so the first layer needs more padding")
  }
  return offset.numerator
}
