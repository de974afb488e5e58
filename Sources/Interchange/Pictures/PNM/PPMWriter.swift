/// Writes PPM (colour) and PGM (grey) files, binary, with values up to 255.
public enum PPMWriter {
  /// A PPM of the picture.
  public static func encode(_ picture: Picture) -> [UInt8] {
    Array("P6\n\(picture.width) \(picture.height)\n255\n".utf8) + picture.pixels
  }

  /// A PGM whose values are the labels.
  public static func encode(_ map: LabelMap) -> [UInt8] {
    Array("P5\n\(map.width) \(map.height)\n255\n".utf8) + map.labels
  }
}
