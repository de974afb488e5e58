import ConvolutionArithmetic
import Tensors
import Testing

@testable import GIF
@testable import LessonKit

/// An animated GIF, read again by rules of its own.
@Suite struct GIFTests {
  @Test func `every frame that is read is the frame that was drawn`() throws {
    let example = try TraceCase.convolution(
      Tensor<Int>.ramp([1, 1, 3, 3]), Tensor<Int>.ramp([1, 1, 2, 2]), padding: 1)
    for isDark in [false, true] {
      let sheet = FigureSheet([try example.figure()])
      let gif = try GIFReader(sheet.gif(seconds: 8, width: 200, isDark: isDark))
      #expect(gif.frames == sheet.frames(width: 200, isDark: isDark))
      #expect(gif.hundredths.reduce(0, +) == 800 && gif.frames.count == 4 * 4)
    }
  }

  @Test func `a long animation is written in pieces, and each moment ends as it was drawn`() throws
  {
    let example = try TraceCase.transposed(
      Tensor<Int>.ramp([1, 1, 4, 4]), Tensor<Int>.ramp([1, 1, 3, 3]), stride: 2)
    let sheet = FigureSheet([try example.figure(.zeroInsertion)])
    let gif = try GIFReader(sheet.gif(seconds: 81, width: 700))
    // 2·3 + 3 = 9 rows and columns; each piece but a moment's last is there for a fiftieth of a second.
    let ends = gif.hundredths.indices.filter { gif.hundredths[$0] > 2 }
    #expect(ends.map { gif.frames[$0] } == sheet.frames(width: 700) && ends.count == 9 * 9)
    #expect(gif.frames.count > 3 * 9 * 9 && gif.hundredths.reduce(0, +) == 8100)
    // Where there is no time for pieces a frame is one.
    #expect(try GIFReader(sheet.gif(seconds: 2, width: 700)).frames.count == 9 * 9)
  }

  @Test func `with a cell the first frame is its moment, and the others follow in turn`() throws {
    let example = try TraceCase.convolution(
      Tensor<Int>.ramp([1, 1, 3, 3]), Tensor<Int>.ramp([1, 1, 2, 2]))
    let sheet = FigureSheet([try example.figure(cell: (1, 0))])
    let (gif, frames) = (try GIFReader(sheet.gif(width: 300)), sheet.frames(width: 300))
    #expect(gif.frames == [2, 3, 0, 1].map { frames[$0] })
  }

  @Test
  func `at any width the paper reaches the last row, and letters have room from the least on`()
    throws
  {
    let sheet = FigureSheet([
      try TraceCase.convolution(Tensor<Int>.ramp([1, 1, 3, 3]), Tensor<Int>.ramp([1, 1, 2, 2]))
        .figure()
    ])
    for width in 300..<340 {
      let row = sheet.frames(width: width)[0].suffix(width)
      #expect(Set(row) == [0xFFFFFF], "\(width)")
    }
    let small = sheet.layout.parts.contains {
      guard case .texts(_, let size) = $0.shape else { return false }
      let room =
        FigureRaster.room(size * 100, $0.look.paint) * sheet.leastWidth / sheet.layout.width
      return room < PixelFont.leastRoom
    }
    #expect(!small && sheet.leastWidth < sheet.layout.width)
  }

  @Test func `no letter is like another, and each has room of its own`() {
    for room in [500, 600, 700, 900, 1800] {
      let font = PixelFont(room: room)
      #expect(font.advance * 100 == room)
      var seen: [[[Int]]: Character] = [:]
      for character in PixelFont.table.keys {
        let pixels = font.letter(character).map { [$0.x, $0.y] }
        #expect(!pixels.isEmpty && pixels.allSatisfy { (0..<font.advance).contains($0[0]) })
        // The last column is the gap to the next letter, but for signs that may touch.
        if character.isNumber, character.isASCII {
          #expect(pixels.allSatisfy { $0[0] < font.advance - 1 }, "\(character)")
        }
        let other = seen.updateValue(character, forKey: pixels)
        #expect(other == nil || "-−'′’*∗|".contains(character), "\(character) is \(other!)")
      }
    }
  }

  @Test func `strings of every length are packed, more than 4096 of them too`() throws {
    var random = SplitMix64(seed: 7)
    for count in [0, 1, 2, 255, 256, 257, 5000, 40_000] {
      for colors in [1, 2, 256] {
        let bits = colors == 256 ? 8 : 2
        let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() % UInt64(colors))
        }
        #expect(
          GIFReader.unpacked(lzw(bytes, bits: bits), bits: bits) == bytes, "\(count) of \(colors)")
      }
    }
  }

  @Test func `a picture with too many colours takes the nearest`() {
    let colors = (0..<300).map { UInt32($0 % 256) << 16 | UInt32($0 / 256) }
    var writer = GIFWriter(width: 300, height: 1, colors: colors)
    writer.add(colors, hundredths: 10)
    writer.finish()
    let frame = try? GIFReader(writer.bytes).frames.first
    #expect(frame?.prefix(255) == colors.prefix(255) && frame?[299] == 43 << 16)
  }
}

/// Reads what a browser would show of a GIF with one palette.
private struct GIFReader {
  private(set) var frames: [[UInt32]] = []
  private(set) var hundredths: [Int] = []

  struct Malformed: Error {}

  init(_ bytes: [UInt8]) throws {
    guard bytes.starts(with: Array("GIF89a".utf8)), bytes.last == 0x3B else { throw Malformed() }
    func word(_ place: Int) -> Int { Int(bytes[place]) | Int(bytes[place + 1]) << 8 }
    let (width, height) = (word(6), word(8))
    let colors = (0..<2 << Int(bytes[10] & 7)).map { index in
      bytes[13 + 3 * index..<16 + 3 * index].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    var place = 13 + 3 * colors.count
    var canvas = [UInt32](repeating: 0, count: width * height)
    var clear: Int?
    func block() -> [UInt8] {
      var data: [UInt8] = []
      while bytes[place] > 0 {
        data += bytes[place + 1...place + Int(bytes[place])]
        place += 1 + Int(bytes[place])
      }
      place += 1
      return data
    }
    while bytes[place] != 0x3B {
      if bytes[place] == 0x21 {
        let kind = bytes[place + 1]
        place += 2
        let data = block()
        if kind == 0xF9 {
          hundredths.append(Int(data[1]) | Int(data[2]) << 8)
          clear = data[0] & 1 == 1 ? Int(data[3]) : nil
        }
        continue
      }
      let (left, top, wide, high) = (
        word(place + 1), word(place + 3), word(place + 5), word(place + 7)
      )
      place += 11
      let bits = Int(bytes[place - 1])
      let pixels = Self.unpacked(block(), bits: bits)
      guard pixels.count == wide * high else { throw Malformed() }
      // Millions of pixels, in a debug build: no iterators, no optional values.
      let (unseen, count) = (clear ?? -1, pixels.count)
      var (index, target, column) = (0, top * width + left, 0)
      while index < count {
        let pixel = Int(pixels[index])
        if pixel != unseen { canvas[target] = colors[pixel] }
        index += 1
        target += 1
        column += 1
        if column == wide {
          target += width - wide
          column = 0
        }
      }
      frames.append(canvas)
    }
  }

  /// The numbers behind codes of up to 12 bits, by a table of whole strings.
  static func unpacked(_ code: [UInt8], bits: Int) -> [UInt8] {
    var strings: [[UInt8]] = []
    var (result, last): ([UInt8], [UInt8]?) = ([], nil)
    var (bit, size) = (0, bits + 1)
    let clear = 1 << bits
    let bytes = code + [0, 0]
    while bit + size <= code.count * 8 {
      // At most 7 + 12 bits, so they begin and end in three bytes.
      let three = Int(bytes[bit / 8]) | Int(bytes[bit / 8 + 1]) << 8 | Int(bytes[bit / 8 + 2]) << 16
      let number = three >> (bit % 8) & (1 << size - 1)
      bit += size
      if number == clear + 1 { break }
      if number == clear {
        strings = (0..<clear + 2).map { $0 < clear ? [UInt8($0)] : [] }
        (size, last) = (bits + 1, nil)
        continue
      }
      let string = number < strings.count ? strings[number] : (last ?? []) + [last?[0] ?? 0]
      result += string
      if let last, strings.count < 4096 { strings.append(last + [string[0]]) }
      if strings.count == 1 << size, size < 12 { size += 1 }
      last = string
    }
    return result
  }
}
