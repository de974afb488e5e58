public import ConvolutionArithmetic
public import Tensors

/// How the maps of a batch and their cells are called: no more is said than tells them apart.
///
/// ```swift
/// MapNames("output", pictures: 1, maps: 3, isRow: false).cell(0, 1, 0, 2)   // output map 1 (0, 2)
/// MapNames("output", pictures: 2, maps: 1, isRow: true).cell(1, 0, 0, 2)    // output picture 1, 2
/// ```
public struct MapNames: Hashable, Sendable {
  private let what: String
  private let pictures: Int
  private let maps: Int
  private let isRow: Bool

  /// Names for so many pictures of so many maps; of a row the column alone names a cell.
  public init(_ what: String, pictures: Int, maps: Int, isRow: Bool) {
    (self.what, self.pictures, self.maps, self.isRow) = (what, pictures, maps, isRow)
  }

  /// Names for the maps of a tensor (pictures, maps, rows, columns).
  public init<Scalar>(_ what: String, _ tensor: Tensor<Scalar>, isRow: Bool) {
    self.init(what, pictures: tensor.batch, maps: tensor.channels, isRow: isRow)
  }

  /// `output`, `output map 1`, `output picture 0, map 1`
  public func map(_ picture: Int, _ map: Int) -> String {
    let parts =
      (pictures > 1 ? ["picture \(picture)"] : []) + (maps > 1 ? ["map \(map)"] : [])
    return what + (parts.isEmpty ? "" : " ") + parts.joined(separator: ", ")
  }

  /// `output (0, 2)`, `output 2` of a row, `output map 1, 2`, `output picture 0, map 1 (0, 2)`
  public func cell(_ picture: Int, _ map: Int, _ row: Int, _ column: Int) -> String {
    let isOne = pictures == 1 && maps == 1
    return self.map(picture, map)
      + (isRow ? (isOne ? " " : ", ") + "\(column)" : " (\(row), \(column))")
  }
}

extension Tensor {
  /// Every map of every picture as a grid, titled by its name.
  public func grids(
    _ names: MapNames, _ role: Grid.Role, padding: Padding = 0, window: Region? = nil
  ) -> [Grid] {
    (0..<batch).flatMap { picture in
      (0..<channels).map { map in
        Grid(
          role, self, title: names.map(picture, map), batch: picture, channel: map,
          padding: padding, window: window)
      }
    }
  }
}
