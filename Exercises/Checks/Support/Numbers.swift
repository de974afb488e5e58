internal import ExerciseKit
internal import Tensors

/// Seeded whole numbers from −5 to 9, never 0, so that no term of a sum can be lost unseen.
func numbers(_ count: Int, seed: UInt64) -> [Int] {
  var random = SplitMix64(seed: seed)
  return (0..<count).map { _ in
    let value = random.integer(in: -5...8)
    return value >= 0 ? value + 1 : value
  }
}

/// A tensor of seeded whole numbers, none of them 0.
func tensor(_ shape: Shape, seed: UInt64) -> Tensor<Int> {
  Tensor(shape: shape, elements: numbers(shape.count, seed: seed))
}

/// A tensor of seeded quarters, none of them 0.
func fractions(_ shape: Shape, seed: UInt64) -> Tensor<Fraction> {
  tensor(shape, seed: seed).map { Fraction($0, 4) }
}

/// Numbers with their names, as a case shows them.
func named(_ pairs: (String, Int)...) -> [Shown] {
  pairs.map { Shown($0.0, $0.1) }
}

/// `5×4` under a name.
func named(_ name: String, _ size: Size) -> Shown { Shown(name, text: size.description) }

/// `−3` in brackets, other numbers as they are: the second factor of a product.
func factor(_ value: some CellValue) -> String {
  let text = value.cell.text
  return text.hasPrefix("-") ? "(\(text))" : text
}

/// `3·2 + 1·(−4) = 2`
func sumText(_ terms: [(Int, Int)]) -> String {
  terms.isEmpty
    ? "0 (no term reaches it)"
    : sumText(terms.map { "\($0)·\(factor($1))" })
      + " = \(terms.reduce(0) { $0 + $1.0 * $1.1 })"
}

/// Layers as a list of texts.
func shown(_ name: String, _ layers: [LayerGeometry]) -> Shown {
  Shown(
    name,
    text: layers.isEmpty ? "no layer" : layers.map(\.description).joined(separator: ", then "))
}

/// What a decoy throws in a case in which the mistake gives no answer.
struct NoAnswer: Error {}
