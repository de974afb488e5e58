import Interchange
import LessonKit
import Tensors

/// An array to trace: exact where the numbers are a person's, or whole; measured otherwise.
enum TraceArray {
  case exact(Tensor<Fraction>)
  case measured(Tensor<Double>)

  /// The most cells that a trace takes in.
  static let mostCells = 1 << 16

  var shape: Shape {
    switch self {
    case .exact(let tensor): tensor.shape
    case .measured(let tensor): tensor.shape
    }
  }

  /// The numbers as they are computed with where not everything is exact.
  var doubles: Tensor<Double> {
    switch self {
    case .exact(let tensor): tensor.map(\.doubleValue)
    case .measured(let tensor): tensor
    }
  }

  /// The numbers as they are computed with where everything is exact.
  var exact: Tensor<Exact>? {
    if case .exact(let tensor) = self { tensor.map { Exact($0) } } else { nil }
  }

  /// The numbers as they are written.
  var texts: [String] {
    switch self {
    case .exact(let tensor): tensor.elements.map { numberText($0) }
    case .measured(let tensor): tensor.elements.map { numberText($0) }
    }
  }

  /// A row, a map, a stack of sequences or of maps, all as a stack of maps.
  var maps: TraceArray {
    let extents = shape.dimensions
    return switch extents.count {
    case 1: reshaped([1, 1, 1, extents[0]])
    case 2: reshaped([1, 1, extents[0], extents[1]])
    case 3: reshaped([extents[0], extents[1], 1, extents[2]])
    default: self
    }
  }

  /// The array under another shape with as many cells.
  func reshaped(_ shape: Shape) -> TraceArray {
    switch self {
    case .exact(let tensor): .exact(tensor.reshaped(shape))
    case .measured(let tensor): .measured(tensor.reshaped(shape))
    }
  }

  /// 1, 2, 3, … in a shape.
  static func ramp(_ shape: Shape) -> TraceArray {
    .exact(Tensor<Int>.ramp(shape).map { Fraction($0) })
  }

  /// Reads `1,2,3/4,5,6` (rows), `1/4;1/2` (with a semicolon, `/` is a fraction), `5x5` (a ramp), `5`
  /// (a ramp of one row), `3x5x5` (of three maps), or the name of a `.npy` file.
  ///
  /// - Throws: `ExitStatus` 64 or 65, or the errors of reading a file.
  init(_ text: String, _ name: String) throws {
    switch Kind(text) {
    case .ramp: self = .ramp(try Self.rampShape(text, name))
    case .file: self = try Self.file(text)
    case .typed: self = .exact(try Self.typed(text, name))
    }
  }

  /// What a word may stand for.
  enum Kind {
    /// The size of a ramp: `5x5`, `5`, `3x5x5`.
    case ramp
    /// The name of a file.
    case file
    /// The numbers themselves.
    case typed

    init(_ text: String) {
      let parts = text.split(separator: "x", omittingEmptySubsequences: false)
      let isNamed = text.contains { $0.isLetter && !$0.isNumber } && !text.contains(",")
      if parts.count <= 4, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) {
        self = .ramp
      } else if text.hasSuffix(".npy") || isNamed
        || !text.contains(where: { ",;".contains($0) || $0.isNumber })
      {
        self = .file
      } else {
        self = .typed
      }
    }
  }

  /// Reads numbers that are never a size: `5` is the number 5.
  init(row text: String, _ name: String) throws {
    if text.utf8.allSatisfy(isDigit) {
      self = .exact(Tensor(shape: [1], elements: [try Fraction(typed: text, name)]))
    } else {
      try self.init(text, name)
    }
  }

  private static func rampShape(_ text: String, _ name: String) throws -> Shape {
    let parts = text.split(separator: "x")
    let extents = parts.map { Int($0) ?? .max }
    let (count, overflow) = extents.reduce((1, false)) { product, extent in
      let (value, over) = product.0.multipliedReportingOverflow(by: extent)
      return (value, product.1 || over)
    }
    guard !overflow, (1...mostCells).contains(count) else {
      throw ExitStatus.data(
        "\(name) is \(text), a ramp of so many cells, of which there may be from 1 to \(mostCells)"
          + (parts.count == 1 ? "; the number itself is written \(text);" : ""))
    }
    // Three numbers are a picture of so many maps.
    return Shape(extents.count == 3 ? [1] + extents : extents)
  }

  private static func typed(_ text: String, _ name: String) throws(ExitStatus) -> Tensor<Fraction> {
    let separator: Character = text.contains(";") ? ";" : "/"
    var lines = text.split(separator: separator, omittingEmptySubsequences: false)
    if separator == ";", lines.last?.isEmpty == true { lines.removeLast() }
    var rows: [[Fraction]] = []
    for line in lines {
      var row: [Fraction] = []
      for cell in line.split(separator: ",", omittingEmptySubsequences: false) {
        row.append(try Fraction(typed: cell.trimmed, name))
      }
      rows.append(row)
    }
    let width = rows.first?.count ?? 0
    guard let ragged = rows.firstIndex(where: { $0.count != width }) else {
      return Tensor(
        shape: rows.count == 1 ? [width] : [rows.count, width], elements: rows.flatMap { $0 })
    }
    throw .usage(
      "\(name) has \(width) numbers in row 0 and \(rows[ragged].count) in row \(ragged); all rows "
        + "must be as long, and where / is to mean a fraction, rows end in ;")
  }

  private static func file(_ path: String) throws -> TraceArray {
    let numbers = try NPYReader.read(path: path).rounded(to: Double.self)
    guard numbers.shape.count <= mostCells, (1...4).contains(numbers.shape.rank),
      numbers.shape.count > 0
    else {
      throw ExitStatus.data(
        "\(path) has shape \(numbers.shape); a trace takes arrays of rank 1 to 4 with from 1 to "
          + "\(mostCells) cells")
    }
    let whole = numbers.elements.compactMap { Int(exactly: $0).flatMap { Fraction(exactly: $0) } }
    return whole.count == numbers.elements.count
      ? .exact(Tensor(shape: numbers.shape, elements: whole)) : .measured(numbers)
  }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

/// A count, or nothing where it would not fit.
struct SizeBound: Equatable {
  let bound: Int?

  init(_ bound: Int?) { self.bound = bound }

  static func * (a: SizeBound, b: SizeBound) -> SizeBound {
    guard let a = a.bound, let b = b.bound else { return SizeBound(nil) }
    let (value, overflow) = a.multipliedReportingOverflow(by: b)
    return SizeBound(overflow ? nil : value)
  }
}

/// The error that numbers are too large, or their denominators too different, to be exact.
func notExact() -> ExitStatus {
  .data(
    "the sums of these numbers do not fit: a trace is exact, with numerators and denominators up to "
      + "\(Int.max); use smaller numbers, or fractions with like denominators")
}

extension Fraction {
  /// The exact value of a number as a person writes it: `3`, `-0.25`, `1/4`, `¾`.
  ///
  /// - Parameter name: what the number belongs to, for the error's sentence.
  /// - Throws: `ExitStatus` 64 if it is no such number, 65 if it does not fit in 64 bits.
  init(typed text: some StringProtocol, _ name: String) throws(ExitStatus) {
    let isNegative = text.hasPrefix("-")
    let typed = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    let body = Fraction.plain(String(typed))
    let magnitude: Fraction
    if let slash = body.firstIndex(of: "/") {
      let above = try Self.digits(body[..<slash], text, name)
      let below = try Self.digits(body[body.index(after: slash)...], text, name)
      guard below != 0 else { throw .usage("\(name) has \(text), a fraction with denominator 0") }
      magnitude = Fraction(above, below)
    } else {
      magnitude = try Self.decimal(body, text, name)
    }
    self = isNegative ? -magnitude : magnitude
  }

  private static func decimal(
    _ body: some StringProtocol, _ text: some StringProtocol, _ name: String
  ) throws(ExitStatus) -> Fraction {
    guard let point = body.firstIndex(of: ".") else {
      return Fraction(try digits(body, text, name))
    }
    let fraction = body[body.index(after: point)...]
    let all = String(body[..<point]) + String(fraction)
    let above = try digits(all, text, name)
    guard fraction.utf8.count <= 18 else { throw tooLong(text, name) }
    let below = fraction.utf8.reduce(1) { power, _ in power * 10 }
    return Fraction(above, below)
  }

  private static func digits(
    _ part: some StringProtocol, _ text: some StringProtocol, _ name: String
  ) throws(ExitStatus) -> Int {
    guard !part.isEmpty, part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw .usage("\(name) has \"\(text)\", which is no number; write 3, -0.25 or 1/4")
    }
    guard let value = Int(part) else { throw tooLong(text, name) }
    return value
  }

  private static func tooLong(_ text: some StringProtocol, _ name: String) -> ExitStatus {
    .data(
      "\(name) has \(text), which does not fit: numbers are exact, with at most 18 digits after the "
        + "point, and numerator and denominator up to \(Int.max)")
  }
}
