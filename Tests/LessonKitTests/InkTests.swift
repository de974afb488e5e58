import Testing

@testable import LessonKit

@Suite struct InkTests {
  /// The 256 colours: 16 that a theme may change, a cube of 6×6×6, 24 greys.
  private func luminance(_ code: Int) -> Double {
    let steps = [0.0, 95, 135, 175, 215, 255]
    let channels =
      code < 232
      ? [(code - 16) / 36, (code - 16) / 6 % 6, (code - 16) % 6].map { steps[$0] }
      : Array(repeating: Double(8 + 10 * (code - 232)), count: 3)
    let linear = channels.map { channel in
      let share = channel / 255
      return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    // 2.4 = 12/5: the fifth root by Newton's method.
    let target = (0..<12).reduce(1.0) { product, _ in product * base }
    var root = 1.0
    for _ in 0..<100 { root = (4 * root + target / (root * root * root * root)) / 5 }
    return exponent == 2.4 ? root : .nan
  }

  @Test func `every colour can be read on black and on white, and is no theme's`() throws {
    for ink in Ink.allCases {
      let codes = ink.rawValue.split(separator: ";")
      guard let place = codes.firstIndex(of: "38") else {
        #expect(
          ["1", "2"].contains(ink.rawValue), "\(ink): bold and faint keep the terminal's colour")
        continue
      }
      let code = try #require(Int(codes[place + 2]))
      #expect((16...255).contains(code), "\(ink)")
      let light = luminance(code) + 0.05
      // Contrast is (lighter + 0.05)/(darker + 0.05), as the Web's accessibility guidelines say; 3 is
      // their least for large text, 21 the most there is.
      #expect(light / 0.05 >= 3.5, "\(ink) on black: \(light / 0.05)")
      #expect(1.05 / light >= 3.5, "\(ink) on white: \(1.05 / light)")
    }
  }
}
