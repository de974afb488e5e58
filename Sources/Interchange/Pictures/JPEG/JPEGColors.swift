/// From a JPEG's components to pixels: upsampling, then the colour conversion.
enum JPEGColors {
  /// What the components mean. In the spaces of four the last is black; all four are stored
  /// inverted, as Photoshop began to do and everybody followed.
  enum Space { case grey, yCbCr, rgb, cmyk, ycck }

  /// Red, green and blue of each pixel.
  static func pixels(
    of frame: JPEGFrame, samples: [UInt8], colorSpace: Space
  ) -> [UInt8] {
    let (width, height) = (frame.width, frame.height)
    let upsamplers = frame.components.map { JPEGUpsampler($0, frame: frame) }
    return [UInt8](unsafeUninitializedCapacity: 3 * width * height) { pixels, count in
      samples.withUnsafeBufferPointer { samples in
        guard let samples = samples.baseAddress, let pixels = pixels.baseAddress else { return }
        for row in 0..<height {
          let output = pixels + 3 * width * row
          let rows = upsamplers.map { $0.row(row, of: samples) }
          switch colorSpace {
          case .grey: interleave(rows[0], rows[0], rows[0], width: width, into: output)
          case .rgb, .cmyk: interleave(rows[0], rows[1], rows[2], width: width, into: output)
          case .yCbCr, .ycck: convert(rows[0], rows[1], rows[2], width: width, into: output)
          }
          if colorSpace == .cmyk || colorSpace == .ycck {
            // What YCCK converts to is the ink itself, and CMYK stores it inverted.
            let inverted: UInt8 = colorSpace == .cmyk ? 255 : 0
            print(inkIn: output, black: rows[3], width: width, inverted: inverted)
          }
        }
      }
      count = 3 * width * height
    }
  }

  private static func interleave(
    _ red: UnsafePointer<UInt8>, _ green: UnsafePointer<UInt8>, _ blue: UnsafePointer<UInt8>,
    width: Int, into output: UnsafeMutablePointer<UInt8>
  ) {
    for column in 0..<width {
      output[3 &* column] = red[column]
      output[3 &* column &+ 1] = green[column]
      output[3 &* column &+ 2] = blue[column]
    }
  }

  /// R = Y + 1.402 Cr, G = Y − 0.34414 Cb − 0.71414 Cr, B = Y + 1.772 Cb, with 16 bits of
  /// fraction, rounded; Cb and Cr are around 128.
  private static func convert(
    _ luma: UnsafePointer<UInt8>, _ blueness: UnsafePointer<UInt8>,
    _ redness: UnsafePointer<UInt8>, width: Int, into output: UnsafeMutablePointer<UInt8>
  ) {
    for column in 0..<width {
      let y = Int32(luma[column])
      let cb = Int32(blueness[column]) &- 128
      let cr = Int32(redness[column]) &- 128
      let red = y &+ (91881 &* cr &+ 32768) &>> 16
      let green = y &+ (32768 &- 22554 &* cb &- 46802 &* cr) &>> 16
      let blue = y &+ (116130 &* cb &+ 32768) &>> 16
      output[3 &* column] = clamped(red)
      output[3 &* column &+ 1] = clamped(green)
      output[3 &* column &+ 2] = clamped(blue)
    }
  }

  /// Replaces cyan, magenta and yellow by the light that they and black leave:
  /// (1 − ink) · (1 − black), of which 1 − black is what is stored.
  private static func print(
    inkIn pixels: UnsafeMutablePointer<UInt8>, black: UnsafePointer<UInt8>, width: Int,
    inverted: UInt8
  ) {
    for column in 0..<width {
      let light = Int32(black[column])
      for place in (3 &* column)..<(3 &* column &+ 3) {
        // Rounded division by 255.
        let product = Int32(pixels[place] ^ inverted) &* light &+ 128
        pixels[place] = clamped(light &- (product &>> 8 &+ product) &>> 8)
      }
    }
  }

  @inline(__always)
  private static func clamped(_ value: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(value, 0), 255))
  }
}
