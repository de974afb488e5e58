/// The check of declared sizes, before any memory is taken.
enum PictureSize {
  /// Whatever the caller allows, byte counts of a picture stay far from overflowing an `Int`.
  private static let ceiling = 1 << 40

  /// Refuses a declared size of no or too many pixels.
  static func check(
    width: Int, height: Int, maximumPixels: Int
  ) throws(InterchangeError) {
    guard width > 0, height > 0 else {
      throw InterchangeError("the picture is \(width)×\(height) pixels; each side is at least 1")
    }
    let allowed = min(maximumPixels, ceiling)
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= allowed else {
      throw InterchangeError(
        "the picture is \(width)×\(height) pixels; at most \(allowed) pixels are allowed")
    }
  }
}
