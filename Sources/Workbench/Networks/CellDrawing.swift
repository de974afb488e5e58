import Interchange
import Networks
import Tensors

/// A picture and the view of one cell on it: darker where more paths begin. What lies around the
/// picture is its padding.
struct CellDrawing {
  /// The rows and columns that are drawn; those of the picture begin at 0.
  private let rows: ClosedRange<Int>
  private let columns: ClosedRange<Int>
  private let view: CellView
  /// One pixel for each cell.
  private let cells: Picture

  private static let paper = RGB(255, 255, 255)
  private static let margin = RGB(232, 232, 232)
  private static let ink = RGB(8, 48, 107)
  private static let paddingInk = RGB(166, 54, 3)

  /// The view on a picture of the same size, or on white.
  init(_ view: CellView, on image: Picture?) {
    let (height, width) = (view.picture.height, view.picture.width)
    let reach = view.reach
    rows = min(0, reach?.rows.lowerBound ?? 0)...max(height - 1, reach?.rows.upperBound ?? 0)
    columns =
      min(0, reach?.columns.lowerBound ?? 0)...max(width - 1, reach?.columns.upperBound ?? 0)
    self.view = view
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * rows.count * columns.count)
    for row in rows {
      for column in columns {
        let isInside = row >= 0 && row < height && column >= 0 && column < width
        var color =
          isInside
          ? image.map { $0[row: row, column: column] } ?? Self.paper : Self.margin
        let share = view.paths(row: row, column: column).share(of: view.most)
        if share > 0 || !view.paths(row: row, column: column).isZero {
          // By the root, so that the border of the field can be seen; never quite as dark as ink.
          color = color.mixed(
            with: isInside ? Self.ink : Self.paddingInk, 0.15 + 0.75 * share.squareRoot())
        }
        pixels += [color.red, color.green, color.blue]
      }
    }
    cells = Picture(width: columns.count, height: rows.count, pixels: pixels)
  }

  /// Each cell a square of pixels, so many that it can be seen, with lines between large ones.
  var picture: Picture {
    let scale = max(1, min(24, 720 / max(rows.count, columns.count)))
    guard scale > 1 else { return cells }
    let line = scale >= 6
    var pixels: [UInt8] = []
    let (height, width) = (rows.count * scale, columns.count * scale)
    pixels.reserveCapacity(3 * height * width)
    for row in 0..<height {
      for column in 0..<width {
        var color = cells[row: row / scale, column: column / scale]
        if line, row % scale == 0 || column % scale == 0 { color = color.mixed(with: .grey, 0.3) }
        pixels += [color.red, color.green, color.blue]
      }
    }
    return Picture(width: width, height: height, pixels: pixels)
  }

  /// The cells as a small picture inside, and lines over it that stay sharp at any size.
  var svg: String {
    let scale = max(1, min(24, 720 / max(rows.count, columns.count)))
    let (width, height) = (columns.count * scale, rows.count * scale)
    let (left, top) = (-columns.lowerBound * scale, -rows.lowerBound * scale)
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
        + "height=\"\(height)\">",
      "<title>\(escapedForXML(view.layer)), cell \(view.row),\(view.column): \(view.paths) paths</title>",
      "<image width=\"\(width)\" height=\"\(height)\" preserveAspectRatio=\"none\" "
        + "style=\"image-rendering:pixelated\" href=\"data:image/png;base64,"
        + "\(base64(PNGWriter.encode(cells)))\"/>",
    ]
    if scale >= 6 {
      let across = (1..<max(2, rows.count)).map { "M0 \($0 * scale)H\(width)" }
      let down = (1..<max(2, columns.count)).map { "M\($0 * scale) 0V\(height)" }
      lines.append(
        "<path d=\"\((across + down).joined())\" stroke=\"#808080\" stroke-opacity=\"0.4\"/>")
    }
    lines.append(
      "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(view.picture.width * scale)\" "
        + "height=\"\(view.picture.height * scale)\" fill=\"none\" stroke=\"#404040\"/>")
    if let (rows, columns) = view.seen {
      lines.append(
        "<rect x=\"\(left + columns.lowerBound * scale)\" y=\"\(top + rows.lowerBound * scale)\" "
          + "width=\"\(columns.count * scale)\" height=\"\(rows.count * scale)\" fill=\"none\" "
          + "stroke=\"#d7301f\"/>")
    }
    return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
  }

  /// The bytes as letters, three as four.
  private func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(4 * (bytes.count / 3 + 1))
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      let number = (0..<3).reduce(0) { $0 << 8 | ($1 < part.count ? Int(part[start + $1]) : 0) }
      for letter in 0..<4 {
        text.append(
          letter <= part.count ? letters[number >> (18 - 6 * letter) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension RGB {
  fileprivate static let grey = RGB(128, 128, 128)

  /// This colour with so much of another.
  fileprivate func mixed(with other: RGB, _ share: Double) -> RGB {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      let (from, to) = (Double(a), Double(b))
      return UInt8((from + (to - from) * share).rounded())
    }
    return RGB(mix(red, other.red), mix(green, other.green), mix(blue, other.blue))
  }
}
