/// How a part of a figure looks; its name is the class of the part in an SVG.
///
/// No mark is told by its colour alone: padding is dashed, zeros between cells are dotted, what no output
/// reads is crossed out, the window has a thick frame, a map that goes on is torn off.
enum FigureLook: String, Sendable, CaseIterable {
  case paper
  // Cells.
  case input, kernel, output, matrix
  case pad, hole
  // What stands out for a while.
  case covered, coveredHole, coveredPad, result, stamp
  case once, twice, often
  case frame, spread, winner, unread, cut
  // Texts.
  case caption, title, remark, sign, number, faint, note, count, sentence, legend

  /// Which point of a text its place is.
  enum Anchor: String, Sendable { case start, middle, end }

  /// The colours on white paper and on black.
  struct Ink: Sendable {
    let light: UInt32
    let dark: UInt32
  }

  /// What is drawn with which ink.
  struct Paint: Sendable {
    var fill: Ink?
    var stroke: Ink?
    var width = 1
    /// How long strokes and gaps are; 0 is a line without gaps.
    var dash = 0
    var isBold = false
    /// Whether all its letters are as wide as a digit.
    var isNumber = false
    var anchor = Anchor.start
  }

  private static let ink = Ink(light: 0x1F2328, dark: 0xE8EAED)
  private static let soft = Ink(light: 0x57606A, dark: 0xA5AFBA)
  private static let line = Ink(light: 0x8C959F, dark: 0x6E7781)
  private static let sheet = Ink(light: 0xFFFFFF, dark: 0x16181D)
  private static let blue = (
    Ink(light: 0xDCEBF9, dark: 0x1C3852), Ink(light: 0x5B8DB8, dark: 0x5B8DB8)
  )
  private static let violet = (
    Ink(light: 0xF3E2F0, dark: 0x45293F), Ink(light: 0xAA6C9B, dark: 0xB07AA1)
  )
  private static let green = (
    Ink(light: 0xDFF2E4, dark: 0x1B3B2B), Ink(light: 0x5FA777, dark: 0x5FA777)
  )
  private static let orange = (
    Ink(light: 0xFFD48A, dark: 0x7A4B00), Ink(light: 0xA84300, dark: 0xFFB454)
  )

  /// Its colours and lines.
  var paint: Paint {
    switch self {
    case .paper: Paint(fill: Self.sheet)
    case .input: Paint(fill: Self.blue.0, stroke: Self.blue.1)
    case .kernel: Paint(fill: Self.violet.0, stroke: Self.violet.1)
    case .output: Paint(fill: Self.green.0, stroke: Self.green.1)
    case .matrix:
      Paint(
        fill: Ink(light: 0xF3F4F6, dark: 0x23272E), stroke: Ink(light: 0xC9CED4, dark: 0x3D444D))
    case .pad: Paint(fill: Self.sheet, stroke: Self.line, dash: 4)
    case .hole: Paint(fill: Self.sheet, stroke: Self.blue.1, dash: 2)
    case .covered: Paint(fill: Self.orange.0, stroke: Self.orange.1)
    case .coveredHole:
      Paint(fill: Ink(light: 0xFFF1D6, dark: 0x3F2B08), stroke: Self.orange.1, dash: 2)
    case .coveredPad:
      Paint(fill: Ink(light: 0xFFF1D6, dark: 0x3F2B08), stroke: Self.orange.1, dash: 4)
    case .result: Paint(fill: Ink(light: 0x8FDBA6, dark: 0x2C7A4B), stroke: Self.ink, width: 3)
    case .stamp: Paint(stroke: Self.orange.1, width: 2)
    case .once: Paint(fill: Ink(light: 0xC2E8CD, dark: 0x24543A), stroke: Self.green.1)
    case .twice: Paint(fill: Ink(light: 0x93D4A6, dark: 0x2E6F4B), stroke: Self.green.1)
    case .often: Paint(fill: Ink(light: 0x63BC80, dark: 0x3B8C5F), stroke: Self.green.1)
    case .frame: Paint(stroke: Self.orange.1, width: 3)
    case .spread: Paint(stroke: Self.orange.1, width: 2, dash: 6)
    case .winner: Paint(stroke: Self.ink, width: 2)
    case .unread: Paint(stroke: Self.line, width: 1)
    case .cut: Paint(stroke: Self.soft, width: 2)
    case .caption: Paint(fill: Self.ink, isBold: true)
    case .title: Paint(fill: Self.ink)
    case .remark, .legend: Paint(fill: Self.soft)
    case .sign: Paint(fill: Self.soft, anchor: .middle)
    case .number: Paint(fill: Self.ink, isNumber: true, anchor: .middle)
    case .faint: Paint(fill: Self.soft, isNumber: true, anchor: .middle)
    case .note: Paint(fill: Ink(light: 0x7A3000, dark: 0xFFCE8F), isNumber: true, anchor: .end)
    case .count: Paint(fill: Self.ink, isNumber: true)
    case .sentence: Paint(fill: Self.ink, isNumber: true)
    }
  }

  /// What a legend says of it, where it has to be explained.
  var meaning: String? {
    switch self {
    case .pad: "outside the input"
    case .hole: "zero put between two cells"
    case .unread: "read by no output"
    case .cut: "the map goes on"
    case .winner: "the largest"
    case .twice: "two stamps overlap"
    case .often: "three or more"
    case .spread: "the window’s reach"
    default: nil
    }
  }

  /// The looks of a panel's cells.
  static func cell(of kind: FigurePanel.Kind) -> FigureLook {
    switch kind {
    case .input, .stretched: .input
    case .kernel: .kernel
    case .output: .output
    case .matrix: .matrix
    }
  }

  /// The looks of an output cell with so many stamps on it.
  static func stamps(_ count: Int) -> FigureLook {
    count == 1 ? .once : count == 2 ? .twice : .often
  }
}
