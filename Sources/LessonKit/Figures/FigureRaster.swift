/// Draws the moments of a figure in pixels.
struct FigureRaster {
  let width: Int
  let height: Int
  /// One colour for each pixel, `0xRRGGBB`, row by row.
  private(set) var pixels: [UInt32]
  private let layout: FigureLayout
  private let isDark: Bool
  /// The parts that come and go, from the first of them on; what lies under them is there always.
  private let changing: ArraySlice<FigureLayout.Part>
  private var ground: [UInt32]
  private var letters: [Letter: [(x: Int, y: Int)]] = [:]

  private struct Letter: Hashable {
    let character: Character
    let font: PixelFont
  }

  /// A sheet so many pixels wide.
  init(_ layout: FigureLayout, width: Int, isDark: Bool) {
    (self.layout, self.width, self.isDark) = (layout, width, isDark)
    height = (layout.height * width + layout.width - 1) / layout.width
    // The last row may lie below the sheet's rounded edge.
    let paper = FigureLook.paper.paint.fill!
    pixels = Array(repeating: isDark ? paper.dark : paper.light, count: width * height)
    let steady = layout.parts.prefix { $0.during == nil }
    (changing, ground) = (layout.parts[steady.endIndex...], [])
    for part in steady { draw(part) }
    ground = pixels
  }

  /// Draws all that is there at a moment.
  mutating func draw(moment: Int) {
    pixels = ground
    for part in changing where part.during?.contains(moment) ?? true { draw(part) }
  }

  /// How much of a text's size a letter is wide, both in hundredths of a pixel.
  static func room(_ size: Int, _ paint: FigureLook.Paint) -> Int {
    size * (paint.isNumber ? 61 : 56) / 100
  }

  private func scaled(_ length: Int) -> Int {
    (length * width * 2 + layout.width) / (2 * layout.width)
  }

  private func color(_ ink: FigureLook.Ink) -> UInt32 { isDark ? ink.dark : ink.light }

  private mutating func draw(_ part: FigureLayout.Part) {
    let paint = part.look.paint
    let thick = max(1, scaled(paint.width))
    for (index, box) in part.boxes.enumerated() {
      let (left, top) = (scaled(box.x), scaled(box.y))
      let (right, bottom) = (scaled(box.x + box.width), scaled(box.y + box.height))
      switch part.shape {
      case .boxes:
        if let fill = paint.fill { fillBox(left, top, right, bottom, color(fill)) }
        if let stroke = paint.stroke {
          frame(left, top, right, bottom, color(stroke), thick, paint.dash)
        }
      case .rings:
        guard let stroke = paint.stroke else { continue }
        ring(
          left + right, top + bottom, min(right - left, bottom - top) * 2 / 5, color(stroke), thick)
      case .crosses:
        guard let stroke = paint.stroke else { continue }
        cross(left, top, right, bottom, color(stroke))
      case .tears:
        guard let stroke = paint.stroke else { continue }
        tear(left, top, right, bottom, color(stroke), max(2, scaled(4)))
      case .texts(let texts, let size):
        guard let fill = paint.fill else { continue }
        write(texts[index], at: (left, top), scaled(size * 100), color(fill), paint)
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: UInt32) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    pixels[y * width + x] = color
  }

  private mutating func fillBox(
    _ left: Int, _ top: Int, _ right: Int, _ bottom: Int, _ color: UInt32
  ) {
    let (first, last) = (max(0, left), min(width, right))
    guard first < last else { return }
    for y in max(0, top)..<max(0, max(top, min(height, bottom))) {
      for place in y * width + first..<y * width + last { pixels[place] = color }
    }
  }

  /// Four lines with their middle on the edges; with a dash, in pieces.
  private mutating func frame(
    _ left: Int, _ top: Int, _ right: Int, _ bottom: Int, _ color: UInt32, _ thick: Int, _ dash: Int
  ) {
    let (before, after) = (thick / 2, thick - thick / 2)
    let step = scaled(dash)
    for x in left - before..<right + after where step == 0 || (x - left) / max(1, step) % 2 == 0 {
      for offset in -before..<after {
        set(x, top + offset, color)
        set(x, bottom + offset, color)
      }
    }
    for y in top - before..<bottom + after where step == 0 || (y - top) / max(1, step) % 2 == 0 {
      for offset in -before..<after {
        set(left + offset, y, color)
        set(right + offset, y, color)
      }
    }
  }

  /// A circle around the point with twice these coordinates.
  private mutating func ring(
    _ x2: Int, _ y2: Int, _ radius: Int, _ color: UInt32, _ thick: Int
  ) {
    let (inner, outer) = (2 * radius - thick, 2 * radius + thick)
    for y in y2 / 2 - radius - 2...y2 / 2 + radius + 2 {
      for x in x2 / 2 - radius - 2...x2 / 2 + radius + 2 {
        let (dx, dy) = (2 * x - x2, 2 * y - y2)
        let square = dx * dx + dy * dy
        if square >= inner * inner, square < outer * outer { set(x, y, color) }
      }
    }
  }

  private mutating func cross(
    _ left: Int, _ top: Int, _ right: Int, _ bottom: Int, _ color: UInt32
  ) {
    let (across, down) = (max(1, right - left), bottom - top)
    for step in 0...across {
      let y = step * down / across
      set(left + step, top + y, color)
      set(left + step, bottom - y, color)
    }
  }

  /// A line to and fro along an edge.
  private mutating func tear(
    _ left: Int, _ top: Int, _ right: Int, _ bottom: Int, _ color: UInt32, _ step: Int
  ) {
    let length = max(right - left, bottom - top)
    for along in 0...length {
      let phase = along % (4 * step)
      let away = phase < 2 * step ? phase - step : 3 * step - phase
      for wide in 0...1 {
        let (x, y) =
          right > left ? (left + along, top + away + wide) : (left + away + wide, top + along)
        set(x, y, color)
      }
    }
  }

  /// Writes a text; its size is in hundredths of a pixel.
  private mutating func write(
    _ text: String, at place: (x: Int, y: Int), _ size: Int,
    _ color: UInt32, _ paint: FigureLook.Paint
  ) {
    let characters = Array(PixelFont.spell(text))
    let font = PixelFont(room: Self.room(size, paint))
    let length = characters.count * font.advance
    // Between smaller letters there is no room for it.
    let isBold = paint.isBold && font.advance >= 7
    let before = paint.anchor == .start ? 0 : paint.anchor == .end ? length : length / 2
    for (index, character) in characters.enumerated() where character != " " {
      let letter = Letter(character: character, font: font)
      let pixels = letters[letter] ?? font.letter(character)
      letters[letter] = pixels
      let left = place.x - before + index * font.advance
      for (x, y) in pixels {
        set(left + x, place.y + y, color)
        if isBold { set(left + x + 1, place.y + y, color) }
      }
    }
  }
}
