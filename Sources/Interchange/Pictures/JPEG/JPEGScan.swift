/// What a scan's header states: its components, and which part of their coefficients it brings.
struct JPEGScan {
  /// The scan's components by their place in the frame, with their tables' numbers.
  let members: [(component: Int, dcTable: Int, acTable: Int)]
  /// The first and the last coefficient in zigzag order.
  let first: Int
  let last: Int
  /// The lowest bit sent before this scan (0 in a first one), and the lowest that this one brings.
  let highBit: Int
  let lowBit: Int

  init(_ segment: JPEGSegment, frame: JPEGFrame) throws(InterchangeError) {
    var segment = segment
    let count = try segment.byte()
    guard (1...frame.components.count).contains(count) else {
      throw InterchangeError(
        "the JPEG has a scan of \(count) components; 1 to \(frame.components.count) are expected")
    }
    var members: [(component: Int, dcTable: Int, acTable: Int)] = []
    for _ in 0..<count {
      let identifier = try segment.byte()
      let tables = try segment.byte()
      let found = frame.components.indices.first { index in
        frame.components[index].identifier == identifier
          && !members.contains { $0.component == index }
      }
      guard let found, tables >> 4 <= 3, tables & 15 <= 3 else {
        throw InterchangeError("the JPEG has a scan of a component or a table that it doesn't have")
      }
      members.append((found, tables >> 4, tables & 15))
    }
    self.members = members
    let (first, last) = (try segment.byte(), try segment.byte())
    let bits = try segment.byte()
    guard frame.isProgressive else {
      // A sequential scan brings everything, whatever it states.
      (self.first, self.last, highBit, lowBit) = (0, 63, 0, 0)
      return
    }
    (self.first, self.last, highBit, lowBit) = (first, last, bits >> 4, bits & 15)
    guard first <= last, last <= 63, first > 0 || last == 0, first == 0 || count == 1,
      lowBit <= 13, highBit == 0 || highBit == lowBit + 1
    else {
      throw InterchangeError(
        "the JPEG has an impossible scan: coefficients \(first) to \(last), bits \(bits >> 4) and "
          + "\(bits & 15), \(count) components")
    }
  }
}
