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
