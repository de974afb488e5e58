public import ExerciseKit
public import Tensors

extension Exercises {
  public static var transposeByMatrix: Exercise<([Int], Tensor<Int>), [Int]> {
    Exercise(
      "transposeByMatrix", lesson: 10, title: "the product with the transposed matrix",
      hints: [
        "Which column of C belongs to input cell 1? With which numbers of y do its cells meet?",
        "x̂[i] = Σ over o of C[o, i] · y[o].",
        "Map each column in 0..<c.shape[1] to the sum over y.indices of c[row, column] * y[row].",
      ],
      cases: {
        [
          ([2], matrix([[3]])), ([14, 20], matrix([[1, 2, 3, 0], [0, 1, 2, 3]])),
          ([1, 2, 3], matrix([[4, 5], [6, 7], [8, 9]])),
          (numbers(3, seed: 22), tensor([3, 3], seed: 23)),
          (numbers(4, seed: 24), tensor([4, 6], seed: 25)),
        ]
      },
      show: { y, c in [Shown("y", y), Shown("c", c)] },
      expected: { y, c in product(y, c) },
      arithmetic: { input, cell in
        let (y, c) = input
        guard cell[0] < c.shape[1] else {
          return ["C has \(c.shape[1]) columns, one for each number"]
        }
        return [
          "column \(cell[0]) of C against y: " + sumText(y.indices.map { (c[$0, cell[0]], y[$0]) })
        ]
      },
      decoys: [
        Decoy("overwritten instead of added", "Several rows reach an input cell; their sum counts.")
        {
          y, c in
          var x = Array(repeating: 0, count: c.shape[1])
          for row in y.indices {
            for column in x.indices where c[row, column] != 0 {
              x[column] = c[row, column] * y[row]
            }
          }
          return x
        },
        Decoy(
          "matrix read row by row",
          "C lies in memory row after row: cell (o, i) is element o · columns + i."
        ) { y, c in
          (0..<c.shape[1]).map { column in
            y.indices.reduce(0) { $0 + c.elements[column * c.shape[0] + $1] * y[$1] }
          }
        },
        Decoy("rows in reverse order", "Row o of C belongs to y[o].") { y, c in
          product(y.reversed(), c)
        },
        Decoy("averaged", "The transpose adds up; it does not divide by the number of rows.") {
          y, c in
          product(y, c).map { $0 / y.count }
        },
        Decoy("only the last row", "Several rows reach an input cell: add, x[i] += …") { y, c in
          (0..<c.shape[1]).map { c[y.count - 1, $0] * y[y.count - 1] }
        },
        Decoy("only the first row", "Every row of C has its share.") { y, c in
          (0..<c.shape[1]).map { c[0, $0] * y[0] }
        },
        Decoy("the columns added without y", "Each row of C is multiplied by its number of y.") {
          y, c in
          product(y.map { _ in 1 }, c)
        },
        Decoy("y[0] for every row", "Row o of C belongs to y[o].") { y, c in
          product(y.map { _ in y[0] }, c)
        },
        Decoy("C · y instead of Cᵀ · y", "Column i of C makes input cell i.") { y, c in
          (0..<c.shape[0]).map { row in
            (0..<min(y.count, c.shape[1])).reduce(0) { $0 + c[row, $1] * y[$1] }
          }
        },
        Decoy("columns in reverse order", "Column i of C makes input cell i.") { y, c in
          product(y, c).reversed()
        },
      ])
  }
}

private func product(_ y: [Int], _ c: Tensor<Int>) -> [Int] {
  var x = Array(repeating: 0, count: c.shape[1])
  for row in y.indices {
    for column in x.indices { x[column] += c[row, column] * y[row] }
  }
  return x
}

private func matrix(_ rows: [[Int]]) -> Tensor<Int> {
  Tensor(shape: [rows.count, rows[0].count], elements: rows.flatMap { $0 })
}
