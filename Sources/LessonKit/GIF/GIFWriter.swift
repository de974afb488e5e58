/// Writes frames as an animated GIF that plays for ever.
///
/// Each frame after the first is the smallest rectangle in which something changed, clear where nothing
/// did; or several, one after the other, where much lies between.
public struct GIFWriter {
  /// The file so far.
  public private(set) var bytes: [UInt8] = []
  private let width: Int
  private let height: Int
  private let palette: [UInt32]
  private let indexOf: [UInt32: UInt8]
  private var before: [UInt8] = []
  /// How many bits a colour's index has.
  private let bits: Int

  /// The index that means: as it was.
  private var clear: UInt8 { UInt8(1 << bits - 1) }

  /// A file with the colours of all its frames, at most 255 of them.
  public init(width: Int, height: Int, colors: [UInt32]) {
    (self.width, self.height) = (width, height)
    palette = Array(colors.prefix(255))
    // Few colours have short indices; one is left for what stays as it was.
    bits = (2...8).first { 1 << $0 > min(colors.count, 255) }!
    var index: [UInt32: UInt8] = [:]
    for (place, color) in colors.enumerated() {
      index[color] = place < 255 ? UInt8(place) : Self.nearest(to: color, in: palette)
    }
    indexOf = index
    bytes = Array("GIF89a".utf8)
    append(word: width)
    append(word: height)
    bytes += [0xF0 | UInt8(bits - 1), 0, 0]
    for color in palette + Array(repeating: 0, count: 1 << bits - palette.count) {
      bytes += [UInt8(color >> 16 & 255), UInt8(color >> 8 & 255), UInt8(color & 255)]
    }
    bytes += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
  }

  /// The colours of the frames, the most frequent first.
  public static func colors(of frames: [[UInt32]]) -> [UInt32] {
    var counts: [UInt32: Int] = [:]
    for frame in frames {
      var (run, length) = (frame[0], 0)
      for pixel in frame {
        if pixel == run {
          length += 1
        } else {
          counts[run, default: 0] += length
          (run, length) = (pixel, 1)
        }
      }
      counts[run, default: 0] += length
    }
    return counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { $0.key }
  }

  private static func nearest(to color: UInt32, in palette: [UInt32]) -> UInt8 {
    func distance(_ other: UInt32) -> Int {
      [0, 8, 16].reduce(0) { sum, shift in
        let apart = Int(color >> UInt32(shift) & 255) - Int(other >> UInt32(shift) & 255)
        return sum + apart * apart
      }
    }
    return UInt8(palette.indices.min { distance(palette[$0]) < distance(palette[$1]) }!)
  }

  private mutating func append(word: Int) { bytes += [UInt8(word & 255), UInt8(word >> 8 & 255)] }

  /// Adds a frame that is shown for so many hundredths of a second.
  ///
  /// - Parameter inPieces: whether what changed in places far from each other comes as a frame each, a
  ///   fiftieth of a second apart: no eye sees it, and what lies between need not be written.
  public mutating func add(_ pixels: [UInt32], hundredths: Int, inPieces: Bool = false) {
    // Most pixels have the colour of the one before.
    var (color, index) = (pixels[0], indexOf[pixels[0]]!)
    let now = pixels.map { pixel in
      if pixel != color { (color, index) = (pixel, indexOf[pixel]!) }
      return index
    }
    var boxes = [Box(left: 0, top: 0, right: width, bottom: height)]
    if !before.isEmpty {
      let all = changed(now, in: boxes[0]) ?? Box(left: 0, top: 0, right: 1, bottom: 1)
      // As many as there is time for.
      boxes = [all]
      for apart in [64, 32, 16, 8] where inPieces {
        let pieces = pieces(now, of: all, apart: apart)
        if hundredths >= 4 * pieces.count { boxes = pieces }
      }
    }
    for (index, box) in boxes.enumerated() {
      let isLast = index == boxes.count - 1
      add(now, box, hundredths: isLast ? hundredths - 2 * (boxes.count - 1) : 2)
    }
    before = now
  }

  private mutating func add(_ now: [UInt8], _ box: Box, hundredths: Int) {
    var part: [UInt8] = []
    part.reserveCapacity((box.right - box.left) * (box.bottom - box.top))
    for y in box.top..<box.bottom {
      for place in y * width + box.left..<y * width + box.right {
        part.append(!before.isEmpty && before[place] == now[place] ? clear : now[place])
      }
    }
    bytes += [0x21, 0xF9, 4, before.isEmpty ? 0x04 : 0x05]
    append(word: hundredths)
    bytes += [clear, 0, 0x2C]
    for number in [box.left, box.top, box.right - box.left, box.bottom - box.top] {
      append(word: number)
    }
    bytes += [0, UInt8(bits)]
    let code = lzw(part, bits: bits)
    for start in stride(from: 0, to: code.count, by: 255) {
      let block = code[start..<min(start + 255, code.count)]
      bytes.append(UInt8(block.count))
      bytes += block
    }
    bytes.append(0)
  }

  /// Ends the file.
  public mutating func finish() { bytes.append(0x3B) }

  /// The smallest part of a box that holds all that changed in it; nil if nothing did.
  private func changed(_ now: [UInt8], in box: Box) -> Box? {
    var found: Box?
    for y in box.top..<box.bottom {
      for x in box.left..<box.right where before[y * width + x] != now[y * width + x] {
        found = Box(
          left: min(found?.left ?? x, x), top: found?.top ?? y,
          right: max(found?.right ?? 0, x + 1), bottom: y + 1)
      }
    }
    return found
  }

  /// What changed in a box, cut where rows, and then columns, stayed as they were.
  private func pieces(_ now: [UInt8], of box: Box, apart: Int) -> [Box] {
    let rows = Self.runs(box.top..<box.bottom, apart) { y in
      (box.left..<box.right).contains { before[y * width + $0] != now[y * width + $0] }
    }
    return rows.flatMap { rows in
      Self.runs(box.left..<box.right, apart) { x in
        rows.contains { before[$0 * width + x] != now[$0 * width + x] }
      }.compactMap { columns in
        changed(
          now,
          in: Box(
            left: columns.lowerBound, top: rows.lowerBound, right: columns.upperBound,
            bottom: rows.upperBound))
      }
    }
  }

  /// The parts of a range that have something, with at least so many between them that have nothing.
  private static func runs(
    _ range: Range<Int>, _ apart: Int, has: (Int) -> Bool
  ) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for place in range where has(place) {
      if let last = runs.last, place - last.upperBound < apart {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    return runs
  }

  private struct Box {
    let left: Int, top: Int, right: Int, bottom: Int
  }
}

/// Compresses numbers of so many bits as GIF does: codes for strings that came before, one bit longer than
/// they and 12 bits at most. When all codes are taken they are kept or given up, whichever is shorter.
func lzw(_ numbers: [UInt8], bits: Int) -> [UInt8] {
  let (kept, isFull) = lzw(numbers, bits: bits, givingUp: false)
  guard isFull else { return kept }
  let anew = lzw(numbers, bits: bits, givingUp: true).code
  return anew.count < kept.count ? anew : kept
}

private func lzw(
  _ numbers: [UInt8], bits: Int, givingUp: Bool
) -> (code: [UInt8], isFull: Bool) {
  let (clear, end) = (1 << bits, 1 << bits + 1)
  var result: [UInt8] = []
  var (waiting, held) = (UInt32(0), 0)
  var (size, next, isFull) = (bits + 1, end + 1, false)
  // Open addressing: a string is a code with one number more.
  var keys = [Int32](repeating: -1, count: 1 << 14)
  var codes = [Int](repeating: 0, count: 1 << 14)
  func emit(_ code: Int) {
    waiting |= UInt32(code) << UInt32(held)
    held += size
    while held >= 8 {
      result.append(UInt8(waiting & 255))
      waiting >>= 8
      held -= 8
    }
  }
  emit(clear)
  guard var current = numbers.first.map({ Int($0) }) else {
    emit(end)
    result.append(UInt8(waiting & 255))
    return (result, false)
  }
  for number in numbers.dropFirst() {
    let key = Int32(current << 8 | Int(number))
    var slot = (current &* 613 &+ Int(number) &* 31) & (1 << 14 - 1)
    while keys[slot] >= 0, keys[slot] != key { slot = (slot + 1) & (1 << 14 - 1) }
    if keys[slot] == key {
      current = codes[slot]
      continue
    }
    emit(current)
    if next < 4096 {
      (keys[slot], codes[slot]) = (key, next)
      if next == 1 << size { size += 1 }
      next += 1
    } else {
      isFull = true
      if givingUp {
        emit(clear)
        (size, next) = (bits + 1, end + 1)
        for index in keys.indices { keys[index] = -1 }
      }
    }
    current = Int(number)
  }
  emit(current)
  // The reader, one string behind, may have needed a longer code for the last one.
  if next == 1 << size, size < 12 { size += 1 }
  emit(end)
  if held > 0 { result.append(UInt8(waiting & 255)) }
  return (result, isFull)
}
