public import ExerciseKit
internal import LessonKit
internal import Primitives
public import Tensors

extension Exercises {
  public static var convolveChannels: Exercise<(Tensor<Int>, Tensor<Int>, [Int], Int), Tensor<Int>>
  {
    Exercise(
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
          (tensor([1, 3, 1, 2], seed: 97), tensor([3, 1, 1, 2], seed: 98), [0, 4, -1], 3),
          (
            tensor([1, 3, 2, 2], seed: 99), tensor([6, 1, 2, 1], seed: 100), [1, 2, 3, 4, 5, 6], 3
          ),
          (tensor([1, 6, 2, 3], seed: 101), tensor([3, 2, 2, 1], seed: 102), [7, 0, -5], 3),
          (tensor([1, 3, 4, 3], seed: 14), tensor([2, 3, 2, 2], seed: 15), [3, 5], 1),
          (
            tensor([1, 4, 3, 4], seed: 16), tensor([6, 2, 2, 3], seed: 17), [1, 2, 3, 4, 5, 6], 2
          ),
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
          try convolve(x, kept(w) { $0[1] == 0 }, bias: bias, groups: g)
        },
        Decoy("the bias of output 0 for all", "Each output map has its own bias.") {
          x, w, bias, g in
          try convolve(x, w, bias: bias.map { _ in bias[0] }, groups: g)
        },
        Decoy("bias taken away", "The bias is added.") { x, w, bias, g in
          try convolve(x, w, bias: bias.map { -$0 }, groups: g)
        },
        Decoy("bias added for every product", "The bias is added once for each output cell.") {
          x, w, bias, g in
          try convolve(x, w, bias: bias.map { $0 * w.channels * w.size.area }, groups: g)
        },
        Decoy("bias at the first cell alone", "Every cell of the map has the bias added.") {
          x, w, bias, g in
          var y = try convolve(x, w, groups: g)
          for m in 0..<w.batch { y[0, m, 0, 0] += bias[m] }
          return y
        },
        Decoy("kernel flipped", "w[m, c, a, b] meets x[first + c, r + a, q + b].") {
          x, w, bias, g in
          try convolve(x, w.flipped(), bias: bias, groups: g)
        },
        Decoy("every group reads the last maps", "Group 0 reads the first run of the input maps.") {
          x, w, bias, _ in
          let first = x.channels - w.channels
          let last = reindexed(.zeros([1, w.channels, x.height, x.width]), from: x) {
            [0, $0[1] + first, $0[2], $0[3]]
          }
          return try convolve(last, w, bias: bias)
        },
        Decoy("only the last input map", "The products of all input maps are added up.") {
          x, w, bias, g in
          let only = kept(w) { $0[1] == w.channels - 1 }
          return try convolve(x, only, bias: bias, groups: g)
        },
        Decoy("only the last product", "All products are added: sum += …") { x, w, bias, g in
          let only = kept(w) { $0[1...] == [w.channels - 1, w.height - 1, w.width - 1] }
          return try convolve(x, only, groups: g)
        },
        Decoy("the bias and only the last product", "All products are added to the bias.") {
          x, w, bias, g in
          let only = kept(w) { $0[1...] == [w.channels - 1, w.height - 1, w.width - 1] }
          return try convolve(x, only, bias: bias, groups: g)
        },
        Decoy("the sum not begun anew in each cell", "Each cell's sum begins with the bias.") {
          x, w, bias, g in
          var y = try convolve(x, w, groups: g)
          for m in 0..<w.batch {
            var sum = bias[m]
            for cell in 0..<y.size.area {
              sum += y[0, m, cell / y.width, cell % y.width]
              y[0, m, cell / y.width, cell % y.width] = sum
            }
          }
          return y
        },
        Decoy("the kernel of the first input map for all", "Input map c has its own w[m, c].") {
          x, w, bias, g in
          try convolve(x, reindexed(w) { [$0[0], 0, $0[2], $0[3]] }, bias: bias, groups: g)
        },
        Decoy("input maps dealt out in turn", "A group is a run of neighbouring maps.") {
          x, w, bias, g in
          let dealt = reindexed(x) {
            [0, $0[1] % w.channels * g + $0[1] / w.channels, $0[2], $0[3]]
          }
          return try convolve(dealt, w, bias: bias, groups: g)
        },
        Decoy("output maps dealt out in turn", "Outputs of a group are neighbours: ⌊m/(out/g)⌋.") {
          x, w, bias, g in
          var y = Tensor<Int>.zeros((try convolve(x, w, groups: g)).shape)
          for m in 0..<w.batch {
            let own = reindexed(.zeros([1, w.channels, x.height, x.width]), from: x) {
              [0, m % g * w.channels + $0[1], $0[2], $0[3]]
            }
            let kernel = reindexed(.zeros([1, w.channels, w.height, w.width]), from: w) {
              [m, $0[1], $0[2], $0[3]]
            }
            let map = try convolve(own, kernel, bias: [bias[m]])
            for cell in 0..<map.size.area {
              y[0, m, cell / map.width, cell % map.width] = map.elements[cell]
            }
          }
          return y
        },
      ])
  }
}

/// The kernels with zeros where `keeps` is false.
private func kept(_ w: Tensor<Int>, _ keeps: ([Int]) -> Bool) -> Tensor<Int> {
  Tensor(
    shape: w.shape,
    elements: w.elements.indices.map { keeps(w.coordinates(of: $0)) ? w.elements[$0] : 0 })
}
