public import ExerciseKit
internal import LessonKit
internal import Primitives
internal import Tensors

extension Exercises {
  public static var compose: Exercise<([Int], [Int], Int), [Int]> {
    Exercise(
      "compose", lesson: 20, title: "two transposed convolutions as one",
      hints: [
        "What does a single cell of value 1 look like after the first? And after the second?",
        "result[i·s + k] += first[i] · second[k].",
        "Begin with stride * (first.count - 1) + second.count zeros and add in two loops.",
      ],
      cases: {
        [
          ([2], [3, 4], 2), ([1, 2], [3], 3), ([1, 2], [3, 4], 1), ([1, 2], [1, 10], 2),
          ([1, 3, 3, 1], [1, 3, 3, 1], 2), (numbers(3, seed: 44), numbers(4, seed: 45), 3),
          (numbers(5, seed: 46), numbers(2, seed: 47), 2),
          (numbers(6, seed: 124), numbers(7, seed: 125), 3),
        ]
      },
      show: { first, second, s in
        [Shown("first", first), Shown("second", second), Shown("stride", s)]
      },
      expected: { first, second, s in try stamped(first, second, s) },
      arithmetic: { input, cell in
        let size = input.2 * (input.0.count - 1) + input.1.count
        guard cell[0] < size else {
          return [
            "s(k₁ − 1) + k₂ = \(input.2)·(\(input.0.count) − 1) + \(input.1.count) = \(size) numbers"
          ]
        }
        return try cellArithmetic(
          .transposed(row(input.0), row(input.1), stride: Size(height: 1, width: input.2)),
          [0, 0, 0] + cell)
      },
      replay: { first, second, s in
        traceCommand("conv-transpose", row(first), row(second), stride: Size(height: 1, width: s))
      },
      decoys: [
        Decoy("stride forgotten", "The first kernel's cells come to stand stride cells apart.") {
          first, second, _ in try stamped(first, second, 1)
        },
        Decoy("the wrong one spread", "The stride of the second spreads the cells of the first.") {
          first, second, s in try stamped(second, first, s)
        },
        Decoy("kernel flipped", "Stamps are not turned.") { first, second, s in
          try stamped(first, second.reversed(), s)
        },
        Decoy("overwritten instead of added", "Where stamps overlap they are added.") {
          first, second, s in
          var result = try stamped(first, second, s).map { _ in 0 }
          for i in first.indices {
            for k in second.indices { result[i * s + k] = first[i] * second[k] }
          }
          return result
        },
        Decoy("both spread", "Only the cells of the first come to stand stride apart.") {
          first, second, s in
          var result = Array(
            repeating: 0, count: s * (first.count - 1) + s * (second.count - 1) + 1)
          for i in first.indices {
            for k in second.indices { result[(i + k) * s] += first[i] * second[k] }
          }
          return result
        },
        Decoy("the largest where stamps meet", "Where stamps overlap they are added.") {
          first, second, s in
          try stamping(row(first), row(second), Size(height: 1, width: s)) { max($0 ?? 0, $1) }
            .elements
        },
        Decoy("the first stamp where stamps meet", "Where stamps overlap they are added.") {
          first, second, s in
          try stamping(row(first), row(second), Size(height: 1, width: s)) { $0 ?? $1 }.elements
        },
        Decoy("added instead of multiplied", "Each cell of the first multiplies the stamp.") {
          first, second, s in
          var result = Array(repeating: 0, count: s * (first.count - 1) + second.count)
          for i in first.indices {
            for k in second.indices { result[i * s + k] += first[i] + second[k] }
          }
          return result
        },
        Decoy("zeros at the end", "The last stamp begins at s(k₁ − 1): s(k₁ − 1) + k₂ in all.") {
          first, second, s in try stamped(first, second, s) + Array(repeating: 0, count: s)
        },
        Decoy("the first one flipped", "Stamps are laid in the order of the first kernel.") {
          first, second, s in try stamped(first.reversed(), second, s)
        },
        Decoy("a stride too large by 1", "Stamps begin s cells apart; s − 1 cells lie between.") {
          first, second, s in try stamped(first, second, s + 1)
        },
      ])
  }
}

private func stamped(_ first: [Int], _ second: [Int], _ s: Int) throws -> [Int] {
  try transposedConvolve(row(first), row(second), stride: Size(height: 1, width: s)).elements
}
