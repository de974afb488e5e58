public import ConvolutionArithmetic
import Primitives
public import Tensors

/// What one cell of a layer sees of a picture: which pixels, and by how many paths each.
///
/// A path takes one tap of each layer on the way, of any of the streams that meet: as many as there are
/// products of weights that the pixel is multiplied by, channels not counted. Where weights are alike,
/// the cell hears most from where most paths begin, in the middle of its field.
///
/// ```swift
/// // Two layers of three cells see five: 1, 2, 3, 2 and 1 paths.
/// ```
public struct CellView: Sendable {
  public let layer: String
  public let row: Int
  public let column: Int
  /// The size of the layer's maps.
  public let map: Size
  /// The size of the picture.
  public let picture: Size
  /// The paths from each cell around which all are, padding of the picture included.
  private let counts: PathCounts?

  /// Rows and columns of the picture, and of the padding around it, that hold all that is seen; nil if
  /// nothing is.
  public let reach: (rows: ClosedRange<Int>, columns: ClosedRange<Int>)?
  /// The rows and the columns of the picture from the first to the last that is seen; nil if none is.
  public let seen: (rows: ClosedRange<Int>, columns: ClosedRange<Int>)?
  /// The paths that begin in the picture.
  public let paths: PathCount
  /// Those that begin in the padding around it, where there are zeros.
  public let pathsFromPadding: PathCount
  /// The most paths that begin in one cell.
  public let most: PathCount

  /// The paths that begin in a pixel, or in a cell of the padding around the picture.
  public func paths(row: Int, column: Int) -> PathCount {
    guard let counts, counts.rows.contains(row), counts.columns.contains(column) else {
      return PathCount(words: [0])
    }
    return counts[row, column]
  }

  /// The view of a cell.
  ///
  /// - Throws: `GeometryError` if there is no such layer or cell, the picture does not go through, or the
  ///   counts would take too much memory.
  public init(
    of network: Network, layer name: String, row: Int, column: Int, picture: Size
  ) throws(GeometryError) {
    guard let target = network.layers.firstIndex(where: { $0.name == name }) else {
      throw GeometryError("\(network.name) has no layer \(name)")
    }
    // What is not on the way may be of any size.
    let part = try network.with(Array(network.layers[...target])).settled(for: picture)
    guard let shape = try part.knownShapes(input: picture)[target] else {
      throw GeometryError("the book does not know what \(name) sees")
    }
    guard shape.size.height > row, shape.size.width > column, row >= 0, column >= 0 else {
      throw GeometryError(
        "\(name) has no cell \(row),\(column); its rows are 0 to \(shape.size.height - 1), its columns "
          + "0 to \(shape.size.width - 1)")
    }
    (layer, self.row, self.column, map, self.picture) = (name, row, column, shape.size, picture)
    let down = try AxisTaps(part, along: .height, picture: picture.height, cell: row)
    let across = try AxisTaps(part, along: .width, picture: picture.width, cell: column)
    counts = try Self.counts(part, down, across)

    var (paths, padding, most) = (
      PathCount(words: [0]), PathCount(words: [0]), PathCount(words: [0])
    )
    var (reached, seen): (Box?, Box?) = (nil, nil)
    if let counts {
      for row in counts.rows {
        for column in counts.columns {
          let count = counts[row, column]
          guard !count.isZero else { continue }
          reached = Box(reached, row, column)
          if most < count { most = count }
          if (0..<picture.height).contains(row), (0..<picture.width).contains(column) {
            paths += count
            seen = Box(seen, row, column)
          } else {
            padding += count
          }
        }
      }
    }
    (self.paths, pathsFromPadding, self.most) = (paths, padding, most)
    reach = reached.map { ($0.rows, $0.columns) }
    self.seen = seen.map { ($0.rows, $0.columns) }
  }

  /// The rows and columns around some cells.
  private struct Box {
    let rows: ClosedRange<Int>
    let columns: ClosedRange<Int>

    init(_ box: Box?, _ row: Int, _ column: Int) {
      rows = min(box?.rows.lowerBound ?? row, row)...max(box?.rows.upperBound ?? row, row)
      columns =
        min(
          box?.columns.lowerBound ?? column, column)...max(
          box?.columns.upperBound ?? column, column)
    }
  }

  /// From the cell back to the picture, layer by layer: each gives its counts to what it reads, first
  /// along the columns and then along the rows.
  private static func counts(
    _ network: Network, _ down: AxisTaps, _ across: AxisTaps
  ) throws(GeometryError) -> PathCounts? {
    let target = network.layers.count - 1
    let words = (down.bits[target] + across.bits[target] + 2) / 64 + 1
    var memory = 0
    func grid(_ rows: ClosedRange<Int>, _ columns: ClosedRange<Int>) throws(GeometryError)
      -> PathCounts
    {
      let (area, overflows) = rows.count.multipliedReportingOverflow(by: columns.count * words)
      memory += overflows ? mostWords : min(area, mostWords)
      guard memory < mostWords else {
        throw GeometryError(
          "the paths to this cell of \(network.layers[target].name) are too many to be counted: from "
            + "\(rows.count)×\(columns.count) cells of a layer, \(64 * words) bits each")
      }
      return PathCounts(rows: rows, columns: columns, words: words)
    }
    guard let row = down.reach[target], let column = across.reach[target] else { return nil }
    var counts: [PathCounts?] = Array(repeating: nil, count: target + 1)
    counts[target] = try grid(row, column)
    counts[target]!.addOne(row.lowerBound, column.lowerBound)
    for index in stride(from: target, to: 0, by: -1) {
      guard let own = counts[index] else { continue }
      counts[index] = nil
      for (stream, input) in down.inputs[index].enumerated() {
        guard let rows = down.reach[input], let columns = across.reach[input] else { continue }
        var narrow = try grid(own.rows, columns)
        for (column, sources) in try across.sources(of: own.columns, index, stream) {
          for source in sources { narrow.addColumn(own, column, to: source) }
        }
        if counts[input] == nil { counts[input] = try grid(rows, columns) }
        for (row, sources) in try down.sources(of: own.rows, index, stream) {
          for source in sources { counts[input]!.addRow(narrow, row, to: source) }
        }
        memory -= narrow.storage.count
      }
      memory -= own.storage.count
    }
    return counts[0]
  }
}

/// The most words that counts take: 256 MB.
private let mostWords = 1 << 25
