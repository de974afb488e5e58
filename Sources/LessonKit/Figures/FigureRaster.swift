/// Draws the moments of a figure in pixels.
struct FigureRaster {
  let width: Int
  let height: Int
  /// One colour for each pixel, `0xRRGGBB`, row by row.
  private(set) var pixels: [UInt32]
  private let layout: FigureLayout
  private let isDark: Bool
  private var letters: [Letter: [UInt8]] = [:]

  private struct Letter: Hashable {
    let character: Character
    let size: Int
    let isBold: Bool
  }

  /// A sheet so many pixels wide.
  init(_ layout: FigureLayout, width: Int, isDark: Bool) {
    (self.layout, self.width, self.isDark) = (layout, width, isDark)
    height = (layout.height * width + layout.width - 1) / layout.width
    pixels = Array(repeating: 0, count: width * height)
  }

  /// Draws all that is there at a moment.
  mutating func draw(moment: Int) {
    for part in layout.parts where part.during?.contains(moment) ?? true { draw(part) }
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
      case .texts(let texts, let size):
        guard let fill = paint.fill else { continue }
        write(texts[index], at: (left, top), scaled(size * 100), color(fill), paint)
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ color: UInt32, _ share: Int = 16) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let place = y * width + x
    if share >= 16 {
      pixels[place] = color
      return
    }
    let under = pixels[place]
    var mixed: UInt32 = 0
    for shift: UInt32 in [0, 8, 16] {
      let (a, b) = (Int(under >> shift & 255), Int(color >> shift & 255))
      mixed |= UInt32((a * (16 - share) + b * share + 8) / 16) << shift
    }
    pixels[place] = mixed
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
    let half = Double(thick) / 2
    for y in y2 / 2 - radius - 2...y2 / 2 + radius + 2 {
      for x in x2 / 2 - radius - 2...x2 / 2 + radius + 2 {
        let (dx, dy) = (Double(2 * x - x2) / 2, Double(2 * y - y2) / 2)
        let away = abs((dx * dx + dy * dy).squareRoot() - Double(radius))
        set(x, y, color, share(half + 0.5 - away))
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

  /// Of 16 parts, the nearest of three steps, so that few colours are needed.
  private func share(_ coverage: Double) -> Int {
    coverage <= 0 ? 0 : coverage >= 1 ? 16 : Int((coverage * 3).rounded()) * 16 / 3
  }

  /// Writes a text; its size is in hundredths of a pixel.
  private mutating func write(
    _ text: String, at place: (x: Int, y: Int), _ size: Int,
    _ color: UInt32, _ paint: FigureLook.Paint
  ) {
    let characters = Array(StrokeFont.spell(text))
    let advance = size * (paint.isNumber ? 61 : 56) / 100
    let length = characters.count * advance
    let before = paint.anchor == .start ? 0 : paint.anchor == .end ? length : length / 2
    let start = place.x * 100 - before
    for (index, character) in characters.enumerated() where character != " " {
      let letter = Letter(character: character, size: size, isBold: paint.isBold)
      let mask = letters[letter] ?? self.mask(letter)
      letters[letter] = mask
      let side = maskSide(size)
      let left = (start + index * advance + 50) / 100
      let top = place.y - size * 72 / 10000 - 2
      for y in 0..<side {
        for x in 0..<side where mask[y * side + x] > 0 {
          set(left + x - 2, top + y, color, Int(mask[y * side + x]))
        }
      }
    }
  }

  private func maskSide(_ size: Int) -> Int { size / 100 + 6 }

  /// How much of each pixel of a square a letter covers, in sixteenths.
  private func mask(_ letter: Letter) -> [UInt8] {
    let side = maskSide(letter.size)
    var mask = [UInt8](repeating: 0, count: side * side)
    guard let strokes = StrokeFont.strokes(letter.character) else { return mask }
    let unit = Double(letter.size) / 100 * 0.12
    let half = max(0.55, Double(letter.size) / 100 * (letter.isBold ? 0.075 : 0.048))
    for stroke in strokes {
      let points = stroke.map { (x: Double($0.x) * unit + 2.5, y: Double($0.y) * unit + 2) }
      for (from, to) in zip(points, points.count > 1 ? points.dropFirst() : points[...]) {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let square = dx * dx + dy * dy
        for y in 0..<side {
          for x in 0..<side {
            let (px, py) = (Double(x) + 0.5 - from.x, Double(y) + 0.5 - from.y)
            let along = square == 0 ? 0 : min(1, max(0, (px * dx + py * dy) / square))
            let (ex, ey) = (px - along * dx, py - along * dy)
            let dot = square == 0 ? 0.35 : 0
            let part = share(half + dot + 0.5 - (ex * ex + ey * ey).squareRoot())
            mask[y * side + x] = max(mask[y * side + x], UInt8(part))
          }
        }
      }
    }
    return mask
  }
}
