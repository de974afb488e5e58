extension FigureLayout {
  /// The caption above; below, the arithmetic of each moment and what the marks mean.
  mutating func addTexts(_ figure: Figure) {
    let left = 20
    let room = max(24, (width - 2 * left) * 100 / (14 * 61))
    let sentences = figure.moments.map { brokenLines($0.sentence, room, hanging: 2) }
    let lines = sentences.reduce(1) { max($0, $1.count) }
    if let caption = figure.caption { addText(caption, .caption, 16, Box(x: left, y: 30)) }
    var y = height + 34
    for (index, sentence) in sentences.enumerated() {
      for (line, text) in sentence.enumerated() {
        addText(
          text, .sentence, 14, Box(x: left, y: y + line * 20),
          during: length == 1 ? nil : index..<index + 1)
      }
    }
    y += (lines - 1) * 20
    height = y + 18
    addLegend(from: left)
  }

  /// What the marks that occur mean.
  private mutating func addLegend(from left: Int) {
    let looks = FigureLook.allCases.filter { look in
      look.meaning != nil && parts.contains { $0.look == look }
    }
    guard !looks.isEmpty else { return }
    var (x, y) = (left, height + 4)
    for look in looks {
      let words = look.meaning!
      let wide = 26 + words.count * 7 + 18
      if x > left, x + wide > width - 10 { (x, y) = (left, y + 24) }
      let box = Box(x: x, y: y, width: 16, height: 16)
      let shape: Part.Shape = look == .winner ? .rings : look == .unread ? .crosses : .boxes
      if look == .winner || look == .unread {
        parts.append(Part(look: .input, shape: .boxes, boxes: [box]))
      }
      parts.append(Part(look: look, shape: shape, boxes: [box]))
      addText(words, .legend, 13, Box(x: x + 23, y: y + 13))
      x += wide
    }
    height = y + 16 + 16
  }
}

/// A text in lines of at most so many characters, broken at blanks.
func brokenLines(_ text: String, _ width: Int, hanging: Int = 0) -> [String] {
  wrap(text, width: width, hanging: hanging).map { $0.text(color: false) }
}
