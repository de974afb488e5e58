/// The zigzag order of coefficients.
enum JPEGOrder {
  /// For each place in zigzag order the place 8 * row + column.
  static let natural: [Int] = {
    var order: [Int] = []
    for diagonal in 0..<15 {
      let rows = max(0, diagonal - 7)...min(diagonal, 7)
      let places = rows.map { 8 * $0 + diagonal - $0 }
      order += diagonal % 2 == 0 ? places.reversed() : places
    }
    return order
  }()
}
