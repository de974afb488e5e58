extension PNGContent {
  /// Three bytes per pixel.
  func rgb() -> [UInt8] {
    switch header.colorType {
    case .grey:
      return spread { sample in
        let grey = sample &* scale
        return RGB(grey, grey, grey)
      }
    case .indexed:
      let colors = palette
      // Numbers behind the palette's end are black, as elsewhere.
      return spread { Int($0) < colors.count ? colors[Int($0)] : RGB(0, 0, 0) }
    case .greyAlpha: return wide(samples: 2) { RGB($0[0], $0[0], $0[0]) }
    case .rgb, .rgba:
      let second = header.depth / 8
      return wide(samples: header.samplesPerPixel) { RGB($0[0], $0[second], $0[2 * second]) }
    }
  }

  /// One stored number per pixel of an indexed or grey picture of at most 8 bits, not scaled.
  func samples() -> [UInt8] {
    var result = [UInt8](repeating: 0, count: header.width * header.height)
    result.withUnsafeMutableBufferPointer { result in
      eachSample { sample, index in result[index] = sample }
    }
    return result
  }

  /// One stored number per pixel of a grey picture of 16 bits.
  func wideSamples() -> [UInt16] {
    var result = [UInt16](repeating: 0, count: header.width * header.height)
    result.withUnsafeMutableBufferPointer { result in
      eachRow { row, pass, first in
        for column in 0..<pass.width {
          result[first &+ column &* pass.right] =
            UInt16(row[2 &* column]) << 8 | UInt16(row[2 &* column &+ 1])
        }
      }
    }
    return result
  }

  /// What a grey sample is multiplied with so that the largest becomes 255.
  private var scale: UInt8 { header.depth >= 8 ? 1 : UInt8(255 / (1 << header.depth - 1)) }

  /// The colour of each pixel from its single sample.
  private func spread(_ color: (UInt8) -> RGB) -> [UInt8] {
    // A table: there are at most 256 different samples.
    let colors = (0...255).map { sample in
      sample < 1 << min(header.depth, 8) ? color(UInt8(sample)) : RGB(0, 0, 0)
    }
    var result = [UInt8](repeating: 0, count: 3 * header.width * header.height)
    result.withUnsafeMutableBufferPointer { result in
      colors.withUnsafeBufferPointer { colors in
        eachSample { sample, index in
          let color = colors[Int(sample)]
          result[3 &* index] = color.red
          result[3 &* index &+ 1] = color.green
          result[3 &* index &+ 2] = color.blue
        }
      }
    }
    return result
  }

  /// Calls `body` with the only sample of each pixel (its high byte if it has two) and the pixel's
  /// number in the picture.
  @inline(__always)
  private func eachSample(_ body: (UInt8, Int) -> Void) {
    let depth = header.depth
    eachRow { row, pass, first in
      var index = first
      if depth >= 8 {
        let step = depth / 8
        for column in 0..<pass.width {
          body(row[column &* step], index)
          index &+= pass.right
        }
      } else {
        let mask = UInt8(1 << depth - 1)
        for column in 0..<pass.width {
          let bit = column &* depth
          body(row[bit >> 3] >> UInt8(8 &- depth &- bit & 7) & mask, index)
          index &+= pass.right
        }
      }
    }
  }

  /// The colour of each pixel of several samples of 8 or 16 bits.
  @inline(__always)
  private func wide(samples: Int, _ color: (UnsafePointer<UInt8>) -> RGB) -> [UInt8] {
    let step = samples * header.depth / 8
    var result = [UInt8](repeating: 0, count: 3 * header.width * header.height)
    result.withUnsafeMutableBufferPointer { result in
      eachRow { row, pass, first in
        var index = 3 &* first
        var source = row
        for _ in 0..<pass.width {
          let color = color(source)
          result[index] = color.red
          result[index &+ 1] = color.green
          result[index &+ 2] = color.blue
          index &+= 3 &* pass.right
          source += step
        }
      }
    }
    return result
  }

  /// Calls `body` with each row's packed samples, its pass, and the number of its first pixel.
  @inline(__always)
  private func eachRow(_ body: (UnsafePointer<UInt8>, PNGHeader.Pass, Int) -> Void) {
    rows.withUnsafeBufferPointer { rows in
      guard var row = rows.baseAddress else { return }
      for pass in header.passes {
        for j in 0..<pass.height {
          body(row + 1, pass, (pass.top + j * pass.down) * header.width + pass.left)
          row += 1 + header.rowBytes(width: pass.width)
        }
      }
    }
  }
}
