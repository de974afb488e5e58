public import ExerciseKit

extension Exercises {
  public static var chainSlopes: Exercise<[Int], [Int]> {
    Exercise(
      "chainSlopes", lesson: 41, title: "from slopes to gradients, from the end of a chain",
      hints: [
        "By how much does the end move if the number before the last step does? And the one before that?",
        "gradient[n] = 1, gradient[i] = gradient[i + 1] · slopes[i], from the last step to the first.",
        "Begin with slopes.count + 1 ones; for step in slopes.indices.reversed() set gradients[step] to "
          + "gradients[step + 1] * slopes[step].",
      ],
      cases: {
        [
          [3], [], [2, 1, 14], [0], [1, 1], [-1], [2, 3], [5, 0, 3], [0, 7], [4, 0],
          [-2, 3, -1, 4],
          [1, 2, 1, 1, 2], [10, 100, 1000], [2, 2, 2, 2, 2, 2, 2, 2, 2, 2], numbers(6, seed: 201),
          [3_000_000, -2_000_000, 1000],
        ]
      },
      show: { slopes in [Shown("slopes", slopes)] },
      expected: { pushed($0) },
      arithmetic: { slopes, cell in
        guard cell[0] <= slopes.count else {
          return ["\(slopes.count) steps have \(slopes.count + 1) numbers, and as many gradients"]
        }
        let behind = slopes[cell[0]...]
        guard behind.count > 1 else {
          return behind.isEmpty
            ? ["number \(cell[0]) is the end: by itself 1"]
            : ["number \(cell[0]) has one step to go: \(behind[cell[0]])"]
        }
        return [
          "the slopes behind number \(cell[0]): "
            + behind.enumerated().map { $0 == 0 ? "\($1)" : factor($1) }.joined(separator: "·")
            + " = \(pushed(slopes)[cell[0]])"
        ]
      },
      decoys: [
        Decoy("slopes added", "Along a chain slopes are multiplied.") { slopes in
          slopes.indices.map { slopes[$0...].reduce(0, +) } + [1]
        },
        Decoy(
          "slopes added, and 0 at the end", "Slopes are multiplied, and the end by itself is 1."
        ) {
          slopes in (0...slopes.count).map { slopes[$0...].reduce(0, +) }
        },
        Decoy("slopes added to the 1 of the end", "Along a chain slopes are multiplied.") {
          slopes in
          (0...slopes.count).map { slopes[$0...].reduce(1, +) }
        },
        Decoy(
          "from the front",
          "These are the gradients of each number by the start: the end's gradient begins at the end."
        ) { slopes in (0...slopes.count).map { slopes[..<$0].reduce(1, *) } },
        Decoy("from the end to the start", "The gradient by the start comes first.") { slopes in
          pushed(slopes).reversed()
        },
        Decoy("the end left out", "The end is a number, too; its gradient is 1.") { slopes in
          pushed(slopes).dropLast()
        },
        Decoy("the start left out", "The start has a gradient, too: through all steps.") { slopes in
          Array(pushed(slopes).dropFirst())
        },
        Decoy("each step by itself", "What comes from behind is multiplied with the slope.") {
          slopes in slopes + [1]
        },
        Decoy(
          "one step too late",
          "A step's slope belongs to its input: gradient[i] has slopes[i] in it."
        ) { slopes in
          slopes.indices.map { slopes[($0 + 1)...].reduce(1, *) } + [1]
        },
        Decoy("the last slope at the end", "The end by itself is 1; no step is behind it.") {
          slopes in
          guard let last = slopes.last else { return [1] }
          return slopes.indices.map { slopes[$0...].reduce(1, *) } + [last]
        },
        Decoy("the last slope twice", "Begin with 1 at the end, and take each slope once.") {
          slopes in
          (0...slopes.count).map { slopes[$0...].reduce(slopes.last ?? 1, *) }
        },
        Decoy("0 at the end", "The end moves as much as it is moved itself: by 1.") { slopes in
          pushed(slopes).dropLast() + [0]
        },
        Decoy("begun with 0", "Begin with 1: a product with 0 in it stays 0.") { slopes in
          (0...slopes.count).map { _ in 0 }
        },
        Decoy("the whole chain for every number", "The steps behind a number count.") { slopes in
          (0...slopes.count).map { _ in slopes.reduce(1, *) }
        },
        Decoy("the start alone", "Every number of the chain has a gradient.") { slopes in
          [slopes.reduce(1, *)]
        },
        Decoy(
          "divided by the slopes before",
          "A slope of 0 cannot be divided away: multiply from the end."
        ) { slopes in
          (0...slopes.count).map { number in
            let before = slopes[..<number].reduce(1, *)
            return before == 0 ? 0 : slopes.reduce(1, *) / before
          }
        },
        Decoy("slopes of 0 passed over", "A step of slope 0 lets nothing through.") { slopes in
          (0...slopes.count).map { slopes[$0...].reduce(1) { $1 == 0 ? $0 : $0 * $1 } }
        },
        Decoy("signs lost", "A negative slope turns the direction.") { slopes in
          (0...slopes.count).map { slopes[$0...].reduce(1) { $0 * abs($1) } }
        },
        Decoy("two steps at most", "All steps behind a number count.") { slopes in
          (0...slopes.count).map { slopes[$0...].prefix(2).reduce(1, *) }
        },
      ])
  }
}

/// Each number pushed by 1, and the push carried through the steps behind it.
private func pushed(_ slopes: [Int]) -> [Int] {
  (0...slopes.count).map { number in
    var push = 1
    for slope in slopes[number...] { push *= slope }
    return push
  }
}
