internal import GIF

/// One figure, or several with one clock, on a sheet that can be written.
///
/// ```swift
/// let forms = try TraceForm.allCases.map { try up.figure($0, caption: $0.rawValue) }
/// FigureSheet(forms, caption: "four ways to read the same taps").animatedSVG()
/// ```
public struct FigureSheet: Sendable {
  let layout: FigureLayout
  private let caption: String

  /// Figures below each other, tall ones beside them; a caption stands above all of them.
  public init(_ figures: [Figure], caption: String? = nil, width: Int = 1000) {
    let layouts = figures.enumerated().map { index, figure in
      // What one figure says of each moment need not be said again by another.
      let isSaid = figures[..<index].contains { $0.sentences == figure.sentences }
      let isOne = figures.count == 1
      return FigureLayout(
        figure, width: isOne ? width : width * 2 / 3,
        sentences: isSaid
          ? [] : figure.moments.map { isOne ? $0.sentence : $0.brief ?? $0.sentence })
    }
    layout = layouts.count == 1 ? layouts[0] : FigureLayout(layouts, caption: caption)
    self.caption = caption ?? figures.first?.caption ?? ""
  }

  /// The current moment as an SVG.
  ///
  /// Each map is a `<g data-role="input" data-map="0">` of `<rect data-row="0" data-column="0">`, on a
  /// sheet of several figures with the form of each in `data-form`; marks name their cells in
  /// `data-cells="0,0 0,1"`, and all texts are texts.
  ///
  /// - Parameter styled: whether the style sheet is part of it; a page with many figures has
  ///   ``Figure/css`` once.
  public func svg(styled: Bool = true) -> String {
    FigureWriter(layout, caption).still(styled: styled)
  }

  /// All moments in turn as one SVG that moves by itself; it stands still under the pointer, in print,
  /// and for those who want no motion.
  ///
  /// - Parameter seconds: how long one round takes.
  public func animatedSVG(seconds: Int? = nil) -> String {
    FigureWriter(layout, caption).moving(seconds: seconds ?? self.seconds)
  }

  /// All moments in turn as an animated GIF.
  ///
  /// - Parameters:
  ///   - seconds: how long one round takes.
  ///   - width: of the picture, in pixels; without it one for each unit of the sheet.
  ///   - isDark: whether it is drawn on black.
  public func gif(seconds: Int? = nil, width: Int? = nil, isDark: Bool = false) -> [UInt8] {
    let width = width ?? layout.width
    let inOrder = frames(width: width, isDark: isDark)
    let frames = Array(inOrder[layout.start...] + inOrder[..<layout.start])
    var writer = GIFWriter(
      width: width, height: frames[0].count / width, colors: GIFWriter.colors(of: frames))
    let hundredths = (seconds ?? self.seconds) * 100
    for (index, frame) in frames.enumerated() {
      let (from, to) = (
        index * hundredths / frames.count, (index + 1) * hundredths / frames.count
      )
      // Long or large animations are large files.
      writer.add(
        frame, hundredths: max(2, to - from), inPieces: frames.count * frame.count > 15_000_000)
    }
    writer.finish()
    return writer.bytes
  }

  /// The pixels of every moment, `0xRRGGBB`.
  func frames(width: Int? = nil, isDark: Bool = false) -> [[UInt32]] {
    var raster = FigureRaster(layout, width: width ?? layout.width, isDark: isDark)
    return (0..<layout.length).map { moment in
      raster.draw(moment: moment)
      return raster.pixels
    }
  }

  /// How long an animation takes if nobody says.
  public var seconds: Int {
    let tenths = layout.length <= 16 ? 10 : layout.length <= 64 ? 6 : 4
    return max(2, (layout.length * tenths + 9) / 10)
  }

  /// As wide as pages and chats show, unless its letters would touch.
  public var usualWidth: Int { max(min(layout.width, 760), leastWidth) }

  /// The least width of a GIF on which no letters touch: below it the smallest letters of whole pixels take
  /// more room than the sheet has for them.
  public var leastWidth: Int {
    let rooms = layout.parts.compactMap { part -> Int? in
      guard case .texts(_, let size) = part.shape else { return nil }
      return FigureRaster.room(size * 100, part.look.paint)
    }
    guard let least = rooms.min() else { return 1 }
    return (PixelFont.leastRoom * layout.width + least - 1) / least
  }
}

extension Figure {
  /// The figure's current moment as an SVG; see ``FigureSheet/svg(styled:)``.
  public func svg(styled: Bool = true) -> String { FigureSheet([self]).svg(styled: styled) }

  /// All moments in turn; see ``FigureSheet/animatedSVG(seconds:)``.
  public func animatedSVG(seconds: Int? = nil) -> String {
    FigureSheet([self]).animatedSVG(seconds: seconds)
  }
}

extension FigureLayout {
  /// Layouts below each other, those that are taller than wide in a column of their own; all have as
  /// many moments as the longest.
  init(_ layouts: [FigureLayout], caption: String?) {
    let length = layouts.reduce(1) { max($0, $1.length) }
    let top = caption == nil ? 0 : 40
    self.init(length: length, side: layouts[0].side)
    let first = layouts[0]
    start = (first.start * length + first.length - 1) / first.length
    let wide = layouts.filter { $0.height <= $0.width }
    let tall = layouts.filter { $0.height > $0.width }
    for column in [wide, tall] {
      var y = top
      let left = width
      for layout in column {
        add(layout, Box(x: left, y: y))
        y += layout.height
        width = max(width, left + layout.width)
      }
      height = max(height, y)
    }
    if let caption { addText(caption, .caption, 17, Box(x: 20, y: 32)) }
    parts.insert(
      Part(look: .paper, shape: .boxes, boxes: [Box(x: 0, y: 0, width: width, height: height)]),
      at: 0)
  }

  private mutating func add(_ layout: FigureLayout, _ corner: Box) {
    let first = panels.count
    let length = length
    func moment(_ index: Int) -> Int { (index * length + layout.length - 1) / layout.length }
    panels += layout.panels
    parts += layout.parts.dropFirst().map { part in
      var part = part
      part.panel = part.panel.map { $0 + first }
      part.boxes = part.boxes.map {
        Box(x: $0.x + corner.x, y: $0.y + corner.y, width: $0.width, height: $0.height)
      }
      part.isKept = part.isKept || part.during?.contains(layout.current) ?? false
      part.during = part.during.map { moment($0.lowerBound)..<moment($0.upperBound) }
      return part
    }
  }
}
