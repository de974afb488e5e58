/// Letters made of whole pixels, for pictures without a font of the system's: in small sizes they are read
/// more easily than drawn strokes, and they need one colour.
struct PixelFont: Hashable {
  /// The width of every letter, in pixels of the font.
  let width: Int
  /// Which of the fonts in ``table`` it is.
  private let index: Int
  /// How many pixels wide and high each of its pixels is drawn.
  private let scale: Int

  private static let widths = [5, 6, 7, 9]
  /// The room, in hundredths of a pixel, below which even the smallest letters touch: 5 in 4.8 pixels are
  /// told apart from their neighbours too.
  static let leastRoom = 480

  /// The largest font whose letters are at most so wide, in hundredths of a pixel; the smallest, where
  /// none is.
  init(room: Int) {
    let room = room + 500 - Self.leastRoom
    var best = (width: 5, index: 0, scale: 1)
    for (index, width) in Self.widths.enumerated() {
      // Small letters made larger are uglier than large ones.
      let scale = room < 1400 ? min(1, room / (width * 100)) : room / (width * 100)
      if scale >= 1, width * scale > best.width * best.scale { best = (width, index, scale) }
    }
    (width, index, scale) = best
  }

  /// From letter to letter, in pixels.
  var advance: Int { width * scale }

  /// The pixels of a letter, counted from its left end and from the line that it stands on.
  ///
  /// In the table a font has 1 digit to the base of 32 for the height of its highest row, 8 being the line
  /// below it, and 1 for each row, 2 where its letters are wider than 5.
  func letter(_ character: Character) -> [(x: Int, y: Int)] {
    guard let text = Self.table[character] else { return [] }
    let digits = text.split(separator: " ")[index].utf8.map { byte in
      Int(byte) - (byte < 0x3A ? 0x30 : 0x61 - 10)
    }
    let count = width > 5 ? 2 : 1
    var pixels: [(x: Int, y: Int)] = []
    for row in 0..<(digits.count - 1) / count {
      let bits = digits[1 + row * count..<1 + (row + 1) * count].reduce(0) { $0 << 5 | $1 }
      let y = row - (digits[0] - 8)
      for x in 0..<width where bits >> (width - 1 - x) & 1 == 1 {
        for down in 0..<scale {
          for right in 0..<scale { pixels.append((x * scale + right, y * scale + down)) }
        }
      }
    }
    return pixels
  }

  /// The text in letters of the font: fractions and rare signs are spelled out.
  static func spell(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == " " || table[character] != nil {
        result.append(character)
      } else {
        if result.last?.isNumber == true, character.isNumber { result.append(" ") }
        result += Glyphs.ascii.spell(String(character))
      }
    }
    return result
  }
}
