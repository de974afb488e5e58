public import ExerciseKit
public import Tensors

extension Exercises {
  public static var diagonalFill: Exercise<(Int, Tensor<Int>), Tensor<Int>> {
    Exercise(
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
          (4, tensor([1, 1, 3, 2], seed: 48)), (5, tensor([1, 1, 1, 3], seed: 105)),
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
        Decoy("one column filled", "That carries every map into map 0.") { classes, kernel in
          fill(classes, kernel) { $1 == 0 }
        },
        Decoy("one row filled", "That carries map 0 into every map.") { classes, kernel in
          fill(classes, kernel) { a, _ in a == 0 }
        },
        Decoy("everything but the diagonal", "The pairs (c, c) hold the kernel, the others zeros.")
        {
          classes, kernel in fill(classes, kernel) { $0 != $1 }
        },
        Decoy("the diagonal and above", "Only the pairs (c, c) hold the kernel.") {
          classes, kernel in
          fill(classes, kernel) { $0 <= $1 }
        },
        Decoy("the diagonal and below", "Only the pairs (c, c) hold the kernel.") {
          classes, kernel in
          fill(classes, kernel) { $0 >= $1 }
        },
        Decoy("beside the diagonal", "Map c is carried into map c.") { classes, kernel in
          fill(classes, kernel) { $0 + 1 == $1 }
        },
        Decoy("kernels turned", "The kernel is taken as it lies.") { classes, kernel in
          let turned = reindexed(kernel) {
            [0, 0, kernel.height - 1 - $0[2], kernel.width - 1 - $0[3]]
          }
          return fill(classes, turned) { $0 == $1 }
        },
        Decoy("one kernel a class, without pairs", "The shape is (classes, classes, k, k).") {
          classes, kernel in
          Tensor(
            shape: [classes, 1, kernel.height, kernel.width],
            elements: (0..<classes).flatMap { _ in kernel.elements })
        },
        Decoy("only the kernel's first cell", "Every cell of the kernel is copied.") {
          classes, kernel in
          let first = Tensor(
            shape: kernel.shape, elements: kernel.elements.enumerated().map { $0 == 0 ? $1 : 0 })
          return fill(classes, first) { $0 == $1 }
        },
        Decoy("divided among the classes", "Each map keeps its size: the kernel as it is.") {
          classes, kernel in fill(classes, kernel.map { $0 / classes }) { $0 == $1 }
        },
      ])
  }
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
