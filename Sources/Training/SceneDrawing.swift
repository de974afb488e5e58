import Networks
import Tensors

extension Scene {
  /// The scene as pixels, with the class of each: 0 for the background, 1…5 for the shapes.
  ///
  /// A pixel belongs to the last shape that contains its centre; edges are not softened, so that every
  /// pixel has exactly one class. The noise has mean 0 and deviation 8.
  ///
  /// Complexity: O(pixels)
  public func drawn() -> LabeledPicture {
    // 0 for the background, i + 1 for shape i.
    let owners = owners()
    let labelOf = [0] + shapes.map(\.kind.label)
    return LabeledPicture(
      size: size, pixels: pixels(owners), labels: owners.map { labelOf[Int($0)] })
  }

  private func owners() -> [UInt8] {
    let unit = SceneShape.unit
    return [UInt8](unsafeUninitializedCapacity: size.area) { buffer, count in
      let owners = buffer.baseAddress!
      owners.initialize(repeating: 0, count: size.area)
      for (index, shape) in shapes.enumerated() {
        let columns = shape.pixels(around: shape.column, of: size.width)
        for row in shape.pixels(around: shape.row, of: size.height) {
          let down = row &* unit &+ unit / 2 &- shape.row
          var right = columns.lowerBound * unit + unit / 2 - shape.column
          var column = columns.lowerBound
          while column < columns.upperBound {
            if shape.contains(down: down, right: right) {
              owners[row &* size.width &+ column] = UInt8(truncatingIfNeeded: index &+ 1)
            }
            right &+= unit
            column &+= 1
          }
        }
      }
      count = size.area
    }
  }

  private func pixels(_ owners: [UInt8]) -> [UInt8] {
    var noise = SplitMix64(seed: noiseSeed)
    let paints = shapes.map { Ramp($0.color) }
    let (height, width) = (size.height, size.width)
    return [UInt8](unsafeUninitializedCapacity: 3 * size.area) { buffer, count in
      var pixel = buffer.baseAddress!
      var index = 0
      for row in 0..<height {
        let background = Ramp(corners, row: row, of: size)
        var column = 0
        while column < width {
          let owner = Int(owners[index])
          let ramp = owner == 0 ? background : paints[owner - 1]
          // Nine numbers of seven bits. The sum of three has mean 190½ and deviation 64.
          let bits = Int64(truncatingIfNeeded: noise.next() >> 1)
          pixel[0] = ramp.red.noisy(column, bits & 0x1F_FFFF)
          pixel[1] = ramp.green.noisy(column, bits >> 21 & 0x1F_FFFF)
          pixel[2] = ramp.blue.noisy(column, bits >> 42 & 0x1F_FFFF)
          pixel += 3
          index &+= 1
          column &+= 1
        }
      }
      count = 3 * size.area
    }
  }
}

/// The colours of one row: each grows evenly from left to right.
private struct Ramp {
  let red: ChannelRamp
  let green: ChannelRamp
  let blue: ChannelRamp

  /// The same colour everywhere.
  init(_ color: SceneColor) {
    (red, green, blue) = (ChannelRamp(color.red), ChannelRamp(color.green), ChannelRamp(color.blue))
  }

  /// A row of the plane through three corners: upper left, upper right, lower left.
  init(_ corners: [SceneColor], row: Int, of size: Size) {
    func level(_ part: KeyPath<SceneColor, Int>) -> ChannelRamp {
      let (start, right, down) = (
        corners[0][keyPath: part], corners[1][keyPath: part], corners[2][keyPath: part]
      )
      return ChannelRamp(
        start: Int64(start) << 16 + Int64(down - start) << 16 * Int64(row) / Int64(size.height),
        step: Int64(right - start) << 16 / Int64(size.width))
    }
    (red, green, blue) = (level(\.red), level(\.green), level(\.blue))
  }
}

/// One channel along a row, in 65536ths.
private struct ChannelRamp {
  let start: Int64
  let step: Int64

  init(_ value: Int) {
    (start, step) = (Int64(value) << 16, 0)
  }

  init(start: Int64, step: Int64) {
    (self.start, self.step) = (start, step)
  }

  /// The byte of a column with the noise of 21 random bits.
  @inline(__always)
  func noisy(_ column: Int, _ bits: Int64) -> UInt8 {
    let sum = (bits & 0x7F) &+ (bits >> 7 & 0x7F) &+ (bits >> 14)
    // An eighth of (sum − 190½), and a half to round.
    let noise = (2 &* sum &- 381) << 12
    let value = (start &+ Int64(column) &* step &+ noise &+ 1 << 15) >> 16
    return UInt8(truncatingIfNeeded: min(max(value, 0), 255))
  }
}
