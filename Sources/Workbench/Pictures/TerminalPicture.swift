import Interchange
import Tensors

/// A picture and its labels side by side, drawn with characters, and a legend.
///
/// With colour a character is two pixels, one above the other: `▀` in the colour of the upper on the
/// colour of the lower. Without it the picture is drawn in shades and each class is a letter, `.` for
/// class 0.
struct TerminalPicture {
  let picture: Picture
  let labels: LabelMap
  /// The names of the classes.
  let names: [String]
  let width: Int
  let color: Bool

  /// The drawing and the legend, line by line.
  var text: String { (drawing + [""] + legend).joined(separator: "\n") }

  /// The letter of a class.
  static func letter(_ label: Int) -> Character {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
    return label == 0 ? "." : label <= letters.count ? letters[label - 1] : "?"
  }

  private var drawing: [String] {
    // A character is about twice as high as wide: so is a pair of pixels.
    let columns = min(max(1, (width - 2) / 2), picture.width, 100)
    let tall = max(1, (columns * picture.height + picture.width / 2) / picture.width)
    let rows = max(1, (min(tall, 120) + 1) / 2)
    let cells = Mosaic(columns: columns, rows: color ? 2 * rows : rows, of: picture, labels)
    return (0..<rows).map { row in
      color
        ? halves(cells.colors, 2 * row, columns) + "  "
          + halves(cells.labels.map { $0.map { VOCPalette.color(of: $0) } }, 2 * row, columns)
        : String(cells.colors[row].map(shade)) + "  "
          + String(cells.labels[row].map { Self.letter(Int($0)) })
    }
  }

  private var legend: [String] {
    let counts = LabelCounts(labels, classes: names.count)
    let longest = counts.present.map { names[$0].visible.count }.max() ?? 0
    return counts.present.map { index in
      let paint = VOCPalette.color(of: UInt8(index))
      let mark =
        color
        ? "\(code(48, paint))  \u{1B}[0m" : String(Self.letter(index))
      let share = decimal(100 * counts.share(of: index), 1)
      let blank = String(repeating: " ", count: max(0, 5 - share.count))
      return "  \(mark)  \(padded(names[index].visible, to: longest))  \(blank)\(share) %"
    }
  }

  private func halves(_ rows: [[RGB]], _ row: Int, _ columns: Int) -> String {
    var line = ""
    var last: (RGB, RGB)?
    for column in 0..<columns {
      let (upper, lower) = (rows[row][column], rows[row + 1][column])
      // The same colours as before need no new codes.
      if last.map({ $0 != (upper, lower) }) ?? true { line += code(38, upper) + code(48, lower) }
      line += "▀"
      last = (upper, lower)
    }
    return line + "\u{1B}[0m"
  }

  private func code(_ ground: Int, _ color: RGB) -> String {
    "\u{1B}[\(ground);2;\(color.red);\(color.green);\(color.blue)m"
  }

  /// The darker, the emptier: as on a dark terminal.
  private func shade(_ color: RGB) -> Character {
    let shades = Array(" .:-=+*#%@")
    let light = 299 * Int(color.red) + 587 * Int(color.green) + 114 * Int(color.blue)
    return shades[light * shades.count / 255_001]
  }
}
