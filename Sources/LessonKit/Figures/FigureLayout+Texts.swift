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
