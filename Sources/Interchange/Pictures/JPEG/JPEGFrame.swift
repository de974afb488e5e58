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
