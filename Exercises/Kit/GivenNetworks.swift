public import Tensors

/// What a fully convolutional network is assembled from: feature maps that the classifier has
/// computed for one picture, and the operations that turn them into scores of the picture's size.
///
/// All numbers are whole, so that a wrong cell is wrong exactly.
public struct NetworkParts: Sendable {
  /// The size of the picture.
  public let imageSize: Size
  /// The feature map after the third pooling, 1/8 of the padded picture.
  public let pool3: Tensor<Int>
  /// The feature map after the fourth pooling, 1/16.
  public let pool4: Tensor<Int>
  /// The last feature map of the classifier, 1/32.
  public let fc7: Tensor<Int>
  /// The 1×1 kernels that score each of them, (class, channel, 1, 1).
  public let scoreKernels: (pool3: Tensor<Int>, pool4: Tensor<Int>, fc7: Tensor<Int>)

  /// Parts for one picture.
  public init(
    imageSize: Size, pool3: Tensor<Int>, pool4: Tensor<Int>, fc7: Tensor<Int>,
    scoreKernels: (pool3: Tensor<Int>, pool4: Tensor<Int>, fc7: Tensor<Int>)
  ) {
    (self.imageSize, self.pool3, self.pool4, self.fc7) = (imageSize, pool3, pool4, fc7)
    self.scoreKernels = scoreKernels
  }

  /// The scores of pool3, one map for each class.
  public var scorePool3: Tensor<Int> { score(pool3, scoreKernels.pool3) }
  /// The scores of pool4, one map for each class.
  public var scorePool4: Tensor<Int> { score(pool4, scoreKernels.pool4) }
  /// The scores of fc7, one map for each class.
  public var scoreFc7: Tensor<Int> { score(fc7, scoreKernels.fc7) }

  /// The transposed convolution with the bilinear kernel of size 2·factor (times (2·factor)², so that
  /// it is whole), stride `factor` and no padding: factor · (i − 1) + 2 · factor cells.
  public func upsample(_ x: Tensor<Int>, by factor: Int) -> Tensor<Int> {
    let size = Size(
      height: factor * (x.height - 1) + 2 * factor, width: factor * (x.width - 1) + 2 * factor)
    var result = Tensor<Int>.zeros([1, x.channels, size.height, size.width])
    let weights = (0..<2 * factor).map { 2 * factor - abs(2 * $0 + 1 - 2 * factor) }
    for channel in 0..<x.channels {
      for row in 0..<x.height {
        for column in 0..<x.width {
          for down in weights.indices {
            for right in weights.indices {
              result[0, channel, row * factor + down, column * factor + right] +=
                x[0, channel, row, column] * weights[down] * weights[right]
            }
          }
        }
      }
    }
    return result
  }

  /// The part of `x` of this size that begins `offset` rows down and `offset` columns to the right.
  ///
  /// - Throws: ``CropError`` if it reaches beyond the map.
  public func crop(_ x: Tensor<Int>, at offset: Int, to size: Size) throws(CropError) -> Tensor<Int>
  {
    guard offset >= 0, offset + size.height <= x.height, offset + size.width <= x.width else {
      throw CropError(offset: offset, size: size, map: x.size)
    }
    var result = Tensor<Int>.zeros([1, x.channels, size.height, size.width])
    for channel in 0..<x.channels {
      for row in 0..<size.height {
        for column in 0..<size.width {
          result[0, channel, row, column] = x[0, channel, row + offset, column + offset]
        }
      }
    }
    return result
  }

  /// The sum of two maps of equal shape, cell by cell.
  public func add(_ a: Tensor<Int>, _ b: Tensor<Int>) -> Tensor<Int> {
    precondition(a.shape == b.shape, "\(a.shape) and \(b.shape) cannot be added; crop one first")
    return Tensor(shape: a.shape, elements: zip(a.elements, b.elements).map { $0 + $1 })
  }

  /// A 1×1 convolution.
  private func score(_ x: Tensor<Int>, _ kernels: Tensor<Int>) -> Tensor<Int> {
    var result = Tensor<Int>.zeros([1, kernels.batch, x.height, x.width])
    for output in 0..<kernels.batch {
      for row in 0..<x.height {
        for column in 0..<x.width {
          result[0, output, row, column] = (0..<x.channels).reduce(0) {
            $0 + x[0, $1, row, column] * kernels[output, $1, 0, 0]
          }
        }
      }
    }
    return result
  }
}

extension NetworkParts: Transferable {
  public func write(to message: inout Message) {
    imageSize.write(to: &message)
    message.write([pool3, pool4, fc7])
    message.write([scoreKernels.pool3, scoreKernels.pool4, scoreKernels.fc7])
  }
  public init(from message: inout Message) throws {
    let size = try Size(from: &message)
    let (maps, kernels): ([Tensor<Int>], [Tensor<Int>]) = (
      try message.values(), try message.values()
    )
    guard maps.count == 3, kernels.count == 3 else { throw Message.Unreadable() }
    self.init(
      imageSize: size, pool3: maps[0], pool4: maps[1], fc7: maps[2],
      scoreKernels: (pool3: kernels[0], pool4: kernels[1], fc7: kernels[2]))
  }
}

/// A crop that reaches beyond its map.
public struct CropError: Error, Equatable, CustomStringConvertible {
  let offset: Int
  let size: Size
  let map: Size

  /// One sentence: what was asked for, what there is.
  public var description: String {
    "a crop of \(size) at \(offset) does not lie within a map of \(map)"
  }
}

/// A network for maps of one size that blurs a map, moves it and adds a bias to every number.
public struct MovingNetwork: Sendable {
  private let shift: Shift
  private let size: Size
  private let bias: Int

  /// A network for maps of this size that moves them down and to the right.
  public init(_ rows: Int, _ columns: Int, in size: Size, bias: Int = 0) {
    (shift, self.size, self.bias) = (Shift(rows: rows, columns: columns), size, bias)
  }

  /// What comes out for the map `x`, of the same size.
  public func callAsFunction(_ x: Tensor<Int>) -> Tensor<Int> {
    let shape: Shape = [1, 1, size.height, size.width]
    guard x.shape == shape else {
      fatalError("the network takes maps of shape \(shape), and was given one of \(x.shape)")
    }
    let blur = [1, 3, 1]
    var y = x.map { _ in bias }
    for row in 0..<x.height {
      for column in 0..<x.width {
        for (down, a) in zip(-1...1, blur) {
          for (right, b) in zip(-1...1, blur) {
            let (r, c) = (row - shift.rows + down, column - shift.columns + right)
            guard (0..<x.height).contains(r), (0..<x.width).contains(c) else { continue }
            y[0, 0, row, column] += x[0, 0, r, c] * a * b
          }
        }
      }
    }
    return y
  }
}

extension MovingNetwork: Transferable {
  /// An exercise is given the function alone.
  public static var parameterType: String { "(Tensor<Int>) -> Tensor<Int>" }
  public func write(to message: inout Message) {
    for number in [shift.rows, shift.columns, size.height, size.width, bias] {
      message.write(number)
    }
  }
  public init(from message: inout Message) throws {
    self.init(
      try message.word(), try message.word(), in: try Size(from: &message),
      bias: try message.word())
  }
}
