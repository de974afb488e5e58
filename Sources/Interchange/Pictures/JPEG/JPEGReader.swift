/// Reads JPEG files: baseline and progressive, grey, YCbCr, RGB, CMYK and YCCK, every
/// subsampling.
///
/// The inverse transform, the upsampling and the colours are the integer arithmetic that most
/// decoders share (the "slow integer" transform, triangle filter), so that the bytes agree.
enum JPEGReader {
  static func picture(_ bytes: [UInt8], maximumPixels: Int) throws(InterchangeError) -> Picture {
    try bytes.withUnsafeBufferPointer { (bytes) throws(InterchangeError) in
      var decoder = JPEGDecoder(bytes, maximumPixels: maximumPixels)
      return try decoder.picture()
    }
  }
}
