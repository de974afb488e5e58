internal import Tensors

/// Writes steps as HTML that is complete without scripts: maps are tables whose cells have names,
/// predictions fold, claims show their evidence.
///
/// ```swift
/// HTMLRenderer().text(of: .prose("`k` < 3"))   // <p><code>k</code> &lt; 3</p>
/// ```
public struct HTMLRenderer: Sendable {
  private let pictureFolder: String?

  ///
  /// - Parameter pictureFolder: what comes before the names of a lesson's pictures in a link to them;
  ///   without it the text names them.
  public init(pictureFolder: String? = nil) { self.pictureFolder = pictureFolder }

  /// One step.
  public func text(of step: Step) -> String {
    switch step {
    case .heading(let title): "<h2 id=\"\(Self.anchor(title))\">\(Self.phrase(title))</h2>"
    case .prose(let text): "<p>\(Self.phrase(text))</p>"
    case .formula(let lines): Self.preformatted(lines)
    case .grids(let grids, let operators): text(of: grids, operators: operators)
    case .trace(let trace): text(of: trace)
    case .table(let table): text(of: table)
    case .prediction(let prediction): text(of: prediction)
    case .claim(let claim): text(of: claim)
    case .pictures(let pictures):
      "<div class=\"maps\">" + pictures.map { text(of: $0) }.joined() + "</div>"
    case .figure(let figure): text(of: figure)
    case .files(let files):
      pictureFolder.map { text(of: files, in: $0) }
        ?? "<p>\(Self.phrase(LessonFile.sentence(files)))</p>"
    }
  }

  /// Steps in order; claims that follow each other are one list.
  public func text(of steps: [Step]) -> String {
    var result = ""
    var isList = false
    for step in steps {
      let isClaim = step.kind == "claim"
      if isClaim != isList { result += isClaim ? "<ul class=\"claims\">\n" : "</ul>\n" }
      isList = isClaim
      result += text(of: step) + "\n"
    }
    return result + (isList ? "</ul>\n" : "")
  }

  private func text(of files: [LessonFile], in folder: String) -> String {
    let figures = files.map { file in
      "<figure><img src=\"\(folder)\(escapedForXML(file.name))\" alt=\"\(escapedForXML(file.shows))\" "
        + "loading=\"lazy\"><figcaption>\(escapedForXML(file.shows))</figcaption></figure>"
    }
    return "<div class=\"pictures\">\(figures.joined())</div>"
  }

  private func text(of claim: Claim) -> String {
    "<li class=\"\(claim.holds ? "holds" : "false")\"><span class=\"mark\">"
      + "\(claim.holds ? "✓" : "✗ false:")</span> \(Self.phrase(claim.sentence)) "
      + "<span class=\"evidence\">\(escapedForXML(claim.evidence))</span></li>"
  }

  private func text(of prediction: Prediction) -> String {
    """
    <div class="prediction" data-answer="\(escapedForXML(prediction.answer))" \
    data-order="\(prediction.anyOrder ? "any" : "given")" \
    data-also="\(escapedForXML(prediction.also.joined(separator: "|")))">\
    <p><b>Predict:</b> \(Self.phrase(prediction.question))</p>
    <details><summary>Answer</summary><p class="answer">\(Self.phrase(prediction.answer))</p>
    <p>\(Self.phrase(prediction.why))</p></details></div>
    """
  }

  private func text(of table: Table) -> String {
    let head = table.columns.map { "<th scope=\"col\">\(Self.phrase($0))</th>" }.joined()
    let rows = table.rows.map { row in
      "<tr>" + row.map { "<td>\(Self.phrase($0))</td>" }.joined() + "</tr>"
    }
    return "<div class=\"wide\"><table class=\"rows\"><thead><tr>\(head)</tr></thead><tbody>\n"
      + rows.joined(separator: "\n") + "\n</tbody></table></div>"
  }
}

// MARK: Maps

extension HTMLRenderer {
  /// Maps side by side, with an operator before each but the first.
  func text(of grids: [Grid], operators: [String] = []) -> String {
    let amongRows = grids.areRows
    let parts = grids.enumerated().map { index, grid in
      let mark = index > 0 && index - 1 < operators.count ? operators[index - 1] : ""
      return (mark.isEmpty ? "" : "<span class=\"operator\">\(escapedForXML(mark))</span>")
        + text(of: grid, amongRows: amongRows)
    }
    return "<div class=\"maps\">" + parts.joined() + "</div>"
  }

  private func text(of grid: Grid, amongRows: Bool) -> String {
    let rows = grid.rows.indices.map { row in
      let label =
        row < grid.rowLabels.count
        ? "<th scope=\"row\">\(escapedForXML(grid.rowLabels[row]))</th>" : ""
      let cells = grid.rows[row].map { cell in
        let kind = cell.mark == .none ? "" : " class=\"\(cell.mark.rawValue)\""
        return "<td\(kind)>\(escapedForXML(cell.text))</td>"
      }
      return "<tr>\(label)\(cells.joined())</tr>"
    }
    return "<figure class=\"map \(grid.role.rawValue)\"><figcaption>"
      + "\(escapedForXML(grid.label(amongRows: amongRows)))</figcaption>"
      + "<div class=\"wide\"><table>\(rows.joined(separator: "\n"))</table></div></figure>"
  }

  private func text(of picture: MapPicture) -> String {
    let levels = picture.levels(Self.shades)
    let (height, width) = (levels.count, levels.first?.count ?? 0)
    // A picture of twice as many columns as rows was thinned for the terminal, whose characters are
    // twice as high as wide.
    let tall = height > 1 && width >= 2 * height ? 2 : 1
    var cells = ""
    for (row, line) in levels.enumerated() {
      var column = 0
      while column < width {
        var end = column + 1
        while end < width, line[end] == line[column] { end += 1 }
        cells +=
          "<rect x=\"\(column)\" y=\"\(row * tall)\" width=\"\(end - column)\" height=\"\(tall)\" "
          + "class=\"\(picture.style == .labels ? "class" : "shade")-\(line[column])\"/>"
        column = end
      }
    }
    return "<figure class=\"picture\"><figcaption>\(escapedForXML(picture.label))</figcaption>"
      + "<svg viewBox=\"0 0 \(width) \(height * tall)\" role=\"img\" "
      + "aria-label=\"\(escapedForXML(picture.label))\">\(cells)</svg></figure>"
  }

  /// How many steps from dark to light the style sheet has.
  private static let shades = 10
}

// MARK: Text

extension HTMLRenderer {
  /// A text of a lesson, its backquoted parts as code.
  public static func phrase(_ text: String) -> String {
    var isCode = true
    return text.split(separator: "`", omittingEmptySubsequences: false).map { part in
      isCode.toggle()
      return isCode ? "<code>\(escapedForXML(String(part)))</code>" : escapedForXML(String(part))
    }.joined()
  }

  /// Lines kept as they are.
  public static func preformatted(_ lines: [String]) -> String {
    "<pre>\(lines.map { escapedForXML($0) }.joined(separator: "\n"))</pre>"
  }

  /// A title as the name of a place on the page: `the-cells-never-read`.
  public static func anchor(_ title: String) -> String {
    let words = title.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.map { String($0) }.joined(separator: "-")
  }
}

extension HTMLRenderer {
  /// A trace: its figure, or its maps where they are too large to be drawn, and the arithmetic.
  func text(of trace: Trace) -> String {
    let notes = trace.notes.map { "<p class=\"note\">\(escapedForXML($0))</p>" }.joined()
    let sums = trace.readings.map { $0.text }
    guard let figure = try? Figure(trace) else {
      let maps = [trace.given, trace.stamps, trace.outcome].filter { !$0.isEmpty }
      return "<div class=\"trace\">" + notes + maps.map { text(of: $0) }.joined()
        + Self.folded(sums) + "</div>"
    }
    // Of a scatter the figure tells the stamps, and the sums come after them.
    return notes + text(of: figure, link: trace.link)
      + (trace.form == .scatter ? Self.folded(sums) : "")
  }

  /// A figure with what is said of each of its moments.
  ///
  /// - Parameter link: what the live book is asked for the same.
  func text(of figure: Figure, link: String? = nil) -> String {
    let data = link.map { " data-case=\"\(escapedForXML($0))\"" } ?? ""
    return "<div class=\"trace\"\(data)><div class=\"live\" role=\"group\" aria-label=\"figure\" "
      + "tabindex=\"0\">\(figure.liveSVG())</div>"
      + Self.folded(figure.sentences, figure.form == .scatter ? "stamps" : "sums") + "</div>"
  }

  private static func folded(_ lines: [String], _ what: String = "sums") -> String {
    lines.isEmpty
      ? ""
      : "<details class=\"sums\"><summary>"
        + (lines.count == 1 ? "The sum" : "All \(lines.count) \(what)")
        + "</summary>\(preformatted(lines))</details>"
  }
}
