public import ExerciseKit
public import Tensors

extension Exercises {
  /// Lesson 21: the diagonal.
  public static let diagonalFill = Exercise<(Int, Tensor<Int>), Tensor<Int>>(
    "diagonalFill", lesson: 21, title: "one kernel for each class, on the diagonal",
    hints: [
      "Which of the classes × classes kernels carry map 0 into map 1? What should they hold?",
      "w[a, b] = kernel where a = b, zeros elsewhere.",
      "Begin with Tensor<Int>.zeros([classes, classes, kernel.height, kernel.width]) and set "
        + "w[c, c, row, column] only.",
    ],
    cases: {
      [
        (1, row([5])), (2, row([1, 2])), (3, Tensor([[1, 2], [3, 4]])),
        (4, tensor([1, 1, 3, 2], seed: 48)),
      ]
    },
    show: { classes, kernel in [Shown("classes", classes), Shown("kernel", kernel)] },
    expected: { classes, kernel in fill(classes, kernel) { $0 == $1 } },
    arithmetic: { input, cell in
      cell[0] == cell[1]
        ? [
          "pair (\(cell[0]), \(cell[1])) lies on the diagonal: kernel (\(cell[2]), \(cell[3])) = "
            + "\(input.1[0, 0, cell[2], cell[3]])"
        ]
        : ["pair (\(cell[0]), \(cell[1])) would carry map \(cell[0]) into map \(cell[1]): 0"]
    },
    decoys: [
      Decoy(
        "every pair filled",
        "All classes become the same sum, and the largest score is always class 0's."
      ) { classes, kernel in fill(classes, kernel) { _, _ in true } },
      Decoy("only class 0", "Every class has its own pair (c, c).") { classes, kernel in
        fill(classes, kernel) { $0 == 0 && $1 == 0 }
      },
      Decoy("the other diagonal", "The pairs are (c, c), not (c, classes − 1 − c).") {
        classes, kernel in fill(classes, kernel) { $0 + $1 == classes - 1 }
      },
      Decoy("one column filled", "That copies every map into map 0.") { classes, kernel in
        fill(classes, kernel) { $1 == 0 }
      },
    ])
}

private func fill(
  _ classes: Int, _ kernel: Tensor<Int>, _ pair: (Int, Int) -> Bool
) -> Tensor<Int> {
  Tensor(
    shape: [classes, classes, kernel.height, kernel.width],
    elements: (0..<classes).flatMap { a in
      (0..<classes).flatMap { b in kernel.elements.map { pair(a, b) ? $0 : 0 } }
    })
}
