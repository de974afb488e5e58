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

/// Brings the rows of one component to the width and height of the picture.
///
/// Twice as many columns or rows come by the triangle filter, ¾ of the nearer sample and ¼ of the
/// next one; other factors repeat samples. Beyond the edge, the sample at the edge counts.
final class JPEGUpsampler {
  private enum Method { case none, acrossTwice, downTwice, bothTwice, repeated }

  private let component: JPEGFrame.Component
  private let mostAcross: Int
  private let mostDown: Int
  private let method: Method
  private let width: Int
  private let buffer: UnsafeMutablePointer<UInt8>
  private let sums: UnsafeMutablePointer<Int32>

  init(_ component: JPEGFrame.Component, frame: JPEGFrame) {
    self.component = component
    mostAcross = frame.mostAcross
    mostDown = frame.mostDown
    width = frame.width
    let isTwiceAcross = 2 * component.across == frame.mostAcross && component.width > 2
    method =
      switch (component.across == frame.mostAcross, component.down == frame.mostDown) {
      case (true, true): .none
      case (false, true) where isTwiceAcross: .acrossTwice
      case (true, false) where 2 * component.down == frame.mostDown: .downTwice
      case (false, false) where isTwiceAcross && 2 * component.down == frame.mostDown: .bothTwice
      default: .repeated
      }
    let capacity = max(2 * component.width, frame.width)
    buffer = .allocate(capacity: capacity)
    buffer.initialize(repeating: 0, count: capacity)
    sums = .allocate(capacity: component.width)
    sums.initialize(repeating: 0, count: component.width)
  }

  deinit {
    buffer.deallocate()
    sums.deallocate()
  }

  /// The samples for row `row` of the picture, at least as many as it is wide; they are valid until
  /// the next call.
  func row(_ row: Int, of samples: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    switch method {
    case .none: return line(row, of: samples)
    case .acrossTwice: widen(line(row, of: samples))
    case .downTwice:
      let near = line(row / 2, of: samples)
      let far = line(row % 2 == 0 ? row / 2 - 1 : row / 2 + 1, of: samples)
      let rounding: Int32 = row % 2 == 0 ? 1 : 2
      for column in 0..<component.width {
        let sum = 3 &* Int32(near[column]) &+ Int32(far[column]) &+ rounding
        buffer[column] = UInt8(truncatingIfNeeded: sum &>> 2)
      }
    case .bothTwice:
      let near = line(row / 2, of: samples)
      let far = line(row % 2 == 0 ? row / 2 - 1 : row / 2 + 1, of: samples)
      for column in 0..<component.width {
        sums[column] = 3 &* Int32(near[column]) &+ Int32(far[column])
      }
      widenSums()
    case .repeated:
      let source = line(row * component.down / mostDown, of: samples)
      for column in 0..<width {
        buffer[column] = source[column &* component.across / mostAcross]
      }
    }
    return UnsafePointer(buffer)
  }

  /// A row of the component; beyond its edges, the row at the edge.
  private func line(_ row: Int, of samples: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
    let inside = min(max(row, 0), component.height - 1)
    return samples + component.firstSample + inside * component.stride
  }

  /// Twice the columns; the component is wider than 2.
  private func widen(_ source: UnsafePointer<UInt8>) {
    let last = component.width - 1
    buffer[0] = source[0]
    buffer[1] = UInt8(truncatingIfNeeded: (3 &* Int32(source[0]) &+ Int32(source[1]) &+ 2) &>> 2)
    for column in 1..<last {
      let near = 3 &* Int32(source[column])
      let left = (near &+ Int32(source[column &- 1]) &+ 1) &>> 2
      let right = (near &+ Int32(source[column &+ 1]) &+ 2) &>> 2
      buffer[2 &* column] = UInt8(truncatingIfNeeded: left)
      buffer[2 &* column &+ 1] = UInt8(truncatingIfNeeded: right)
    }
    let end = 3 &* Int32(source[last]) &+ Int32(source[last - 1]) &+ 1
    buffer[2 * last] = UInt8(truncatingIfNeeded: end &>> 2)
    buffer[2 * last + 1] = source[last]
  }

  /// Twice the columns from sums of four times a sample's weight; the component is wider than 2.
  private func widenSums() {
    let last = component.width - 1
    buffer[0] = UInt8(truncatingIfNeeded: (4 &* sums[0] &+ 8) &>> 4)
    buffer[1] = UInt8(truncatingIfNeeded: (3 &* sums[0] &+ sums[1] &+ 7) &>> 4)
    for column in 1..<last {
      let near = 3 &* sums[column]
      buffer[2 &* column] = UInt8(truncatingIfNeeded: (near &+ sums[column &- 1] &+ 8) &>> 4)
      buffer[2 &* column &+ 1] = UInt8(truncatingIfNeeded: (near &+ sums[column &+ 1] &+ 7) &>> 4)
    }
    buffer[2 * last] = UInt8(truncatingIfNeeded: (3 &* sums[last] &+ sums[last - 1] &+ 8) &>> 4)
    buffer[2 * last + 1] = UInt8(truncatingIfNeeded: (4 &* sums[last] &+ 7) &>> 4)
  }
}
