internal import ConvolutionArithmetic
public import ExerciseKit
internal import Primitives
internal import Tensors

extension Exercises {
  public static var backwardPass: Exercise<([Int], [Int], Int, Int, [Int], [Int]), WeightGradients>
  {
    Exercise(
      "backwardPass", lesson: 44, title: "one whole backward pass, with a skip",
      hints: [
        "Which of the two streams does a push on active 1 reach? And a push on a feature below 0?",
        "by active: skip · bySkip + coarse · byCoarse at the winners; by features: that where the feature "
          + "is above 0; by kernel k: Σ over o of x[o + k] · by feature o.",
        "var byActive = bySkip.map { skip * $0 }; byActive[winner] += coarse * byCoarse[o] for each pair; "
          + "then for o where active[o] > 0: result.kernel[k] += x[o + k] * byActive[o].",
      ],
      cases: {
        [
          ([1, 2, 0, 3], [1, -1], 2, 3, [10, 20, 30], [100]),
          ([2], [3], 5, 7, [1], []), ([2, 1], [1], 1, 1, [1, 10], [100]),
          ([-2], [3], 5, 7, [4], []),
          // Equal ones above 0, and at 0, where nothing comes through.
          ([1, 2, 1], [1, 1], 1, 1, [0, 0], [1]), ([0, 0], [2], 1, 1, [3, 5], [7]),
          ([1, 1, 1, 1], [1, -1], 2, 3, [5, 7, 11], [13]),
          // Each pair is compared in itself.
          ([0, 9, 2, 5, 8, 3], [1], 1, 1, [1, 1, 1, 1, 1, 1], [10, 100, 1000]),
          // A skip of weight 0 sends nothing down, and learns.
          ([1, 2, 3], [1, 1], 0, 2, [1, 10], [100]), ([1, 2, 3], [1, 1], 2, 0, [1, 10], [100]),
          ([5, 4, 1, 2, 6, 3], [1, 2, -1], 2, -1, [3, -1, 4, 1], [-5, 9]),
          ([-1, -2, -3, -4], [1, 1], 3, 2, [1, 10, 100], [1000]),
          ([1, 0, 2, 1, 4, 3, 5], [1, 1, -1], -1, 1, [1, 2, 3, 4, 5], [10, 20]),
          (
            numbers(9, seed: 230), numbers(3, seed: 231), 3, -2, numbers(7, seed: 232),
            numbers(3, seed: 233)
          ),
          (
            numbers(12, seed: 234), numbers(2, seed: 235), -4, 5, numbers(11, seed: 236),
            numbers(5, seed: 237)
          ),
          (
            numbers(10, seed: 238).map { $0 / 4 }, [1, -1, 1], 2, 7, numbers(8, seed: 239),
            numbers(4, seed: 240)
          ),
        ]
      },
      show: { x, kernel, skip, coarse, bySkip, byCoarse in
        [Shown("x", x), Shown("kernel", kernel)] + named(("skip", skip), ("coarse", coarse))
          + [Shown("bySkip", bySkip), Shown("byCoarse", byCoarse)]
      },
      expected: { x, kernel, skip, coarse, bySkip, byCoarse in
        let given = try ForwardMaps(x, kernel, skip, coarse, bySkip, byCoarse)
        let byFeatures = try reluGradient(
          fuseBySum(given.throughSkip, given.throughPool), input: given.features)
        return WeightGradients(
          kernel: try convolutionKernelGradient(
            row(x), byFeatures, by: Convolution(kernelSize: given.kernel.size)
          ).elements,
          skip: given.skip, coarse: given.coarse)
      },
      arithmetic: { input, cell in
        let given = try ForwardMaps(input.0, input.1, input.2, input.3, input.4, input.5)
        let active = given.active.elements
        func text(_ map: Tensor<Int>) -> String {
          map.elements.map { "\($0)" }.joined(separator: " ")
        }
        if cell[0] == input.1.count {
          return ["active · bySkip: " + sumText(Array(zip(active, input.4)))]
        }
        if cell[0] > input.1.count {
          return ["pooled · byCoarse: " + sumText(Array(zip(given.pooled, input.5)))]
        }
        let both = try fuseBySum(given.throughSkip, given.throughPool)
        let byFeatures = try reluGradient(both, input: given.features)
        let k = cell[0]
        return [
          "features \(text(given.features))",
          "by active, from the skip: \(text(given.throughSkip))",
          "by active, from the pool: \(text(given.throughPool))",
          "by features, where these are above 0: \(text(byFeatures))",
          "kernel \(k): "
            + sumText(
              byFeatures.elements.indices.map { (input.0[$0 + k], byFeatures.elements[$0]) }),
        ]
      },
      decoys: [
        Decoy(
          "the pool's gradient overwrites the skip's",
          "The map before the pooling is read twice: add what both bring back."
        ) {
          try walked($0) { $0.byActive = { $2 ? $1 : $0 } }
        },
        Decoy("the coarse stream alone", "The kernel hears of the skip, too: a fork adds.") {
          try walked($0) { $0.byActive = { _, coarse, _ in coarse } }
        },
        Decoy("the skip alone", "The kernel hears of the coarse stream, too: a fork adds.") {
          try walked($0) { $0.byActive = { skip, _, _ in skip } }
        },
        Decoy("the larger of both streams", "The map is read twice: add what both bring back.") {
          try walked($0) { $0.byActive = { skip, coarse, _ in max(skip, coarse) } }
        },
        Decoy("the streams multiplied", "Several paths add.") {
          try walked($0) { $0.byActive = { skip, coarse, _ in skip * coarse } }
        },
        Decoy("ReLU forgotten going back", "Nothing comes through where a feature was not above 0.")
        {
          try walked($0) { $0.gate = { _, _ in true } }
        },
        Decoy("ReLU open at 0", "At 0 itself nothing comes through: above 0 is > 0.") {
          try walked($0) { $0.gate = { feature, _ in feature >= 0 } }
        },
        Decoy(
          "ReLU of the gradient",
          "What decides is the feature on the way forward, not the gradient."
        ) {
          try walked($0) { $0.gate = { _, gradient in gradient > 0 } }
        },
        Decoy("ReLU of feature and gradient", "A negative gradient comes through as well.") {
          try walked($0) { $0.gate = { $0 > 0 && $1 > 0 } }
        },
        Decoy("ReLU the wrong way round", "Features above 0 let their gradient through.") {
          try walked($0) { $0.gate = { feature, _ in feature <= 0 } }
        },
        Decoy("ReLU for the skip's gradient alone", "Both streams read the map behind ReLU.") {
          let given = try ForwardMaps($0.0, $0.1, $0.2, $0.3, $0.4, $0.5)
          return try walked($0) { pass in
            pass.gate = { _, _ in true }
            pass.gatedSkip = zip(given.features.elements, given.throughSkip.elements).map {
              $0 > 0 ? $1 : 0
            }
          }
        },
        Decoy("the weights of the streams exchanged", "The skip's gradient comes back times skip.")
        {
          try walked($0) { pass in
            swap(&pass.skip, &pass.coarse)
          }
        },
        Decoy("the gradients of skip and coarse exchanged", "Each weight has what it met.") {
          let right = try walked($0) { _ in }
          return WeightGradients(kernel: right.kernel, skip: right.coarse, coarse: right.skip)
        },
        Decoy("the weights forgotten going back", "Going back through a weight multiplies by it.") {
          try walked($0) { ($0.skip, $0.coarse) = (1, 1) }
        },
        Decoy("the last of equals wins", "Of equal numbers the first wins.") {
          try walked($0) { $0.winners = { $0 > $1 ? [0] : [1] } }
        },
        Decoy("both cells of a pair win", "A pool sends to its winner alone.") {
          try walked($0) { $0.winners = { _, _ in [0, 1] } }
        },
        Decoy("the first of each pair wins", "The larger one wins.") {
          try walked($0) { $0.winners = { _, _ in [0] } }
        },
        Decoy("the second of each pair wins", "The larger one wins.") {
          try walked($0) { $0.winners = { _, _ in [1] } }
        },
        Decoy("the smaller of each pair wins", "The larger one wins.") {
          try walked($0) { $0.winners = { $0 < $1 ? [0] : [1] } }
        },
        Decoy("the skip met the features", "The skip reads what is behind ReLU.") { input in
          let given = try ForwardMaps(input.0, input.1, input.2, input.3, input.4, input.5)
          var result = try walked(input) { _ in }
          result.skip = dot(given.features.elements, input.4)
          return result
        },
        Decoy("ReLU forgotten going forward", "Both streams read what is behind ReLU.") { input in
          let given = try ForwardMaps(input.0, input.1, input.2, input.3, input.4, input.5)
          var result = try walked(input) { _ in }
          let features = given.features.elements
          result.skip = dot(features, input.4)
          result.coarse = dot(
            input.5.indices.map { max(features[2 * $0], features[2 * $0 + 1]) }, input.5)
          return result
        },
        Decoy("the coarse weight met the whole map", "The coarse weight met the pooled numbers.") {
          input in
          let given = try ForwardMaps(input.0, input.1, input.2, input.3, input.4, input.5)
          var result = try walked(input) { _ in }
          result.coarse = dot(given.active.elements, input.5)
          return result
        },
        Decoy("skip and coarse times themselves", "A weight's gradient is without the weight.") {
          input in
          var result = try walked(input) { _ in }
          result.skip *= input.2
          result.coarse *= input.3
          return result
        },
        Decoy("the gradients of the scores summed", "Each is multiplied with what the weight met.")
        {
          input in
          var result = try walked(input) { _ in }
          (result.skip, result.coarse) = (input.4.reduce(0, +), input.5.reduce(0, +))
          return result
        },
        Decoy("the kernel turned", "Kernel cell k meets x[o + k]; nothing is turned.") {
          var result = try walked($0) { _ in }
          result.kernel.reverse()
          return result
        },
        Decoy("the kernel without x", "A kernel cell's gradient has what it met in it.") {
          try walked(($0.0.map { _ in 1 }, $0.1, $0.2, $0.3, $0.4, $0.5), features: $0) { _ in }
        },
        Decoy("averaged over the places", "A kernel cell's gradient is the sum over all places.") {
          var result = try walked($0) { _ in }
          for k in result.kernel.indices { result.kernel[k] /= $0.4.count }
          return result
        },
        Decoy("uphill", "The gradients are asked for, not the step against them.") {
          let right = try walked($0) { _ in }
          return WeightGradients(
            kernel: right.kernel.map { -$0 }, skip: -right.skip, coarse: -right.coarse)
        },
        Decoy("the kernel left at 0", "The kernel learns from both streams.") {
          var result = try walked($0) { _ in }
          result.kernel = result.kernel.map { _ in 0 }
          return result
        },
      ])
  }
}
