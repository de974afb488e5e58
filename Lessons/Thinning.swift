import Tensors

/// So many rows and columns of a map for the page, spread evenly: characters are about twice as high as
/// wide.
private func thinned<Cell>(
  _ size: Size, rows: Int, columns: Int, _ cell: (_ row: Int, _ column: Int) -> Cell
) -> [[Cell]] {
  (0..<rows).map { row in
    (0..<columns).map { column in
      cell((2 * row + 1) * size.height / (2 * rows), (2 * column + 1) * size.width / (2 * columns))
    }
  }
}

/// Labels, thinned.
func thinned(_ labels: Tensor<Int>, rows: Int, columns: Int) -> [[Int]] {
  thinned(labels.size, rows: rows, columns: columns) { labels[0, 0, $0, $1] }
}

/// The scores of one class in equal steps from the lowest to the highest of those shown, thinned.
func thinned(_ scores: Tensor<Float>, channel: Int, rows: Int, columns: Int, steps: Int) -> [[Int]]
{
  let map = thinned(scores.size, rows: rows, columns: columns) { scores[0, channel, $0, $1] }
  let (least, most) = (map.joined().min()!, map.joined().max()!)
  return map.map { row in
    row.map { score -> Int in
      let share: Float = (score - least) / (most - least)
      return min(steps - 1, Int(share * Float(steps)))
    }
  }
}

/// The brightness of pixels, the sum of red, green and blue, thinned.
func thinned(pixels: [UInt8], size: Size, rows: Int, columns: Int) -> [[Double]] {
  thinned(size, rows: rows, columns: columns) { row, column in
    let start = 3 * (row * size.width + column)
    return pixels[start..<start + 3].reduce(0.0) { $0 + Double($1) }
  }
}
