/// The extents of a tensor's dimensions, outermost first.
///
/// Feature maps have shape (batch, channel, height, width); the kernels of a convolution
/// (out, in, height, width). Every extent is zero or more, and the number of cells fits an `Int`:
/// a shape that exists can be counted.
public struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The extents, outermost first.
  public let dimensions: [Int]

  /// The number of cells: the product of the extents, 1 for a scalar.
  public let count: Int

  /// A shape from extents that may come from outside.
  ///
  /// - Throws: ``ShapeError`` if an extent is negative or the number of cells exceeds `Int.max`.
  public init(validating dimensions: [Int]) throws(ShapeError) {
    var count = 1
    for extent in dimensions {
      guard extent >= 0 else { throw .negativeExtent(dimensions) }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw .tooManyCells(dimensions) }
      count = product
    }
    self.dimensions = dimensions
    self.count = count
  }

  /// A shape known to the programmer; negative or uncountable extents are a programmer's mistake.
  public init(_ dimensions: [Int]) {
    do {
      self = try Shape(validating: dimensions)
    } catch {
      preconditionFailure(error.description)
    }
  }

  /// `[1, 3, 500, 500]`
  public init(arrayLiteral dimensions: Int...) {
    self.init(dimensions)
  }

  /// The number of dimensions.
  public var rank: Int { dimensions.count }

  /// The extent of dimension `axis`.
  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// `(1, 3, 500, 500)`
  public var description: String { Self.text(dimensions, "(", ")") }

  /// Numbers of which a file may have very many: beyond eight the first three, and how many more there are.
  package static func text(_ numbers: [Int], _ open: String = "[", _ close: String = "]") -> String
  {
    let isShort = numbers.count <= 8
    let shown = (isShort ? numbers[...] : numbers[..<3]).map(String.init)
    let rest = isShort ? [] : ["… \(numbers.count - 3) more"]
    return open + (shown + rest).joined(separator: ", ") + close
  }
}

/// Why a list of extents is no shape.
public enum ShapeError: Error, Equatable, CustomStringConvertible {
  /// An extent is below zero.
  case negativeExtent([Int])
  /// The product of the extents does not fit an `Int`.
  case tooManyCells([Int])
  /// The number of elements is not the number of cells.
  case wrongElementCount(got: Int, shape: Shape)

  /// One sentence: what came, what was expected.
  public var description: String {
    switch self {
    case .negativeExtent(let dimensions):
      "the shape \(Shape.text(dimensions)) has a negative extent; extents are 0 or more"
    case .tooManyCells(let dimensions):
      "the shape \(Shape.text(dimensions)) has more cells than can be counted (at most \(Int.max))"
    case .wrongElementCount(let got, let shape):
      "\(got) elements do not fill the shape \(shape), which has \(shape.count) cells"
    }
  }
}

/// A height and a width: the extent of a map, a kernel, a stride or a dilation.
///
/// An integer literal means both: `let stride: Size = 2` is 2 down and 2 across.
public struct Size: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// The extent downwards (rows).
  public var height: Int
  /// The extent to the right (columns).
  public var width: Int

  /// A size of `height` rows and `width` columns.
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// A square of this side.
  public init(_ side: Int) {
    self.init(height: side, width: side)
  }

  /// A square of this side: `3` is 3×3.
  public init(integerLiteral side: Int) {
    self.init(side)
  }

  /// The number of cells.
  public var area: Int { height * width }

  /// `3×4`: height first, as everywhere in this book.
  public var description: String { "\(height)×\(width)" }
}
