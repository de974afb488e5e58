import ConvolutionArithmetic
import Tensors

/// The four ways to read the same taps.
public enum TraceForm: String, Hashable, Sendable, CaseIterable {
  /// Output by output: which products does it add up?
  case window
  /// Input by input: where does it stamp the kernel?
  case scatter
  /// A row of the matrix for each output.
  case matrix
  /// The direct convolution that equals a transposed one.
  case zeroInsertion = "zero-insertion"

  /// Its name on a page.
  public var title: String {
    switch self {
    case .window: "window: what does each output add up?"
    case .scatter: "scatter: where does each input go?"
    case .matrix: "matrix: all of it at once"
    case .zeroInsertion: "zero insertion: the direct convolution that does the same"
    }
  }
}

/// The arithmetic of one case, in one form, ready to be drawn.
///
/// Make one with ``TraceCase``.
public struct Trace: Hashable, Sendable {
  public var form: TraceForm
  /// Remarks on the geometry, such as the padding of the equivalent direct convolution.
  public var notes: [String]
  /// What is given: input, kernel; or the matrix.
  public var given: [Grid]
  /// What each input cell contributes (scatter only).
  public var stamps: [Grid]
  /// How each cell came about.
  public var equations: [Equation]
  public var outcome: [Grid]
  /// How each cell came about, also where the form shows that otherwise than by equations.
  public internal(set) var readings: [Equation]
  /// What a cell of the outcome is called: `output`, `gradient by input`.
  let result: String
  /// What the live book is asked for the same; nil where it takes no such case.
  var link: String?
  /// What the case is, in a line.
  public internal(set) var caption = ""

  init(
    form: TraceForm, notes: [String], given: [Grid], stamps: [Grid], equations: [Equation],
    outcome: [Grid], readings: [Equation]? = nil, result: String
  ) {
    self.result = result
    (self.form, self.notes, self.given, self.stamps) = (form, notes, given, stamps)
    (self.equations, self.outcome, self.readings) = (equations, outcome, readings ?? equations)
  }
}

/// The arithmetic of one cell: what it reads, and what becomes of that.
///
/// ```swift
/// equation.text   // "output 0 = 1·1 + 2·0 + 3·(-1) = -2"
/// ```
public struct Equation: Hashable, Sendable {
  /// A cell of a picture: which of its maps, and where in it.
  public struct Place: Hashable, Sendable {
    public let map: Int
    public let row: Int
    public let column: Int

    public init(map: Int = 0, row: Int, column: Int) {
      (self.map, self.row, self.column) = (map, row, column)
    }
  }

  /// One kernel cell with the cell that it meets, or a cell that is read as it is.
  public struct Tap: Hashable, Sendable {
    /// The cell of the input; nil on padding.
    public let given: Place?
    /// Where that cell lies, counted from the first cell of the input: on padding before it or past it.
    public let position: Place
    /// Whether that cell is a zero inserted between two others.
    public let isHole: Bool
    /// The cell of the kernels, counted in the order in which they are drawn; nil without kernels.
    public let kernel: Place?
    /// The number of the input; 0 on padding.
    public let input: String
    /// What it is multiplied by; nil where it is read as it is.
    public let factor: String?
    /// The product, and the sum of the products up to it; nil where nothing is multiplied.
    public let product: String?
    public let total: String?

    /// `3·0`, `3·(-1)`, `3`
    public var text: String { factor.map { "\(input)·\(Equation.factor($0))" } ?? input }
  }

  /// What becomes of the cells that are read.
  public enum Rule: Hashable, Sendable {
    case sum
    case largest
    case mean(divisor: String)
    /// Of softmax: e to the power of this number, as a share of all.
    case share(of: String)
    /// Of argmax: the position of the first largest.
    case position
  }

  /// The cell: `output (0, 2)`.
  public let cell: String
  /// The picture of the batch that the cell belongs to.
  public let picture: Int
  public let place: Place
  /// What the cell reads, in the order of the taps, kernel cells on padding included.
  public let taps: [Tap]
  /// The places on padding that the window covers without a tap, as a pooling's does.
  public let passed: [Place]
  public let rule: Rule
  /// What is added at the end, if the case has a bias.
  public let bias: String?
  public let value: String

  /// The taps that meet a cell.
  public var terms: [Tap] { taps.filter { $0.given != nil } }

  /// How many kernel cells meet padding, and so have no term.
  public var padded: Int { taps.count - terms.count }

  /// Whether there is anything to be added up.
  public var isEmpty: Bool { rule == .sum && terms.isEmpty && bias == nil }

  /// The expression alone: `1·1 + 2·0 + 3·(-1)`, `max(1, 2)`; `0` where a sum has no term.
  public var expression: String {
    let read = terms.map { $0.text }
    let list = read.joined(separator: ", ")
    switch rule {
    case .sum:
      return sumText(read + (bias.map { [$0] } ?? []))
    case .largest: return "max(\(list))"
    case .mean(let divisor):
      return read.isEmpty ? "no input cell" : "(\(sumText(read)))/\(divisor)"
    case .share(let own):
      return "e^\(own)/(\(read.map { "e^\($0)" }.joined(separator: " + ")))"
    case .position: return "the position of the first largest of \(list)"
    }
  }

  /// The whole line.
  public var text: String {
    isEmpty
      ? "\(cell) = \(value) (no tap reaches it)" : "\(cell) = \(expression) = \(value)"
  }

  /// A number as the second factor of a product.
  static func factor(_ text: String) -> String {
    text.hasPrefix("-") ? "(\(text))" : text
  }
}

/// How the maps of a batch and their cells are called: no more is said than tells them apart.
///
/// ```swift
/// MapNames("output", pictures: 1, maps: 3, isRow: false).cell(0, 1, 0, 2)   // output map 1 (0, 2)
/// MapNames("output", pictures: 2, maps: 1, isRow: true).cell(1, 0, 0, 2)    // output picture 1, 2
/// ```
struct MapNames: Hashable, Sendable {
  /// What all of it is called.
  let what: String
  /// What a cell is called, if not as its map.
  private let ofCell: String?
  private var pictures: Int
  private var maps: Int
  private let isRow: Bool
  /// Of kernels, which are named by two numbers: how many go with the first.
  private let kernels: Int?

  /// Names for so many pictures of so many maps; of a row the column alone names a cell.
  init(
    _ what: String, pictures: Int, maps: Int, isRow: Bool, cell: String? = nil, kernels: Int? = nil
  ) {
    (self.what, self.pictures, self.maps, self.isRow) = (what, pictures, maps, isRow)
    (ofCell, self.kernels) = (cell, kernels)
  }

  /// Names for the maps of a tensor (pictures, maps, rows, columns).
  init<Scalar>(
    _ what: String, _ tensor: Tensor<Scalar>, isRow: Bool, cell: String? = nil, kernels: Int? = nil
  ) {
    self.init(
      what, pictures: tensor.batch, maps: tensor.channels, isRow: isRow, cell: cell,
      kernels: kernels)
  }

  /// What a cell is called, without its place.
  var word: String { ofCell ?? what }

  /// Names for the pictures alone.
  var ofPictures: MapNames {
    var names = self
    names.maps = 1
    return names
  }

  /// `output`, `output map 1`, `output picture 0, map 1`; maps counted on beyond those of a picture are
  /// those of the next.
  func map(_ picture: Int, _ map: Int) -> String { what + which(picture, map) }

  private func which(_ picture: Int, _ map: Int) -> String {
    if let kernels { return maps > 1 ? " [\(map / kernels)][\(map % kernels)]" : "" }
    let parts =
      (pictures > 1 ? ["picture \(picture + map / maps)"] : [])
      + (maps > 1 ? ["map \(map % maps)"] : [])
    return (parts.isEmpty ? "" : " ") + parts.joined(separator: ", ")
  }

  /// `output (0, 2)`, `output 2` of a row, `output map 1, 2`, `output picture 0, map 1 (0, 2)`
  func cell(_ picture: Int, _ map: Int, _ row: Int, _ column: Int) -> String {
    let isOne = pictures == 1 && maps == 1
    return word + which(picture, map)
      + (isRow ? (isOne ? " " : ", ") + "\(column)" : " (\(row), \(column))")
  }
}

extension Tensor {
  /// Every map of every picture as a grid, titled by its name.
  ///
  /// - Parameter text: the number of a picture at a place.
  func grids(
    _ names: MapNames, _ role: Grid.Role, padding: Padding = 0, window: Region? = nil,
    text: (Int, Equation.Place) -> String
  ) -> [Grid] {
    (0..<batch).flatMap { picture in
      (0..<channels).map { map in
        var grid = Grid(
          role, size, title: names.map(picture, map), padding: padding, window: window
        ) {
          text(picture, Equation.Place(map: map, row: $0, column: $1))
        }
        (grid.picture, grid.map) = (picture, map)
        return grid
      }
    }
  }
}
