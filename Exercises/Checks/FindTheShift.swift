public import ExerciseKit
public import Tensors

extension Exercises {
  /// Lesson 30: the impulse test.
  public static let findTheShift = Exercise<
    (@Sendable (Tensor<Int>) -> Tensor<Int>, Size), Shift
  >(
    "findTheShift", lesson: 30, title: "by how much a network moves a picture",
    hints: [
      "What comes out if nothing but one cell is 1? Where would it lie if nothing moved?",
      "shift = place of the largest output − place of the impulse.",
      "Find the position of the largest element, split it into / size.width and % size.width, and "
        + "subtract size.height / 2 and size.width / 2.",
    ],
    cases: {
      [
        (moving(0, 1), Size(height: 7, width: 9)), (moving(2, 0), Size(height: 9, width: 7)),
        (moving(3, 3), Size(height: 12, width: 15)), (moving(-1, 2), Size(height: 10, width: 9)),
        (moving(-3, -2), Size(height: 13, width: 12)),
      ]
    },
    show: { network, size in [Shown("network", text: "a function"), named("size", size)] },
    expected: { network, size in
      try located(network, size, Size(height: size.height / 2, width: size.width / 2))
    },
    arithmetic: { input, cell in
      let (network, size) = input
      let from = [size.height / 2, size.width / 2][cell[0]]
      let shift = try located(
        network, size, Size(height: size.height / 2, width: size.width / 2))
      let to = from + [shift.rows, shift.columns][cell[0]]
      let axis = ["row", "column"][cell[0]]
      return [
        "the impulse in \(axis) \(from) comes out strongest in \(axis) \(to): \(to) − \(from)"
      ]
    },
    decoys: [
      Decoy("sign turned", "Where it came out less where it went in.") { network, size in
        let right = try located(
          network, size, Size(height: size.height / 2, width: size.width / 2))
        return Shift(rows: -right.rows, columns: -right.columns)
      },
      Decoy("rows and columns swapped", "Position / width is the row, position % width the column.")
      {
        network, size in
        let right = try located(
          network, size, Size(height: size.height / 2, width: size.width / 2))
        return Shift(rows: right.columns, columns: right.rows)
      },
      Decoy("the place instead of the shift", "Subtract where the impulse was.") { network, size in
        let right = try located(
          network, size, Size(height: size.height / 2, width: size.width / 2))
        return Shift(rows: right.rows + size.height / 2, columns: right.columns + size.width / 2)
      },
      Decoy("impulse in the corner", "In a corner the spot may be cut off; take the middle.") {
        network, size in try located(network, size, Size(height: 0, width: 0))
      },
    ])
}

/// A network that blurs a picture and moves it.
private func moving(_ rows: Int, _ columns: Int) -> @Sendable (Tensor<Int>) -> Tensor<Int> {
  { x in
    let blur = [1, 3, 1]
    var y = x.map { _ in 0 }
    for row in 0..<x.height {
      for column in 0..<x.width {
        for (down, a) in zip(-1...1, blur) {
          for (right, b) in zip(-1...1, blur) {
            let (r, c) = (row - rows + down, column - columns + right)
            guard (0..<x.height).contains(r), (0..<x.width).contains(c) else { continue }
            y[0, 0, row, column] += x[0, 0, r, c] * a * b
          }
        }
      }
    }
    return y
  }
}

private func located(
  _ network: (Tensor<Int>) -> Tensor<Int>, _ size: Size, _ place: Size
) throws -> Shift {
  var impulse = Tensor<Int>.zeros([1, 1, size.height, size.width])
  impulse[0, 0, place.height, place.width] = 1
  let answer = network(impulse).elements
  let peak = answer.firstIndex(of: answer.max() ?? 0) ?? 0
  return Shift(rows: peak / size.width - place.height, columns: peak % size.width - place.width)
}
