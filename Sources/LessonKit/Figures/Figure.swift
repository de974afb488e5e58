public import ConvolutionArithmetic
internal import Tensors

/// A drawing of a trace: its maps side by side, and what is marked on them from one moment to the next.
///
/// Every number and every mark comes from the trace's equations and their taps.
///
/// ```swift
/// let trace = try TraceCase.convolution(x, w, padding: 1).trace()
/// try Figure(trace, cell: (row: 0, column: 2)).svg()     // the window of one cell
/// try Figure(trace).animatedSVG(seconds: 10)             // the window moves
/// ```
///
/// A moment is an output cell with the window that makes it; of ``TraceForm/scatter`` an input cell with
/// its stamp.
public struct Figure: Sendable {
  /// What stands above it, or nothing.
  public var caption: String?
  /// The moment that a still picture shows.
  public let current: Int
  /// The moment with which an animation begins.
  let start: Int
  /// Whether numbers in cells have fewer digits than they have.
  let isRounded: Bool

  let form: TraceForm
  var panels: [FigurePanel] = []
  /// The panels from left to right, each group a square of them, and what stands before each group.
  var groups: [FigureGroup] = []
  var moments: [Moment] = []
  /// Numbers that come and go.
  var values: [Value] = []
  let isRow: Bool

  /// What it is, in a few words: its form, and the names and sizes of its maps.
  public var title: String {
    "\(form.rawValue) of " + panels.map { $0.title }.joined(separator: ", ")
  }

  /// How many moments an animation of it has.
  public var length: Int { moments.count }

  /// One cell's turn.
  struct Moment: Sendable {
    /// The output cell, or the input cell of a stamp.
    let place: Equation.Place
    /// Its arithmetic.
    let sentence: String
    /// The same in few words, where other figures of a sheet have the numbers.
    var brief: String?
    var marks: [Mark] = []
  }

  /// Cells of a panel that stand out in one way.
  struct Mark: Sendable {
    let look: FigureLook
    let panel: Int
    var cells: [FigureCell]
    /// What is written into their corners, a text for each cell, or nothing.
    var notes: [String] = []
  }

  /// A number of the output, and from which moment to which it is there.
  struct Value: Sendable {
    let panel: Int
    let cell: FigureCell
    let text: String
    let during: Range<Int>
    /// How many stamps lie on it; 0 where it is no sum of stamps.
    var stamps = 0
  }

  /// The most moments of a figure, and the most columns and rows of cells in all.
  static let mostMoments = 400
  static let mostColumns = 52

  /// What is said of the forms that are drawn whole.
  static let offerOfParts = ", and of the form window --cell, --rows and --columns draw a part"

  static func checkRoom(
    width: Int, height: Int, _ offer: String = ""
  ) throws(GeometryError) {
    guard max(width, height) > mostColumns else { return }
    throw GeometryError(
      "the maps are \(width) cells wide and \(height) high in all, and a figure has room for "
        + "\(mostColumns) each way; a smaller input shows the same" + offer)
  }

  /// A figure of one picture of a trace.
  ///
  /// - Parameters:
  ///   - cell: the cell that a still picture shows, and with which an animation begins: of the output, of a
  ///     scatter of the input; without it one in the middle, or the end of the scatter.
  ///   - part: the rows and columns of the output that alone are drawn, with what they read.
  /// - Throws: `GeometryError` if there is no such cell, or the maps are too large to be drawn.
  public init(
    _ trace: Trace, cell: (row: Int, column: Int)? = nil, part: FigurePart? = nil, picture: Int = 0,
    caption: String? = nil
  ) throws(GeometryError) {
    let trace = trace.ofPicture(picture)
    self.caption = caption
    form = trace.form
    isRow = (trace.given + trace.outcome).areRows
    guard !trace.readings.isEmpty else {
      throw GeometryError("there is no picture \(picture) in the trace to be drawn")
    }
    var builder = FigureBuilder(trace)
    builder.arrange()
    try builder.fit(around: cell, part)
    switch form {
    case .scatter: builder.addStamps()
    case .matrix: builder.addRows()
    case .window, .zeroInsertion: builder.addWindows()
    }
    (panels, groups, moments, values) = (
      builder.panels, builder.groups, builder.moments, builder.values
    )
    isRounded = builder.isRounded
    guard let cell else {
      let middle = trace.outcome[0].size
      let place = Equation.Place(row: middle.height / 2, column: middle.width / 2)
      let found = form == .scatter ? nil : moments.firstIndex { $0.place == place }
      current = found ?? (form == .scatter ? moments.count - 1 : moments.count / 2)
      start = 0
      return
    }
    guard
      let found = moments.firstIndex(where: {
        $0.place.row == cell.row && $0.place.column == cell.column
      })
    else {
      throw GeometryError(
        "there is no cell \(cell.row), \(cell.column) to be drawn; the "
          + (form == .scatter
            ? "input is \(trace.given[0].size)" : "output is \(trace.outcome[0].size)")
          + (part.map { ", of which are drawn: \($0.description)" } ?? ""))
    }
    (current, start) = (found, found)
  }
}

/// A cell of a drawn map; on padding its row or column is below 0 or past the last.
struct FigureCell: Hashable, Sendable {
  let row: Int
  let column: Int

  init(_ row: Int, _ column: Int) { (self.row, self.column) = (row, column) }
  init(_ place: Equation.Place) { self.init(place.row, place.column) }
}

/// A map as it is drawn.
struct FigurePanel: Sendable {
  enum Kind: String, Sendable {
    case input
    /// The input with zeros between its cells.
    case stretched
    case kernel
    case output
    case matrix
  }

  let form: TraceForm
  let kind: Kind
  let map: Int
  /// Its name and size, and in a second line its padding.
  let title: String
  var remark = ""
  /// The cells with padding; `rows[0][0]` is the cell (−top, −left).
  var rows: [[Grid.Cell]]
  var top = 0
  var left = 0
  /// Rows and columns without padding.
  var height: Int
  var width: Int
  /// Cells that are marked from beginning to end.
  var holes: [FigureCell] = []
  var unread: [FigureCell] = []
  var cut = Cut()

  /// The cell of a drawn row and column.
  func cell(_ row: Int, _ column: Int) -> FigureCell { FigureCell(row - top, column - left) }

  func isDrawn(_ cell: FigureCell) -> Bool {
    rows.indices.contains(cell.row + top) && rows[0].indices.contains(cell.column + left)
  }

  func isPadding(_ cell: FigureCell) -> Bool {
    !(0..<height).contains(cell.row) || !(0..<width).contains(cell.column)
  }
}

/// Panels that stand together, in rows and columns.
struct FigureGroup: Sendable {
  /// What stands before it: `∗`, `=`, or nothing.
  let sign: String
  let members: [(panel: Int, row: Int, column: Int)]
}

extension Trace {
  /// The trace of one picture of the batch.
  fileprivate func ofPicture(_ picture: Int) -> Trace {
    var trace = self
    trace.given = given.filter { $0.role == .kernel || $0.role == .matrix || $0.picture == picture }
    trace.readings = readings.filter { $0.picture == picture }
    trace.outcome = outcome.filter { $0.picture == picture }
    return trace
  }
}
