public import Tensors

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
  /// The shift, the size and the bias.
  public func write(to message: inout Message) {
    for number in [shift.rows, shift.columns, size.height, size.width, bias] {
      message.write(number)
    }
  }
  /// The shift, the size and the bias.
  public init(from message: inout Message) throws {
    self.init(
      try message.word(), try message.word(), in: try Size(from: &message),
      bias: try message.word())
  }
}
