public import ConvolutionArithmetic
import Primitives
public import Tensors

extension Network {
  /// How maps get more or fewer cells: how many, which place of the old map each new cell has, and what
  /// it takes from there.
  ///
  /// ```swift
  /// try Resize(.factors(2, 2), .bilinear, .halfPixel)
  /// // PyTorch's interpolate(scale_factor=2, mode="bilinear")
  /// ```
  public struct Resize: Hashable, Sendable {
    /// How many cells there will be.
    public enum Target: Hashable, Sendable {
      /// ⌊factor · cells⌋ downwards and to the right.
      case factors(Fraction, Fraction)
      /// So many, whatever comes in.
      case size(Size)
      /// As many as the second input has.
      case second
    }

    /// Where a new cell lies on the old map, for a factor f = new / old.
    public enum Coordinates: Hashable, Sendable {
      /// (o + ½)/f − ½: the outermost edges lie on each other. PyTorch without align_corners.
      case halfPixel
      /// o/f: the first cells lie on each other.
      case asymmetric
      /// o · (old − 1)/(new − 1): the outermost cells lie on each other. PyTorch's align_corners.
      case alignedCorners
    }

    /// What new cells hold: what the nearest cell holds, or what lies between the neighbours.
    public enum Interpolation: Hashable, Sendable { case nearest, bilinear }

    /// Which cell is the nearest.
    public enum Nearest: Hashable, Sendable {
      /// The cell before, or behind.
      case floor, ceil
      /// The nearer one, of two equally near the cell before or behind.
      case roundHalfDown, roundHalfUp
    }

    public let target: Target
    public let interpolation: Interpolation
    public let coordinates: Coordinates
    public let nearest: Nearest

    /// A factor must be above 0; its numerator and denominator, and the size, are at most 2²⁰.
    public init(
      _ target: Target, _ interpolation: Interpolation, _ coordinates: Coordinates,
      nearest: Nearest = .floor
    ) throws(GeometryError) {
      switch target {
      case .second: break
      case .size(let size):
        guard (1...1 << 20).contains(size.height), (1...1 << 20).contains(size.width) else {
          throw GeometryError("the new size is \(size); each extent must be from 1 to \(1 << 20)")
        }
      case .factors(let down, let across):
        for factor in [down, across]
        where factor <= 0 || max(factor.numerator, factor.denominator) > 1 << 20 {
          throw GeometryError(
            "the factor is \(factor); it must be above 0, its numerator and denominator at most "
              + "\(1 << 20)")
        }
      }
      (self.target, self.interpolation) = (target, interpolation)
      (self.coordinates, self.nearest) = (coordinates, nearest)
    }
  }
}

extension Network.Resize {
  /// The whole numbers by which it enlarges, if that is all it does; cells then lie at the same places
  /// for every picture.
  var enlargement: Size? {
    guard case .factors(let down, let across) = target, down.isInteger, across.isInteger,
      coordinates != .alignedCorners
    else { return nil }
    if interpolation == .nearest {
      // Blocks: from halfway between two cells on, the new cells take the next one.
      guard (coordinates == .asymmetric) == (nearest == .floor), nearest != .ceil else {
        return nil
      }
    }
    return Size(height: down.numerator, width: across.numerator)
  }

  /// What stamps each cell as the new ones that see it; nil if the places depend on the picture or the
  /// factor is no whole number.
  func window(along axis: Network.Axis) throws(GeometryError) -> Window? {
    guard let factor = enlargement?[axis] else { return nil }
    return switch (interpolation, coordinates) {
    case (.nearest, _): try Window(kernelSize: factor, stride: factor).transposed()
    case (.bilinear, .asymmetric):
      try Window(
        kernelSize: 2 * factor - 1, stride: factor, paddingBefore: factor - 1, paddingAfter: 0
      ).transposed()
    case (.bilinear, _):
      try Window(kernelSize: 2 * factor - factor % 2, stride: factor, padding: factor / 2)
        .transposed()
    }
  }

  /// The cells that come out of so many; of those that the second input says, that is where to ask.
  func outputSize(input: Int, along axis: Network.Axis) throws(GeometryError) -> Int {
    switch target {
    case .size(let size): return size[axis]
    case .second: preconditionFailure("the second input has the size")
    case .factors(let down, let across):
      let factor = axis == .height ? down : across
      // At most 10⁹ · 2²⁰.
      let output = input * factor.numerator / factor.denominator
      guard output >= 1, output <= largestExtent else {
        throw GeometryError(
          "\(factor) times \(input) \(input == 1 ? "cell" : "cells") would be \(output); it must be "
            + "from 1 to \(largestExtent)")
      }
      return output
    }
  }

  /// From which cells of an axis each new one is mixed.
  func blends<Scalar: Divisible>(
    from input: Int, to output: Int, along axis: Network.Axis
  ) -> [Blend<Scalar>] {
    let factor: Fraction =
      switch target {
      case .size, .second: Fraction(output, input)
      case .factors(let down, let across): axis == .height ? down : across
      }
    return (0..<output).map { o in
      guard interpolation == .bilinear else {
        return Blend(at: Fraction(nearestCell(to: o, factor, input, output)), of: input)
      }
      let place: Fraction =
        switch coordinates {
        case .halfPixel: (Fraction(2 * o + 1, 2)) / factor - Fraction(1, 2)
        case .asymmetric: Fraction(o) / factor
        case .alignedCorners: Fraction(o * (input - 1), max(output - 1, 1))
        }
      return Blend(at: place, of: input)
    }
  }

  /// The cell that a new one takes. Where its place is an edge of two cells, or would be if the factor were
  /// exact, the last bit decides: it is computed in 32 bits and in this order, and halves are halves
  /// within a millionth, as in onnxruntime. PyTorch multiplies by 1/factor, and takes another cell at
  /// some of these places.
  private func nearestCell(to o: Int, _ factor: Fraction, _ input: Int, _ output: Int) -> Int {
    let factor = Float(factor.doubleValue)
    let place: Float =
      switch coordinates {
      case .halfPixel: (Float(o) + 0.5) / factor - 0.5
      case .asymmetric: Float(o) / factor
      case .alignedCorners: output > 1 ? Float(o * (input - 1)) / Float(output - 1) : 0
      }
    let before = place.rounded(.down)
    let isNext =
      switch nearest {
      case .floor: false
      case .ceil: place > before
      case .roundHalfDown: place - before > 0.5 + 1e-6
      case .roundHalfUp: place - before >= 0.5 - 1e-6
      }
    return Int(before) + (isNext ? 1 : 0)
  }
}
