import Primitives
import Tensors

/// Curves drawn with a letter each, over equal steps of the logarithm; one column for each number.
func curves(
  _ series: [(letter: Character, losses: [Double])], height: Int = 8, places: Int = 2
) -> [String] {
  let all = series.flatMap(\.losses)
  let (top, low) = (Double.log(all.max()!), Double.log(all.min()!))
  func row(_ loss: Double) -> Int {
    Int(((top - Double.log(loss)) / (top - low) * Double(height - 1)).rounded())
  }
  return (0..<height).map { line in
    let value = Double.exp(top - (top - low) * Double(line) / Double(height - 1))
    return decimal(value, places) + "  "
      + series[0].losses.indices.map { column in
        let letters = series.filter { row($0.losses[column]) == line }.map(\.letter)
        return "   " + (letters.count > 1 ? "*" : letters.first.map { String($0) } ?? " ")
      }.joined()
  }
}
