public import ExerciseKit
internal import LessonKit
internal import Primitives
public import Tensors

extension Exercises {
  /// Lesson 7: channels, bias and groups.
  public static let convolveChannels = Exercise<
    (Tensor<Int>, Tensor<Int>, [Int], Int), Tensor<Int>
  >(
    "convolveChannels", lesson: 7, title: "a convolution of several maps, with bias and groups",
    hints: [
      "Which input maps does the first output map of the second group see?",
      "y[m, r, c] = bias[m] + Σ over c′, a, b of x[first + c′, r + a, c + b] · w[m, c′, a, b], where "
        + "first = ⌊m / (out/g)⌋ · (channels/g).",
      "let first = m / (w.batch / groups) * w.channels; start each sum with bias[m] and run over "
        + "w.channels, w.height and w.width.",
    ],
    cases: {
      [
        (
          Tensor(shape: [1, 3, 1, 2], elements: [1, 2, 3, 4, 5, 6]),
          Tensor(shape: [1, 3, 1, 1], elements: [1, 1, 2]), [10], 1
        ),
        (tensor([1, 2, 2, 3], seed: 12), tensor([2, 1, 1, 2], seed: 13), [1, -2], 2),
        (tensor([1, 3, 4, 3], seed: 14), tensor([2, 3, 2, 2], seed: 15), [3, 5], 1),
        (tensor([1, 4, 3, 4], seed: 16), tensor([6, 2, 2, 3], seed: 17), [1, 2, 3, 4, 5, 6], 2),
      ]
    },
    show: { x, w, bias, groups in
      [Shown("x", x), Shown("w", w), Shown("bias", bias), Shown("groups", groups)]
    },
    expected: { x, w, bias, groups in try convolve(x, w, bias: bias, groups: groups) },
    arithmetic: { input, cell in
      try cellArithmetic(
        .convolution(input.0, input.1, bias: input.2, groups: input.3), cell)
    },
    decoys: [
      Decoy("bias forgotten", "Each output map has its own number added, once.") { x, w, _, g in
        try convolve(x, w, groups: g)
      },
      Decoy("bias added for every input map", "The bias is added once for each output cell.") {
        x, w, bias, g in
        try convolve(x, w, bias: bias.map { $0 * w.channels }, groups: g)
      },
      Decoy("every group reads the first maps", "Group 1 begins after the inputs of group 0.") {
        x, w, bias, _ in
        let first = reindexed(.zeros([1, w.channels, x.height, x.width]), from: x) { $0 }
        return try convolve(first, w, bias: bias)
      },
      Decoy("only the first input map", "The products of all input maps are added up.") {
        x, w, bias, g in
        let only = Tensor(
          shape: w.shape,
          elements: w.elements.enumerated().map { w.coordinates(of: $0)[1] == 0 ? $1 : 0 })
        return try convolve(x, only, bias: bias, groups: g)
      },
    ])
}
