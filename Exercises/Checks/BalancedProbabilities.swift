public import ExerciseKit
public import Tensors

extension Exercises {
  public static var balancedProbabilities: Exercise<([Int], [Fraction]), [Fraction]> {
    Exercise(
      "balancedProbabilities", lesson: 50,
      title: "what class weights make of pixels that look alike",
      hints: [
        "9 background, 1 ring of weight 9: as if how many rings stood there?",
        "p[c] = weight[c]·count[c] / Σ weight·count.",
        "let shares = zip(counts, weights).map { Fraction($0) * $1 }; divide each by their sum, unless "
          + "that is 0.",
      ],
      cases: {
        let ninth = Fraction(1, 9)
        return [
          ([9, 2], [1, 3]), ([3], [2]), ([0], [1]), ([9, 1], [1, 1]), ([9, 1], [1, 9]),
          ([9, 1], [ninth, 1]), ([1, 4], [3, 2]), ([5, 0, 3], [1, 7, 2]), ([0, 0], [1, 2]),
          ([4, 0], [0, 5]), ([6, 2, 1], [0, 1, 1]),
          ([2, 3, 5], [Fraction(1, 2), Fraction(1, 3), ninth]),
          ([0, 7, 0], [1, 1, 1]), ([80, 9, 6, 4, 1], [1, 2, 3, 4, 8]),
          ([100, 10, 1, 0], [Fraction(1, 100), Fraction(1, 10), 1, 1]),
          ([1_000_000, 1], [1, 1000]),
        ]
      },
      show: { counts, weights in [Shown("counts", counts), Shown("weights", weights)] },
      expected: { counts, weights in atRest(counts, weights) },
      arithmetic: { input, cell in
        let (counts, weights) = input
        guard cell[0] < counts.count else { return ["there are \(counts.count) classes"] }
        let sum = zip(counts, weights).reduce(Fraction(0)) { $0 + Fraction($1.0) * $1.1 }
        let terms = zip(weights, counts).map { "\($0)·\($1)" }.joined(separator: " + ")
        guard sum != 0 else { return ["Σ weight·count = \(terms) = 0: no pixel counts, so 0"] }
        let (c, p) = (cell[0], atRest(counts, weights)[cell[0]])
        return [
          "Σ weight·count = \(terms) = \(sum)",
          "class \(c): \(weights[c])·\(counts[c]) = \(weights[c] * Fraction(counts[c])), its share \(p)",
        ]
      },
      decoys: [
        Decoy("weights forgotten", "A pixel of weight 9 counts as nine pixels do.") { counts, _ in
          normalized(counts.map { Fraction($0) })
        },
        Decoy("counts forgotten", "p is in proportion to weight · count.") { _, weights in
          normalized(weights)
        },
        Decoy("counts forgotten where there are any", "p is in proportion to weight · count.") {
          counts, weights in
          normalized(zip(counts, weights).map { $0 == 0 ? 0 : $1 })
        },
        Decoy("divided by the weights", "A larger weight makes the class count more.") {
          counts, weights in
          normalized(zip(counts, weights).map { $1 == 0 ? 0 : Fraction($0) / $1 })
        },
        Decoy("not made to sum to 1", "Divide by Σ weight·count: probabilities sum to 1.") {
          counts, weights in products(counts, weights)
        },
        Decoy("divided by the pixels", "Divide by Σ weight·count: probabilities sum to 1.") {
          counts, weights in
          divided(products(counts, weights), by: Fraction(counts.reduce(0, +)))
        },
        Decoy(
          "divided by the weights' sum, too", "Divide by Σ weight·count: probabilities sum to 1."
        ) {
          counts, weights in
          divided(
            products(counts, weights),
            by: Fraction(counts.reduce(0, +)) * weights.reduce(0, +))
        },
        Decoy("weights above the line alone", "The sum below the line is weighted, too.") {
          counts, weights in
          divided(products(counts, weights), by: weights.reduce(0, +))
        },
        Decoy("weights below the line alone", "The class's own count is weighted, too.") {
          counts, weights in
          divided(counts.map { Fraction($0) }, by: products(counts, weights).reduce(0, +))
        },
        Decoy("divided by the largest", "Divide by the sum: probabilities sum to 1.") {
          counts, weights in
          let shares = products(counts, weights)
          return divided(shares, by: shares.max() ?? 0)
        },
        Decoy("all alike", "Only weights in inverse proportion to the counts make all alike.") {
          counts, _ in counts.map { _ in Fraction(1, counts.count) }
        },
        Decoy("all classes that are there alike", "p is in proportion to weight · count.") {
          counts, _ in normalized(counts.map { $0 == 0 ? 0 : 1 })
        },
        Decoy(
          "1 to the largest", "The label is the largest of the probabilities; these are asked for."
        ) {
          counts, weights in
          let shares = products(counts, weights)
          let winner = shares.firstIndex(of: shares.max()!)!
          return shares.indices.map { $0 == winner ? 1 : 0 }
        },
        Decoy("one more pixel for each class", "A class without pixels gets 0.") {
          counts, weights in
          normalized(products(counts.map { $0 + 1 }, weights))
        },
        Decoy("empty classes counted as one pixel", "A class without pixels gets 0.") {
          counts, weights in normalized(products(counts.map { max(1, $0) }, weights))
        },
        Decoy("weights added", "A weight multiplies the loss of each pixel of the class.") {
          counts, weights in normalized(zip(counts, weights).map { Fraction($0) + $1 })
        },
        Decoy("weights squared", "The weight is a factor of the loss once.") { counts, weights in
          normalized(products(products(counts, weights), weights))
        },
        Decoy("counts squared", "Each pixel is counted once.") { counts, weights in
          normalized(zip(counts, products(counts, weights)).map { Fraction($0) * $1 })
        },
        Decoy("the odds", "Divide by the sum over all classes, this one too.") { counts, weights in
          let shares = products(counts, weights)
          let sum = shares.reduce(0, +)
          return shares.map { sum == $0 ? 0 : $0 / (sum - $0) }
        },
        Decoy("of the other classes", "The class's own weight · count is above the line.") {
          counts, weights in
          atRest(counts, weights).map { 1 - $0 }
        },
        Decoy("all alike where no pixel counts", "If no pixel counts all get 0.") {
          counts, weights in
          products(counts, weights).allSatisfy { $0 == 0 }
            ? counts.map { _ in Fraction(1, counts.count) } : atRest(counts, weights)
        },
      ])
  }
}

/// Where the gradient of each class's score, Σ weight · count · (p − y), is 0. It is linear in p, so its
/// values at 0 and at 1 tell where.
private func atRest(_ counts: [Int], _ weights: [Fraction]) -> [Fraction] {
  counts.indices.map { c in
    func gradient(_ p: Fraction) -> Fraction {
      counts.indices.reduce(0) {
        $0 + weights[$1] * Fraction(counts[$1]) * (p - ($1 == c ? 1 : 0))
      }
    }
    let slope = gradient(1) - gradient(0)
    return slope == 0 ? 0 : -gradient(0) / slope
  }
}

private func products(_ counts: [Int], _ weights: [Fraction]) -> [Fraction] {
  products(counts.map { Fraction($0) }, weights)
}

private func products(_ counts: [Fraction], _ weights: [Fraction]) -> [Fraction] {
  zip(counts, weights).map { $0 * $1 }
}

private func normalized(_ shares: [Fraction]) -> [Fraction] {
  divided(shares, by: shares.reduce(0, +))
}

private func divided(_ shares: [Fraction], by sum: Fraction) -> [Fraction] {
  sum == 0 ? shares.map { _ in 0 } : shares.map { $0 / sum }
}
