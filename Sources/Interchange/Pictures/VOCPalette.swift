/// The colours of Pascal VOC label maps: neighbouring classes get very different colours.
///
/// The bits of the class number are dealt out in threes to red, green and blue, highest bit first.
///
///     VOCPalette.color(of: 1)   // RGB(128, 0, 0), aeroplane
///     VOCPalette.color(of: 15)  // RGB(192, 128, 128), person
public enum VOCPalette {
  /// The colour of a class.
  public static func color(of label: UInt8) -> RGB {
    var color = RGB(0, 0, 0)
    var rest = label
    for bit in (0...7).reversed() {
      color.red |= (rest & 1) << bit
      color.green |= (rest >> 1 & 1) << bit
      color.blue |= (rest >> 2 & 1) << bit
      rest >>= 3
    }
    return color
  }

  /// All 256 colours; number 255, the ignored label, is (224, 224, 192).
  public static let colors: [RGB] = (0...255).map { color(of: UInt8($0)) }
}
