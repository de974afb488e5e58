public import ExerciseKit
internal import Primitives
internal import Tensors

extension Exercises {
  public static var forkGradient: Exercise<(Int, [Int], [[Int]]), [Int]> {
    Exercise(
      "forkGradient", lesson: 42, title: "the gradient of a row that several crops read",
      hints: [
        "Which numbers does a push on cell 2 change? By how much does the loss change with each of them?",
        "result[offset + k] += gradient[k], for each crop and each k.",
        "Begin with cells zeros; for (offset, gradient) in zip(offsets, gradients), for (cell, value) in "
          + "gradient.enumerated(): result[offset + cell] += value.",
      ],
      cases: {
        [
          (1, [0], [[4]]), (6, [2, 1], [[7, -4], [1, 2, 3]]), (3, [], []), (1, [], []),
          (3, [0], [[5, 1, -2]]), (3, [0, 0], [[3, 0, 6], [-4, -1, -1]]),
          (6, [2], [[7, -4]]), (4, [3], [[9]]), (4, [1, 1], [[2, 5], [2, 5]]),
          (4, [0, 2], [[1, 2], [3, 4]]), (5, [3, 0], [[1, 2], [3, 4, 5]]),
          (5, [1, 1, 1], [[6], [-6], [0]]),
          (7, [4, 0, 2], [numbers(3, seed: 202), numbers(7, seed: 203), numbers(4, seed: 204)]),
          (9, [1, 5, 3, 3], [5, 2, 4, 1].map { numbers($0, seed: 205 + UInt64($0)) }),
        ]
      },
      show: { cells, offsets, gradients in
        named(("cells", cells)) + [Shown("offsets", offsets)]
          + gradients.enumerated().map { Shown("gradients[\($0)]", $1) }
          + (gradients.isEmpty ? [Shown("gradients", text: "none")] : [])
      },
      expected: { cells, offsets, gradients in try byTrying(cells, offsets, gradients) },
      arithmetic: { input, place in
        let (cells, offsets, gradients) = input
        guard place[0] < cells else { return ["the row has \(cells) cells"] }
        let shares = offsets.indices.filter {
          gradients[$0].indices.contains(place[0] - offsets[$0])
        }
        guard !shares.isEmpty else { return ["no crop reads cell \(place[0]): 0"] }
        let values = shares.map { gradients[$0][place[0] - offsets[$0]] }
        return shares.map {
          "crop \($0) reads cell \(place[0]) as its number \(place[0] - offsets[$0]): "
            + "\(gradients[$0][place[0] - offsets[$0]])"
        } + ["together " + sumText(values.map { "\($0)" }) + " = \(values.reduce(0, +))"]
      },
      decoys: [
        Decoy("overwritten instead of added", "What several readers bring back adds up.") {
          cells, offsets, gradients in
          merged(cells, offsets, gradients) { $0.last ?? 0 }
        },
        Decoy("the first reader of a cell alone", "What several readers bring back adds up.") {
          cells, offsets, gradients in
          merged(cells, offsets, gradients) { $0.first ?? 0 }
        },
        Decoy("the last crop alone", "Every crop that reads the row brings something back.") {
          cells, offsets, gradients in
          try byTrying(cells, offsets.suffix(1), gradients.suffix(1))
        },
        Decoy("the first crop alone", "Every crop that reads the row brings something back.") {
          cells, offsets, gradients in
          try byTrying(cells, Array(offsets.prefix(1)), Array(gradients.prefix(1)))
        },
        Decoy("averaged over the crops", "Gradients of several readers add; nothing is divided.") {
          cells, offsets, gradients in
          try byTrying(cells, offsets, gradients).map { $0 / max(1, offsets.count) }
        },
        Decoy("averaged over a cell's readers", "Gradients add; nothing is divided.") {
          cells, offsets, gradients in
          merged(cells, offsets, gradients) { $0.reduce(0, +) / max(1, $0.count) }
        },
        Decoy("the largest of a cell's readers", "What several readers bring back adds up.") {
          cells, offsets, gradients in
          merged(cells, offsets, gradients) { $0.max() ?? 0 }
        },
        Decoy("multiplied", "Along a path slopes are multiplied; several paths add.") {
          cells, offsets, gradients in
          merged(cells, offsets, gradients) { $0.isEmpty ? 0 : $0.reduce(1, *) }
        },
        Decoy("readers counted", "Each reader brings back its gradient, not 1.") {
          cells, offsets, gradients in
          merged(cells, offsets, gradients) { $0.count }
        },
        Decoy("offsets forgotten", "Crop i begins at cell offsets[i].") {
          cells, offsets, gradients in
          try byTrying(cells, offsets.map { _ in 0 }, gradients)
        },
        Decoy("offsets from the end", "An offset is the number of cells before the crop.") {
          cells, offsets, gradients in
          try byTrying(
            cells, zip(offsets, gradients).map { cells - $0 - $1.count }, gradients)
        },
        Decoy("each gradient turned", "A crop keeps the order of cells, and so does the way back.")
        {
          cells, offsets, gradients in
          try byTrying(cells, offsets, gradients.map { $0.reversed() })
        },
        Decoy("joined end to end", "A fork adds; a concatenation would be cut.") {
          _, _, gradients in gradients.flatMap { $0 }
        },
        Decoy("all but the first crop", "Every crop that reads the row brings something back.") {
          cells, offsets, gradients in
          try byTrying(cells, Array(offsets.dropFirst()), Array(gradients.dropFirst()))
        },
        Decoy("cells before a crop filled, too", "Outside of the crop its gradient is 0.") {
          cells, offsets, gradients in
          filled(cells, offsets, gradients, before: true, after: false)
        },
        Decoy("the border repeated around a crop", "Outside of the crop its gradient is 0.") {
          cells, offsets, gradients in
          filled(cells, offsets, gradients, before: true, after: true)
        },
        Decoy(
          "only cells that every crop reads", "A cell gets what its readers bring, even if one."
        ) {
          cells, offsets, gradients in
          merged(cells, offsets, gradients) { $0.count < offsets.count ? 0 : $0.reduce(0, +) }
        },
      ])
  }
}

/// The loss is Σ gradient · what is read, which is linear: pushing a cell by 1 moves it by the gradient.
private func byTrying(_ cells: Int, _ offsets: [Int], _ gradients: [[Int]]) throws -> [Int] {
  try (0..<cells).map { pushed in
    let push = row((0..<cells).map { $0 == pushed ? 1 : 0 })
    return try zip(offsets, gradients).reduce(0) { loss, reader in
      let (offset, gradient) = reader
      let read = try crop(
        push, offset: Size(height: 0, width: offset), size: Size(height: 1, width: gradient.count))
      return loss + zip(read.elements, gradient).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}

/// What the readers of each cell bring back, made one number.
private func merged(
  _ cells: Int, _ offsets: [Int], _ gradients: [[Int]], _ one: ([Int]) -> Int
) -> [Int] {
  (0..<cells).map { cell in
    one(
      offsets.indices.filter { gradients[$0].indices.contains(cell - offsets[$0]) }
        .map { gradients[$0][cell - offsets[$0]] })
  }
}

/// The sum with the first or last number of each crop repeated to the ends of the row.
private func filled(
  _ cells: Int, _ offsets: [Int], _ gradients: [[Int]], before: Bool, after: Bool
) -> [Int] {
  (0..<cells).map { cell in
    zip(offsets, gradients).reduce(0) { sum, reader in
      let (place, last) = (cell - reader.0, reader.1.count - 1)
      if place < 0 { return sum + (before ? reader.1[0] : 0) }
      if place > last { return sum + (after ? reader.1[last] : 0) }
      return sum + reader.1[place]
    }
  }
}
