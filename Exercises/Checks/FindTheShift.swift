public import ExerciseKit
public import Tensors

extension Exercises {
  public static var findTheShift: Exercise<(MovingNetwork, Size), Shift> {
    Exercise(
      "findTheShift", lesson: 30, title: "by how much a network moves a picture",
      hints: [
        "What comes out if nothing but one cell is 1? Where would it lie if nothing moved?",
        "shift = place of the largest output − place of the impulse.",
        "Find the position of the largest element, split it into / size.width and % size.width, and "
          + "subtract size.height / 2 and size.width / 2.",
      ],
      cases: {
        [
          moving(0, 1, in: Size(height: 7, width: 9)), moving(2, 0, in: Size(height: 9, width: 7)),
          moving(3, 3, in: Size(height: 12, width: 15)),
          moving(-1, 4, in: Size(height: 10, width: 9)),
          moving(-3, -2, in: Size(height: 13, width: 12)),
          moving(1, -4, in: Size(height: 9, width: 8), bias: 5),
          moving(-2, 1, in: Size(height: 8, width: 9), bias: -20),
          moving(2, -1, in: Size(height: 7, width: 6), bias: 100),
          // As far as the map goes: an impulse elsewhere than in the middle moves out of it.
          moving(2, 4, in: Size(height: 5, width: 9)),
          moving(-3, -4, in: Size(height: 6, width: 8)),
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
          "the impulse in \(axis) \(from) comes out strongest in \(axis) \(to): \(to) − \(from) = "
            + "\(to - from)"
        ]
      },
      decoys: [
        Decoy("sign turned", "Where it came out less where it went in.") { network, size in
          let right = try located(
            network, size, Size(height: size.height / 2, width: size.width / 2))
          return Shift(rows: -right.rows, columns: -right.columns)
        },
        Decoy(
          "rows and columns swapped", "Position / width is the row, position % width the column."
        ) {
          network, size in
          let right = try located(
            network, size, Size(height: size.height / 2, width: size.width / 2))
          return Shift(rows: right.columns, columns: right.rows)
        },
        Decoy("the place instead of the shift", "Subtract where the impulse was.") {
          network, size in
          let right = try located(
            network, size, Size(height: size.height / 2, width: size.width / 2))
          return Shift(rows: right.rows + size.height / 2, columns: right.columns + size.width / 2)
        },
        Decoy("impulse in the corner", "In a corner the spot may be cut off; take the middle.") {
          network, size in try located(network, size, Size(height: 0, width: 0))
        },
        Decoy("the middle at (size − 1)/2", "The impulse stands at height/2 and width/2.") {
          network, size in
          var shift = try located(
            network, size, Size(height: size.height / 2, width: size.width / 2))
          shift.rows += size.height / 2 - (size.height - 1) / 2
          shift.columns += size.width / 2 - (size.width - 1) / 2
          return shift
        },
        Decoy("the first cell that is not 0", "The spot's largest number is its middle.") {
          network, size in
          try located(network, size, Size(height: size.height / 2, width: size.width / 2)) {
            $0.firstIndex { $0 != 0 } ?? 0
          }
        },
        Decoy("the last cell that is not 0", "The spot's largest number is its middle.") {
          network, size in
          try located(network, size, Size(height: size.height / 2, width: size.width / 2)) {
            $0.lastIndex { $0 != 0 } ?? 0
          }
        },
        Decoy("height for width", "Position / width is the row, position % width the column.") {
          network, size in
          let middle = Size(height: size.height / 2, width: size.width / 2)
          let peak = try peak(network, size, middle)
          return Shift(
            rows: peak / size.height - middle.height, columns: peak % size.height - middle.width)
        },
        Decoy("the columns left at 0", "Both axes may be moved.") { network, size in
          Shift(
            rows: try located(
              network, size, Size(height: size.height / 2, width: size.width / 2)
            ).rows, columns: 0)
        },
        Decoy("the rows left at 0", "Both axes may be moved.") { network, size in
          Shift(
            rows: 0,
            columns: try located(
              network, size, Size(height: size.height / 2, width: size.width / 2)
            ).columns)
        },
        Decoy("how far, not which way", "Down and to the right are positive, the others negative.")
        {
          network, size in
          let right = try located(
            network, size, Size(height: size.height / 2, width: size.width / 2))
          return Shift(rows: abs(right.rows), columns: abs(right.columns))
        },
      ])
  }
}

/// A network for maps of this size, and the size.
private func moving(
  _ rows: Int, _ columns: Int, in size: Size, bias: Int = 0
) -> (MovingNetwork, Size) {
  (MovingNetwork(rows, columns, in: size, bias: bias), size)
}

private func located(
  _ network: MovingNetwork, _ size: Size, _ place: Size,
  _ choice: ([Int]) -> Int = { $0.firstIndex(of: $0.max() ?? 0) ?? 0 }
) throws -> Shift {
  let peak = try peak(network, size, place, choice)
  return Shift(rows: peak / size.width - place.height, columns: peak % size.width - place.width)
}

private func peak(
  _ network: MovingNetwork, _ size: Size, _ place: Size,
  _ choice: ([Int]) -> Int = { $0.firstIndex(of: $0.max() ?? 0) ?? 0 }
) throws -> Int {
  var impulse = Tensor<Int>.zeros([1, 1, size.height, size.width])
  impulse[0, 0, place.height, place.width] = 1
  return choice(network(impulse).elements)
}
