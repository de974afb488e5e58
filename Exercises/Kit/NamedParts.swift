public import Tensors

/// The zeros before and after a row: a padding along one axis.
public struct Ends: Equatable, Sendable {
  /// Zeros before the first cell.
  public var before: Int
  /// Zeros after the last cell.
  public var after: Int

  /// A padding of `before` and `after` zeros.
  public init(before: Int, after: Int) {
    (self.before, self.after) = (before, after)
  }
}

extension Ends: Answer {
  public var layout: AnswerLayout {
    AnswerLayout(named: [("before", before.cell), ("after", after.cell)])
  }
  public var trivial: [Ends] { [Ends(before: 0, after: 0)] }
}

/// How far a picture has moved.
public struct Shift: Equatable, Sendable {
  /// Rows downwards.
  public var rows: Int
  /// Columns to the right.
  public var columns: Int

  public init(rows: Int, columns: Int) {
    (self.rows, self.columns) = (rows, columns)
  }
}

extension Shift: Answer {
  public var layout: AnswerLayout {
    AnswerLayout(named: [("rows", rows.cell), ("columns", columns.cell)])
  }
  public var trivial: [Shift] { [Shift(rows: 0, columns: 0)] }
}

/// What a stack of layers does to positions along one axis.
public struct Field: Equatable, Sendable {
  /// Input cells that one output cell sees.
  public var size: Int
  /// Input cells from one output cell to the next.
  public var jump: Int
  /// The centre of the first output cell in input cells; the first input cell's centre is 0.
  public var start: Fraction

  /// A receptive field.
  public init(size: Int, jump: Int, start: Fraction) {
    (self.size, self.jump, self.start) = (size, jump, start)
  }
}

extension Field: Answer {
  public var layout: AnswerLayout {
    AnswerLayout(named: [("size", size.cell), ("jump", jump.cell), ("start", start.cell)])
  }
  public var trivial: [Field] {
    [.init(size: 1, jump: 1, start: 0), .init(size: 0, jump: 0, start: 0)]
  }
}

/// The four products of Winograd's F(2,3) and the two outputs made from them.
public struct FourProducts: Equatable, Sendable {
  /// m₀ … m₃.
  public var products: [Fraction]
  /// y₀ and y₁.
  public var outputs: [Fraction]

  /// Products and outputs.
  public init(products: [Fraction], outputs: [Fraction]) {
    (self.products, self.outputs) = (products, outputs)
  }
}

extension FourProducts: Answer {
  public var layout: AnswerLayout {
    AnswerLayout(
      named: products.enumerated().map { ("m\($0)", $1.cell) }
        + outputs.enumerated().map { ("y\($0)", $1.cell) })
  }
  public var trivial: [FourProducts] {
    [
      FourProducts(products: [], outputs: []),
      FourProducts(products: [0, 0, 0, 0], outputs: [0, 0]),
    ]
  }
}

/// Weights and their velocity in gradient descent with momentum.
public struct Descent: Equatable, Sendable {
  /// The weights.
  public var weights: [Fraction]
  /// How fast each weight moves.
  public var velocity: [Fraction]

  /// Weights and their velocity.
  public init(weights: [Fraction], velocity: [Fraction]) {
    (self.weights, self.velocity) = (weights, velocity)
  }
}

extension Descent: Answer {
  public var layout: AnswerLayout {
    AnswerLayout(
      named: weights.enumerated().map { ("weight \($0)", $1.cell) }
        + velocity.enumerated().map { ("velocity \($0)", $1.cell) })
  }
  public var trivial: [Descent] {
    [
      Descent(weights: [], velocity: []),
      Descent(weights: weights.map { _ in 0 }, velocity: velocity.map { _ in 0 }),
    ]
  }
}

extension Descent: Transferable {
  public func write(to message: inout Message) {
    message.write(weights)
    message.write(velocity)
  }
  public init(from message: inout Message) throws {
    self.init(weights: try message.values(), velocity: try message.values())
  }
}

/// The gradients by the weights of a small network with a coarse stream and a skip.
public struct WeightGradients: Equatable, Sendable {
  /// By each cell of the kernel that both streams read through.
  public var kernel: [Int]
  /// By the weight of the skip.
  public var skip: Int
  /// By the weight of the coarse stream.
  public var coarse: Int

  /// Gradients by the weights.
  public init(kernel: [Int], skip: Int, coarse: Int) {
    (self.kernel, self.skip, self.coarse) = (kernel, skip, coarse)
  }
}

extension WeightGradients: Answer {
  public var layout: AnswerLayout {
    AnswerLayout(
      named: kernel.enumerated().map { ("kernel \($0)", $1.cell) }
        + [("skip", skip.cell), ("coarse", coarse.cell)])
  }
  public var trivial: [WeightGradients] {
    [
      WeightGradients(kernel: [], skip: 0, coarse: 0),
      WeightGradients(kernel: kernel.map { _ in 0 }, skip: 0, coarse: 0),
    ]
  }
}
