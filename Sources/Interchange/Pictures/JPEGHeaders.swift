/// The content of one segment, read from front to back.
struct JPEGSegment {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  var count: Int { bytes.count }
  var rest: Int { bytes.count - position }

  mutating func byte() throws(InterchangeError) -> Int {
    guard position < bytes.count else { throw Self.truncated }
    position += 1
    return Int(bytes[position - 1])
  }

  /// A number of two bytes, the higher first.
  mutating func word() throws(InterchangeError) -> Int {
    try byte() << 8 | byte()
  }

  func starts(with text: StaticString) -> Bool {
    guard bytes.count >= text.utf8CodeUnitCount else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[$0] == text.utf8Start[$0] }
  }

  /// The bytes from `start`, for content with an inner structure.
  func bytes(from start: Int) -> [UInt8] {
    Array(bytes.dropFirst(start))
  }

  static let truncated = InterchangeError("the JPEG has a segment that is too short")
}

/// What a JPEG's frame header states, and the sizes that follow from it.
struct JPEGFrame {
  struct Component {
    let identifier: Int
    /// Samples per group of pixels, across and down.
    let across: Int
    let down: Int
    let quantizationTable: Int
    /// The component's own size in samples, and in blocks of 8×8.
    var width = 0
    var height = 0
    var blocksAcross = 0
    var blocksDown = 0
    /// The size in blocks when filled up to whole groups.
    var paddedAcross = 0
    var paddedDown = 0
    /// Where the component's blocks begin among those of all components.
    var firstBlock = 0

    /// The number of samples per stored row.
    var stride: Int { 8 * paddedAcross }
    /// Where the component's stored samples begin.
    var firstSample: Int { 64 * firstBlock }
  }

  let isProgressive: Bool
  let width: Int
  let height: Int
  private(set) var components: [Component] = []
  private(set) var mostAcross = 1
  private(set) var mostDown = 1
  /// The groups (MCUs) of an interleaved scan.
  private(set) var groupsAcross = 0
  private(set) var groupsDown = 0
  /// The number of blocks of all components, with and without the filling.
  private(set) var paddedBlocks = 0
  private(set) var blocks = 0

  init(
    _ segment: JPEGSegment, isProgressive: Bool, maximumPixels: Int
  ) throws(InterchangeError) {
    var segment = segment
    self.isProgressive = isProgressive
    let precision = try segment.byte()
    guard precision == 8 else {
      throw InterchangeError(
        "the JPEG has \(precision) bits per sample; 8 are read, so \(PictureFormat.wayOut)")
    }
    height = try segment.word()
    width = try segment.word()
    try PictureSize.check(width: width, height: height, maximumPixels: maximumPixels)
    let count = try segment.byte()
    guard count == 1 || count == 3 || count == 4 else {
      throw InterchangeError(
        "the JPEG has \(count) components; grey (1), colour (3) and CMYK (4) are read")
    }
    for _ in 0..<count {
      let identifier = try segment.byte()
      let factors = try segment.byte()
      let (across, down) = (factors >> 4, factors & 15)
      let table = try segment.byte()
      guard (1...4).contains(across), (1...4).contains(down), table <= 3 else {
        throw InterchangeError(
          "a component of the JPEG has sampling \(across)×\(down) and table \(table); 1 to 4 each "
            + "way and tables 0 to 3 are expected")
      }
      components.append(
        Component(
          identifier: identifier, across: across, down: down, quantizationTable: table))
    }
    measure()
  }

  private mutating func measure() {
    func roundedUp(_ value: Int, by divisor: Int) -> Int { (value + divisor - 1) / divisor }

    mostAcross = components.map(\.across).max() ?? 1
    mostDown = components.map(\.down).max() ?? 1
    groupsAcross = roundedUp(width, by: 8 * mostAcross)
    groupsDown = roundedUp(height, by: 8 * mostDown)
    for index in components.indices {
      var component = components[index]
      component.width = roundedUp(width * component.across, by: mostAcross)
      component.height = roundedUp(height * component.down, by: mostDown)
      component.blocksAcross = roundedUp(component.width, by: 8)
      component.blocksDown = roundedUp(component.height, by: 8)
      component.paddedAcross = groupsAcross * component.across
      component.paddedDown = groupsDown * component.down
      component.firstBlock = paddedBlocks
      paddedBlocks += component.paddedAcross * component.paddedDown
      blocks += component.blocksAcross * component.blocksDown
      components[index] = component
    }
  }
}

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
