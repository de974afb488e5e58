/// A figure with places: rectangles and texts on a sheet, in whole pixels.
///
/// Both the SVG and the frames of a GIF are drawn from it.
struct FigureLayout: Sendable {
  /// A rectangle; of a text the point where it begins, ends or has its middle.
  struct Box: Hashable, Sendable {
    var x: Int
    var y: Int
    var width = 0
    var height = 0
  }

  /// Things of one look that come and go together.
  struct Part: Sendable {
    enum Shape: Sendable {
      case boxes
      case rings
      case crosses
      /// Edges at which a map is torn off; a box is one line.
      case tears
      case texts([String], size: Int)
    }

    let look: FigureLook
    let shape: Shape
    var boxes: [Box]
    /// The cells that the boxes are, of this panel.
    var cells: [FigureCell] = []
    var panel: Int?
    /// When it is there; nil is always.
    var during: Range<Int>?
    /// Whether a still picture shows it, whatever its time.
    var isKept = false
  }

  var width = 0
  var height = 0
  let length: Int
  /// The moment of a still picture; -1 on a sheet of several, whose parts say it themselves.
  let current: Int
  /// The moment with which an animation begins.
  var start = 0
  var panels: [FigurePanel]
  /// From the bottom to the top.
  var parts: [Part] = []
  /// The side of a cell.
  let side: Int
  /// For each panel the middle of the cell's width, and the corner of its first cell.
  private var corners: [Box] = []

  private static let margin = 20
  private static let gap = 44

  /// Lays a figure out, below it a sentence for each moment or none, with the largest cells with which it
  /// is no wider than this, if there are any.
  init(_ figure: Figure, width widest: Int = 1000, sentences: [String]) {
    var layout = FigureLayout(figure, side: 44, sentences)
    for side in [38, 32, 27, 22] where layout.width > widest || layout.height > 800 {
      layout = FigureLayout(figure, side: side, sentences)
    }
    self = layout
  }

  /// An empty sheet.
  init(length: Int, side: Int) {
    (self.length, self.side, current, panels) = (length, side, -1, [])
  }

  private init(_ figure: Figure, side: Int, _ sentences: [String]) {
    (panels, length, current, self.side) = (figure.panels, figure.length, figure.current, side)
    start = figure.start
    place(figure)
    addCells()
    addMoments(figure)
    addTexts(figure, sentences)
    parts.insert(
      Part(look: .paper, shape: .boxes, boxes: [Box(x: 0, y: 0, width: width, height: height)]),
      at: 0)
  }

  var numberSize: Int { max(10, side * 2 / 5) }
  var noteSize: Int { max(8, side / 4) }

  /// The width of a text whose letters are all as wide as a digit.
  static func width(_ text: String, size: Int) -> Int {
    (PixelFont.spell(text).count * size * 61 + 99) / 100
  }

  /// The box of a cell.
  func box(_ panel: Int, _ cell: FigureCell) -> Box {
    let corner = corners[panel]
    return Box(
      x: corner.x + (cell.column + panels[panel].left) * corner.width,
      y: corner.y + (cell.row + panels[panel].top) * corner.height, width: corner.width,
      height: corner.height)
  }

  /// How wide the cells of a panel must be for their numbers.
  private func cellWidth(_ index: Int, _ figure: Figure) -> Int {
    // The input of a matrix lies over its columns.
    guard figure.form != .matrix || panels[index].kind == .output else {
      return (0..<panels.count).filter { panels[$0].kind != .output }
        .reduce(0) { max($0, neededWidth($1, figure)) }
    }
    return neededWidth(index, figure)
  }

  private func neededWidth(_ index: Int, _ figure: Figure) -> Int {
    var width = side
    func need(_ text: String, _ size: Int, _ room: Int) {
      width = max(width, FigureLayout.width(text, size: size) + room)
    }
    for row in panels[index].rows { for cell in row { need(cell.text, numberSize, 8) } }
    for value in figure.values where value.panel == index { need(value.text, numberSize, 8) }
    for moment in figure.moments {
      for mark in moment.marks where mark.panel == index {
        for note in mark.notes where side > 24 { need(note, noteSize, 4) }
      }
    }
    return width
  }

  /// Gives every panel its corner.
  private mutating func place(_ figure: Figure) {
    typealias Title = (width: Int, height: Int, lines: [String], remarks: Int)
    let titles = figure.panels.indices.map { index -> Title in
      let inner = cellWidth(index, figure) * (panels[index].rows.first?.count ?? 0)
      let room = max(15, inner / 8)
      let remarks = panels[index].remark.isEmpty ? [] : brokenLines(panels[index].remark, room)
      let lines = brokenLines(panels[index].title, room) + remarks
      let longest = lines.reduce(0) { max($0, $1.count * 8) }
      return (max(inner, longest), lines.count * 18 + 6, lines, remarks.count)
    }
    corners = Array(repeating: Box(x: 0, y: 0), count: panels.count)
    var groups: [(width: Int, height: Int, columns: [Int], rows: [Int], group: FigureGroup)] = []
    for group in figure.groups {
      var columns = Array(repeating: 0, count: 1 + group.members.reduce(0) { max($0, $1.column) })
      var rows = Array(repeating: 0, count: 1 + group.members.reduce(0) { max($0, $1.row) })
      for member in group.members {
        let panel = member.panel
        columns[member.column] = max(columns[member.column], titles[panel].width)
        rows[member.row] = max(
          rows[member.row], titles[panel].height + panels[panel].rows.count * side)
      }
      groups.append(
        (
          columns.reduce(0, +) + (columns.count - 1) * 18,
          rows.reduce(0, +) + (rows.count - 1) * 14,
          columns, rows, group
        ))
    }
    let top = FigureLayout.margin + (figure.caption == nil ? 0 : 34)
    let isStacked = figure.isRow && figure.form != .matrix
    let tallest = groups.reduce(0) { max($0, $1.height) }
    var (x, y) = (FigureLayout.margin, top)
    for (number, entry) in groups.enumerated() {
      if number > 0 && !entry.group.sign.isEmpty {
        let middle =
          isStacked
          ? Box(x: x + 8, y: y + entry.height - side / 2 + 8)
          : Box(x: x + FigureLayout.gap / 2, y: top + 24 + (tallest - 24) / 2 + 8)
        addText(entry.group.sign, .sign, 24, middle)
      }
      if isStacked { x = FigureLayout.margin + 34 } else if number > 0 { x += FigureLayout.gap }
      // The rows of a matrix end in the cells of its output.
      let low = (tallest - entry.height) / (figure.form == .matrix ? 1 : 2)
      let up = isStacked ? y : top + low
      for member in entry.group.members {
        let left = x + entry.columns[..<member.column].reduce(0) { $0 + $1 + 18 }
        let high = up + entry.rows[..<member.row].reduce(0) { $0 + $1 + 14 }
        let title = titles[member.panel]
        corners[member.panel] = Box(
          x: left, y: high + title.height, width: cellWidth(member.panel, figure), height: side)
        for (line, text) in title.lines.enumerated() {
          let isRemark = line >= title.lines.count - title.remarks
          addText(
            text, isRemark ? .remark : .title, 14, Box(x: left, y: high + 13 + line * 18),
            panel: member.panel)
        }
      }
      width = max(width, x + entry.width + FigureLayout.margin)
      if isStacked {
        (x, y) = (FigureLayout.margin, y + entry.height + 14)
        height = y
      } else {
        x += entry.width
        height = max(height, top + entry.height)
      }
    }
    width = max(width, 380, 40 + (figure.caption?.count ?? 0) * 10)
  }

  /// Adds one text.
  mutating func addText(
    _ text: String, _ look: FigureLook, _ size: Int, _ box: Box,
    panel: Int? = nil, during: Range<Int>? = nil
  ) {
    parts.append(
      Part(
        look: look, shape: .texts([text], size: size), boxes: [box], panel: panel,
        during: during))
  }
}

extension FigureLayout {
  /// The caption above; below, the arithmetic of each moment and what the marks mean.
  mutating func addTexts(_ figure: Figure, _ sentences: [String]) {
    let left = 20
    let room = max(24, (width - 2 * left) * 100 / (14 * 61))
    let sentences = sentences.map { brokenLines($0, room, hanging: 2) }
    let lines = sentences.reduce(1) { max($0, $1.count) }
    if let caption = figure.caption { addText(caption, .caption, 16, Box(x: left, y: 30)) }
    var y = height + (sentences.isEmpty ? 8 : 34)
    for (index, sentence) in sentences.enumerated() {
      for (line, text) in sentence.enumerated() {
        addText(
          text, .sentence, 14, Box(x: left, y: y + line * 20),
          during: length == 1 ? nil : index..<index + 1)
      }
    }
    y += (lines - 1) * 20
    height = y + 18
    addLegend(
      from: left, figure.isRounded ? "numbers in cells have fewer digits than below" : nil)
  }

  /// What the marks that occur mean.
  private mutating func addLegend(from left: Int, _ remark: String?) {
    let looks = FigureLook.allCases.filter { look in
      look.meaning != nil && parts.contains { $0.look == look }
    }
    guard !looks.isEmpty || remark != nil else { return }
    var (x, y) = (left, height + 4)
    for look in looks {
      let words = look.meaning!
      let wide = 26 + words.count * 7 + 18
      if x > left, x + wide > width - 10 { (x, y) = (left, y + 24) }
      let isLine = look == .cut
      let box = Box(x: x, y: isLine ? y + 8 : y, width: 16, height: isLine ? 0 : 16)
      let shape: Part.Shape =
        switch look {
        case .winner: .rings
        case .unread: .crosses
        case .cut: .tears
        default: .boxes
        }
      if look == .winner || look == .unread {
        parts.append(Part(look: .input, shape: .boxes, boxes: [box]))
      }
      parts.append(Part(look: look, shape: shape, boxes: [box]))
      addText(words, .legend, 13, Box(x: x + 23, y: y + 13))
      x += wide
    }
    if let remark {
      if x > left, x + remark.count * 7 > width - 10 { (x, y) = (left, y + 24) }
      addText(remark, .legend, 13, Box(x: x, y: y + 13))
    }
    height = y + 16 + 16
  }
}

/// A text in lines of at most so many characters, broken at blanks.
func brokenLines(_ text: String, _ width: Int, hanging: Int = 0) -> [String] {
  wrap(text, width: width, hanging: hanging).map { $0.text(color: false) }
}
