/// A colour of three bytes.
public struct RGB: Hashable, Sendable {
  public var red, green, blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }
}

/// The colours of Pascal VOC label maps: neighbouring classes get very different colours.
///
/// The bits of the class number are dealt out in threes to red, green and blue, highest bit first.
///
///     VOCPalette.color(of: 1)   // RGB(128, 0, 0), aeroplane
///     VOCPalette.color(of: 15)  // RGB(192, 128, 128), person
public enum VOCPalette {
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

/// Pictures of numbers: low ones black, then red, then yellow, high ones white.
public enum HeatMap {
  /// The colour of a value in 0…1: red rises over the first third, green over the second, blue over
  /// the last. What lies outside, or is no number, gets the colour of the nearer end, or black.
  ///
  ///     HeatMap.color(of: 0)    // RGB(0, 0, 0)
  ///     HeatMap.color(of: 0.5)  // RGB(255, 128, 0)
  ///     HeatMap.color(of: 1)    // RGB(255, 255, 255)
  public static func color(of value: Float) -> RGB {
    func part(_ third: Float) -> UInt8 {
      let level = 3 * value - third
      // The comparison is false for what is no number.
      return level > 0 ? UInt8((min(level, 1) * 255).rounded()) : 0
    }
    return RGB(part(0), part(1), part(2))
  }

  /// A picture of `width * height` values; `range` is what becomes 0…1.
  public static func picture(
    of values: [Float], width: Int, height: Int, range: ClosedRange<Float> = 0...1
  ) -> Picture {
    precondition(
      width > 0 && height > 0 && values.count == width * height,
      "\(values.count) values are no \(width)×\(height) pixels")
    let extent = range.upperBound - range.lowerBound
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * values.count)
    for value in values {
      let color = color(of: extent > 0 ? (value - range.lowerBound) / extent : 0)
      pixels.append(color.red)
      pixels.append(color.green)
      pixels.append(color.blue)
    }
    return Picture(width: width, height: height, pixels: pixels)
  }
}

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
