public import Tensors

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
  /// The products, then the outputs, by name.
  public var layout: Layout {
    Layout(
      named: products.enumerated().map { ("m\($0)", $1.cell) }
        + outputs.enumerated().map { ("y\($0)", $1.cell) })
  }
  /// Nothing, and zeros.
  public var trivial: [FourProducts] {
    [
      FourProducts(products: [], outputs: []),
      FourProducts(products: [0, 0, 0, 0], outputs: [0, 0]),
    ]
  }
}
