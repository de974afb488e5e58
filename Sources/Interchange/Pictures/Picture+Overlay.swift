extension Picture {
  /// The picture with each pixel of a class above 0 mixed half and half with the class's colour.
  ///
  ///     red = (red of the picture + red of the class + 1) / 2
  ///
  /// - Parameter map: a label for each pixel, so of the picture's size.
  public func overlaid(with map: LabelMap, palette: [RGB] = VOCPalette.colors) -> Picture {
    precondition(
      map.width == width && map.height == height,
      "labels of \(map.width)×\(map.height) pixels do not fit a picture of \(width)×\(height)")
    let largest = Int(map.labels.max() ?? 0)
    precondition(largest < palette.count, "label \(largest) has no colour in the palette")

    var result = self
    result.pixels.withUnsafeMutableBufferPointer { pixels in
      palette.withUnsafeBufferPointer { palette in
        for (index, label) in map.labels.enumerated() where label > 0 {
          let color = palette[Int(label)]
          let start = 3 &* index
          pixels[start] = Self.mixed(pixels[start], color.red)
          pixels[start &+ 1] = Self.mixed(pixels[start &+ 1], color.green)
          pixels[start &+ 2] = Self.mixed(pixels[start &+ 2], color.blue)
        }
      }
    }
    return result
  }

  @inline(__always)
  private static func mixed(_ a: UInt8, _ b: UInt8) -> UInt8 {
    UInt8(truncatingIfNeeded: (UInt16(a) &+ UInt16(b) &+ 1) >> 1)
  }
}
