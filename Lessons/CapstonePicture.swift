import Networks
import Tensors

/// The picture of lesson 38, its true labels, and weights that tell its colours apart.
enum Capstone {
  /// The classes, by number.
  static let classes = ["background", "red", "green", "blue"]
  /// Its size: a number of neither 8 nor 32, and not square.
  static let size = Size(height: 250, width: 330)

  /// The seed of the scene that the trained networks are shown.
  static let sceneSeed: UInt64 = 204

  /// The class of a pixel: shapes drawn by their inequalities.
  static func label(row: Int, column: Int) -> Int {
    let (down, right) = (row - 80, column - 85)
    if down * down + right * right <= 55 * 55 { return 1 }
    if (60..<150).contains(row) && (200..<290).contains(column) {
      // A frame: the square has a hole.
      if (85..<125).contains(row) && (225..<265).contains(column) { return 0 }
      return 2
    }
    // A triangle with its tip at (150, 130), getting wider downwards.
    if (150..<232).contains(row) && abs(column - 130) * 3 <= (row - 150) * 2 { return 3 }
    // A thin red bar.
    if (172..<188).contains(row) && (205..<310).contains(column) { return 1 }
    return 0
  }

  /// The true labels.
  static var truth: Tensor<Int> {
    Tensor(
      (0..<size.height).map { row in
        (0..<size.width).map { label(row: row, column: $0) }
      })
  }

  /// Red, green and blue from 0 to 1.
  static var picture: Tensor<Float> {
    var x = Tensor<Float>.zeros([1, 3, size.height, size.width])
    for row in 0..<size.height {
      for column in 0..<size.width {
        let label = label(row: row, column: column)
        if label > 0 { x[0, label - 1, row, column] = 1 }
      }
    }
    return x
  }

  /// The full layer geometry with four channels: darkness, red, green, blue.
  static let backbone = Backbone.slim([4, 4, 4, 4, 4], classifier: 4)

  /// Weights in closed form, nothing trained.
  ///
  /// The first layer makes darkness = 1 − red − green − blue, and hands the colours on. All further
  /// layers hand on. Every score is its own channel less the three others, so a cell that has seen
  /// two things gives both 0: it abstains.
  static func weights(of net: Network) -> Weights<Float> {
    var weights: Weights<Float> = [:]
    for layer in net.layers {
      for parameter in net.parameters(of: layer) {
        var tensor = Tensor<Float>.zeros(parameter.shape)
        if case .transposedConvolution = layer.operation {
          tensor = bilinear(parameter.shape)
        } else if parameter.shape.rank == 1 {
          if layer.name == "conv1_1" { tensor[0] = 1 }
        } else {
          let middle = parameter.shape[2] / 2
          for m in 0..<4 {
            for c in 0..<parameter.shape[1] {
              tensor[m, c, middle, middle] = factor(layer.name, m, c)
            }
          }
        }
        weights[parameter.name] = tensor
      }
    }
    return weights
  }

  private static func factor(_ layer: String, _ m: Int, _ c: Int) -> Float {
    if layer == "conv1_1" { return m == 0 ? -1 : c == m - 1 ? 1 : 0 }
    if layer.hasPrefix("score") { return m == c ? 1 : -1 }
    return m == c ? 1 : 0
  }
}
