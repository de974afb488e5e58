internal import Tensors

/// What wrong answers have in common with the right ones, whatever the exercise. It speaks where no
/// decoy does, and says no more than the numbers show.
struct CommonMistake: Sendable {
  let name: String
  let explanation: String
  /// The wrong answer that belongs to a right one; nil where there is none.
  let change: @Sendable (AnswerLayout) -> AnswerLayout?

  static let all: [CommonMistake] = [
    CommonMistake(name: "nothing but zeros", explanation: "Every number is 0.") { right in
      right.withCells { right.cells[$0] - right.cells[$0] }
    },
    CommonMistake(name: "the other sign", explanation: "Every number has its sign turned.") {
      right in right.withCells { right.cells[$0] - right.cells[$0] - right.cells[$0] }
    },
    CommonMistake(name: "1 more", explanation: "Every number is the expected one plus 1.") {
      $0.raised(by: 1)
    },
    CommonMistake(name: "1 less", explanation: "Every number is the expected one minus 1.") {
      $0.raised(by: -1)
    },
    CommonMistake(name: "twice as much", explanation: "Every number is doubled.") { right in
      right.withCells { right.cells[$0] + right.cells[$0] }
    },
    CommonMistake(
      name: "a running total",
      explanation: "Each number has all those before it added: the sum must begin anew each time."
    ) { $0.runningTotal { $0.reduce(1, *) } },
    CommonMistake(
      name: "a running total in each map",
      explanation: "Each number has those before it in its map added: begin each sum anew."
    ) { $0.runningTotal { $0.suffix(2).reduce(1, *) } },
    CommonMistake(
      name: "a running total in each row",
      explanation: "Each number has those before it in its row added: begin each sum anew."
    ) { $0.runningTotal { $0.last ?? 1 } },
    CommonMistake(
      name: "reverse order", explanation: "The numbers come from the last to the first."
    ) {
      right in
      right.shape.isEmpty ? nil : right.withCells { right.cells[right.cells.count - 1 - $0] }
    },
    CommonMistake(name: "upside down", explanation: "The rows come from the last to the first.") {
      $0.shape.count >= 2 ? $0.mirrored(2) : nil
    },
    CommonMistake(name: "mirrored", explanation: "The columns come from the last to the first.") {
      $0.shape.count >= 2 ? $0.mirrored(1) : nil
    },
    CommonMistake(
      name: "rows and columns swapped", explanation: "What should be a row came as a column."
    ) { right in
      guard right.shape.count >= 2 else { return nil }
      let last = right.shape.count - 1
      var turned = right.shape
      turned.swapAt(last - 1, last)
      return right.cut(to: turned) { place in
        var from = place
        from.swapAt(last - 1, last)
        return from
      }
    },
    CommonMistake(name: "the last one missing", explanation: "The rest is right.") { right in
      right.shape.count == 1 ? right.shortened(1) : nil
    },
    CommonMistake(name: "the first one missing", explanation: "The rest is right.") { right in
      guard right.shape.count == 1, right.shape[0] > 0 else { return nil }
      return right.cut(to: [right.shape[0] - 1]) { [$0[0] + 1] }
    },
    CommonMistake(name: "one row too few", explanation: "The rows that are there are right.") {
      $0.shape.count >= 2 ? $0.shortened(2) : nil
    },
    CommonMistake(name: "one column too few", explanation: "The columns that are there are right.")
    {
      $0.shape.count >= 2 ? $0.shortened(1) : nil
    },
    CommonMistake(
      name: "one row and one column too few", explanation: "The cells that are there are right."
    ) { $0.shape.count >= 2 ? $0.shortened(2)?.shortened(1) : nil },
    CommonMistake(name: "only the first map", explanation: "The other maps are zeros.") { right in
      let map = right.shape.suffix(2).reduce(1, *)
      return right.shape.count < 3
        ? nil : right.withCells { $0 < map ? right.cells[$0] : right.cells[$0] - right.cells[$0] }
    },
    CommonMistake(name: "all maps alike", explanation: "Every map is the first one.") { right in
      let map = right.shape.suffix(2).reduce(1, *)
      return right.shape.count < 3 ? nil : right.withCells { right.cells[$0 % map] }
    },
  ]
}

extension AnswerLayout {
  /// The same layout with other numbers, by their row-major positions.
  fileprivate func withCells(_ cell: (Int) -> Cell) -> AnswerLayout {
    AnswerLayout(shape: shape, cells: cells.indices.map(cell), names: names)
  }

  fileprivate func raised(by number: Int) -> AnswerLayout {
    withCells { position in
      switch cells[position] {
      case .whole(let value): .whole(value &+ number)
      case .fraction(let value): .fraction(value + Fraction(number))
      case .real(let value): .real(value + Double(number))
      case .nothing: .nothing
      }
    }
  }

  /// Each number with all those before it added, beginning anew after as many as `length` says.
  fileprivate func runningTotal(_ length: ([Int]) -> Int) -> AnswerLayout? {
    guard !shape.isEmpty else { return nil }
    let run = max(1, shape.count == 1 ? cells.count : length(shape))
    var sums = cells
    for position in cells.indices where position % run > 0 {
      sums[position] = sums[position - 1] + cells[position]
    }
    return AnswerLayout(shape: shape, cells: sums)
  }

  /// Another shape, whose cell at a place is this one's at `from(place)`.
  fileprivate func cut(to shape: [Int], _ from: ([Int]) -> [Int]) -> AnswerLayout? {
    let like = AnswerLayout(shape: shape, cells: [])
    var cells: [Cell] = []
    for position in 0..<shape.reduce(1, *) {
      guard let cell = cell(at: from(like.coordinates(of: position)), rank: shape.count) else {
        return nil
      }
      cells.append(cell)
    }
    return AnswerLayout(shape: shape, cells: cells)
  }

  /// The axis that is `fromEnd` from the end, read from its last place to its first.
  fileprivate func mirrored(_ fromEnd: Int) -> AnswerLayout? {
    guard shape.count >= fromEnd else { return nil }
    let axis = shape.count - fromEnd
    return cut(to: shape) { place in
      var from = place
      from[axis] = shape[axis] - 1 - place[axis]
      return from
    }
  }

  /// One place less along the axis that is `fromEnd` from the end.
  fileprivate func shortened(_ fromEnd: Int) -> AnswerLayout? {
    var less = shape
    less[shape.count - fromEnd] -= 1
    return less.allSatisfy { $0 >= 0 } ? cut(to: less) { $0 } : nil
  }
}

/// Numbers of one kind added and subtracted; nil stays nil.
private func + (a: Cell, b: Cell) -> Cell { combined(a, b, { $0 &+ $1 }, +, +) }
private func - (a: Cell, b: Cell) -> Cell { combined(a, b, { $0 &- $1 }, -, -) }

private func combined(
  _ a: Cell, _ b: Cell, _ whole: (Int, Int) -> Int, _ fraction: (Fraction, Fraction) -> Fraction,
  _ real: (Double, Double) -> Double
) -> Cell {
  switch (a, b) {
  case (.whole(let a), .whole(let b)): .whole(whole(a, b))
  case (.fraction(let a), .fraction(let b)): .fraction(fraction(a, b))
  case (.real(let a), .real(let b)): .real(real(a, b))
  default: .nothing
  }
}
