public import ExerciseKit
public import Tensors

extension Exercises {
  public static var bilinearKernel: Exercise<Int, Tensor<Fraction>> {
    Exercise(
      "bilinearKernel", lesson: 18, title: "the bilinear kernel of any size",
      hints: [
        "Where is the middle of four cells? How far is the first cell from it?",
        "w[i] = 1 − |i − (size − 1)/2| / f with f = ⌊(size + 1)/2⌋; the map is w[row] · w[column].",
        "let centre = Fraction(size - 1, 2), factor = Fraction((size + 1) / 2), and each weight "
          + "1 - (Fraction(i) - centre).magnitude / factor.",
      ],
      cases: { [1, 2, 3, 4, 5, 6, 7, 8, 12] },
      show: { size in named(("size", size)) },
      expected: { size in bilinear(size) },
      arithmetic: { size, cell in
        let f = (size + 1) / 2
        func line(_ i: Int) -> String {
          "1 − |\(i) − \(Fraction(size - 1, 2))|/\(f) = \(bilinearWeight(size, i))"
        }
        let (a, b) = (bilinearWeight(size, cell[2]), bilinearWeight(size, cell[3]))
        return [
          "row \(cell[2]): " + line(cell[2]), "column \(cell[3]): " + line(cell[3]),
          "\(a) · \(b) = \(a * b)",
        ]
      },
      decoys: [
        Decoy(
          "even kernel centred on a cell", "The middle of an even kernel lies between two cells."
        ) {
          size in
          let f = (size + 1) / 2
          return outer((0..<size).map { max(0, 1 - Fraction(abs($0 - size / 2), f)) })
        },
        Decoy(
          "sum made 1", "The weights of a bilinear kernel add up to the factor along each axis."
        ) {
          size in
          let weights = (0..<size).map { bilinearWeight(size, $0) }
          let sum = weights.reduce(0, +)
          return outer(weights.map { $0 / sum })
        },
        Decoy("factor size/2", "The factor of an odd kernel is (size + 1)/2.") { size in
          let f = Fraction(size, 2)
          return outer(
            (0..<size).map { 1 - (Fraction($0) - Fraction(size - 1, 2)).magnitude / f })
        },
        Decoy("rows and columns added", "The map is the product of both weights.") { size in
          let weights = (0..<size).map { bilinearWeight(size, $0) }
          return Tensor(
            shape: [1, 1, size, size],
            elements: weights.flatMap { a in weights.map { (a + $0) * Fraction(1, 2) } })
        },
        Decoy("the row's weight alone", "Each cell is row's weight times column's weight.") {
          size in
          Tensor(
            shape: [1, 1, size, size],
            elements: (0..<size * size).map { bilinearWeight(size, $0 / size) })
        },
        Decoy("the column's weight alone", "Each cell is row's weight times column's weight.") {
          size in
          Tensor(
            shape: [1, 1, size, size],
            elements: (0..<size * size).map { bilinearWeight(size, $0 % size) })
        },
        Decoy("the factor not rounded down", "f is ⌊(size + 1)/2⌋: 2 for a size of 4.") { size in
          let f = Fraction(size + 1, 2)
          return outer(
            (0..<size).map { 1 - (Fraction($0) - Fraction(size - 1, 2)).magnitude / f })
        },
        Decoy("the centre at size/2", "Cells are counted from 0: the centre is (size − 1)/2.") {
          size in
          let f = Fraction((size + 1) / 2)
          return outer((0..<size).map { 1 - (Fraction($0) - Fraction(size, 2)).magnitude / f })
        },
        Decoy("the centre rounded down", "The centre of an even kernel lies between two cells.") {
          size in
          let f = Fraction((size + 1) / 2)
          return outer((0..<size).map { 1 - Fraction(abs($0 - (size - 1) / 2)) / f })
        },
        Decoy("the distance with its sign", "The weights fall to both sides: 1 − |i − c|/f.") {
          size in
          let f = Fraction((size + 1) / 2)
          return outer((0..<size).map { 1 - (Fraction($0) - Fraction(size - 1, 2)) / f })
        },
        Decoy("the distance not divided", "The weights fall by 1/f a cell.") { size in
          outer((0..<size).map { 1 - (Fraction($0) - Fraction(size - 1, 2)).magnitude })
        },
        Decoy("the distance itself", "The weight is 1 less the distance over f.") { size in
          let f = Fraction((size + 1) / 2)
          return outer((0..<size).map { (Fraction($0) - Fraction(size - 1, 2)).magnitude / f })
        },
      ])
  }
}

/// The weight of cell `i` along one axis.
func bilinearWeight(_ size: Int, _ i: Int) -> Fraction {
  let f = (size + 1) / 2
  return Fraction(2 * f - abs(2 * i - (size - 1)), 2 * f)
}

/// The bilinear kernel of this size.
func bilinear(_ size: Int) -> Tensor<Fraction> {
  outer((0..<size).map { bilinearWeight(size, $0) })
}

private func outer(_ weights: [Fraction]) -> Tensor<Fraction> {
  Tensor(
    shape: [1, 1, weights.count, weights.count],
    elements: weights.flatMap { a in weights.map { a * $0 } })
}
