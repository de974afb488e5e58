import ConvolutionArithmetic
import Networks
import Primitives
import Tensors

/// A picture whose parts can't be told apart from nearby: lamps, and posts that are a lamp's pole
/// without its light. What a piece of pole belongs to stands a hundred pixels above it.
///
/// The network that labels it has FCN-8s's layers and three channels. Its weights are written down:
/// brightness, light, and in fc6 how much light its window of 7×7 cells has.
enum LampsAndPosts {
  /// The classes, by number.
  static let classes = ["background", "lamp", "post"]
  /// Height and width of the picture.
  static let side = 500
  /// The middle of each pole's top, and whether there is a light on it: multiples of 32 apart, so that
  /// every map has its cells alike on all of them.
  private static let objects = [
    (row: 110, column: 116, isLamp: true), (row: 110, column: 404, isLamp: false),
    (row: 366, column: 116, isLamp: false), (row: 366, column: 404, isLamp: true),
  ]
  private static let (width, length, radius) = (12, 96, 18)

  /// 0 where it is dark, 1 on a pole, 2 on a light; and the true class of each pixel.
  static func drawn() -> (picture: Tensor<Float>, truth: Tensor<Int>) {
    var x = Tensor<Float>.zeros([1, 1, side, side])
    var truth = Tensor<Int>.zeros([1, 1, side, side])
    for object in objects {
      for row in object.row - radius..<object.row + length {
        for column in object.column - radius..<object.column + radius {
          let (down, right) = (row - object.row, column - object.column)
          let isPole = down >= 0 && (-width / 2..<width / 2).contains(right)
          let isLight = object.isLamp && down * down + right * right < radius * radius
          guard isPole || isLight else { continue }
          x[0, 0, row, column] = isLight ? 2 : 1
          truth[0, 0, row, column] = object.isLamp ? 1 : 2
        }
      }
    }
    return (x, truth)
  }

  /// How far the light ends above its pole's end.
  static var distance: Int { length - radius }

  /// All numbers of pool3's cells over the lower half of a lamp's pole, and of a post.
  static func pool3OverPoles() throws -> (lamp: [Float], post: [Float]) {
    let net = network.ending(at: "pool3")
    let map = try net.coordinateMap(of: "pool3")
    let y = try net.run(drawn().picture, weights(heard: []))
    func cells(_ pixels: Range<Int>) -> ClosedRange<Int> {
      (map(Fraction(pixels.lowerBound)) + Fraction(1, 2))
        .floor...(map(Fraction(pixels.upperBound - 1)) + Fraction(1, 2)).floor
    }
    func numbers(_ object: (row: Int, column: Int, isLamp: Bool)) -> [Float] {
      (0..<y.channels).flatMap { channel in
        cells(object.row + length / 2..<object.row + length).flatMap { row in
          cells(object.column - width / 2..<object.column + width / 2).map {
            y[0, channel, row, $0]
          }
        }
      }
    }
    return (numbers(objects[0]), numbers(objects[1]))
  }

  /// FCN-8s's layers, with one score for each class.
  static let network = Network.fcn8s().thin(classes: classes.count, channels: 3)

  /// The weights; score layers that are not among `heard` give zeros.
  static func weights(heard: Set<String>) -> Weights<Float> {
    var weights = network.impulseWeights()
    // Channel 0 is brightness, channel 1 light: what is brighter than a pole. Channel 2 is free.
    for name in weights.keys where name.hasPrefix("conv") {
      guard name.hasSuffix("weight") else { continue }
      weights[name] =
        name.hasPrefix("conv1_1")
        ? each([0, 0, nil], of: weights[name]!)
        : each([0, 1, 2], of: weights[name]!)
    }
    weights["conv1_1.bias"] = Tensor(shape: [3], elements: [0, -1, 0])
    // fc6 adds up the light of its window, n; ReLU(n) − ReLU(n − 1) is 1 where there is any.
    var fc6 = each([0, nil, nil], of: weights["fc6.weight"]!)
    for cell in 0..<49 {
      fc6[1, 1, cell / 7, cell % 7] = 1
      fc6[2, 1, cell / 7, cell % 7] = 1
    }
    weights["fc6.weight"] = fc6
    weights["fc6.bias"] = Tensor(shape: [3], elements: [0, 0, -1])
    weights["fc7.weight"] = each([0, 1, 2], of: weights["fc7.weight"]!)

    // Rows: background, lamp, post.
    let scores: [String: (kernels: [Float], bias: [Float])] = [
      "score_fr": ([0, 0, 0, 1, 1, -1, 1, -1, 1], [0, -1.5, -0.5]),
      "score_pool4": ([0, 0, 0, 1, 1, 0, 1, -1, 0], [0, -0.5, -0.5]),
      "score_pool3": ([0, 0, 0, 4, 1, 0, 4, -1, 0], [0, -2, -2]),
    ]
    for (name, score) in scores {
      let isHeard = heard.contains(name)
      weights["\(name).weight"] = Tensor(
        shape: [3, 3, 1, 1], elements: score.kernels.map { isHeard ? $0 : 0 })
      weights["\(name).bias"] = Tensor(
        shape: [3], elements: score.bias.map { isHeard ? $0 : 0 })
    }
    return weights
  }

  /// Kernels that pass on the middle of one input channel each, or nothing.
  private static func each(_ sources: [Int?], of kernels: Tensor<Float>) -> Tensor<Float> {
    var result = Tensor<Float>.zeros(kernels.shape)
    let middle = kernels.height / 2
    for (m, source) in sources.enumerated() {
      if let source { result[m, source, middle, middle] = 1 }
    }
    return result
  }
}
