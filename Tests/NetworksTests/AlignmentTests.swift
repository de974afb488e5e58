import Networks
import Primitives
import Tensors
import Testing

/// A bright square on the picture must light up the scores in the same place.
@Suite struct AlignmentTests {
  /// Every convolution passes on the centre of its window, the streams named in `scores` count.
  private func weights(_ network: Network, scores: Set<String>) -> Weights<Float> {
    Dictionary(
      uniqueKeysWithValues: network.parameters.map { parameter in
        let (name, shape) = (parameter.name, parameter.shape)
        if network.isUpsampling(name) {
          return (name, bilinearKernels(classes: shape[0], kernelSize: Size(shape[2])))
        }
        var tensor = Tensor<Float>.zeros(shape)
        let layer = String(name.split(separator: ".")[0])
        if shape.rank == 4, !layer.hasPrefix("score") || scores.contains(layer) {
          tensor[0, 0, shape[2] / 2, shape[3] / 2] = 1
        }
        return (name, tensor)
      })
  }

  /// The mean place of the scores along both axes.
  private func centre(_ y: Tensor<Float>) -> (row: Double, column: Double) {
    var (sum, rows, columns) = (0.0, 0.0, 0.0)
    for row in 0..<y.height {
      for column in 0..<y.width {
        let score = Double(y[0, 0, row, column])
        sum += score
        rows += score * Double(row)
        columns += score * Double(column)
      }
    }
    return (rows / sum, columns / sum)
  }

  @Test(arguments: [
    (NetworkName.fcn32s, "score_fr"), (.fcn16s, "score_fr"), (.fcn16s, "score_pool4"),
    (.fcn8s, "score_fr"), (.fcn8s, "score_pool4"), (.fcn8s, "score_pool3"),
  ])
  func `each stream lights up where the picture does`(name: NetworkName, stream: String) throws {
    let thread = Backbone.slim([1, 1, 1, 1, 1], classifier: 1)
    let network: Network =
      switch name {
      case .fcn32s: .fcn32s(classes: 1, backbone: thread)
      case .fcn16s: .fcn16s(classes: 1, backbone: thread)
      default: .fcn8s(classes: 1, backbone: thread)
      }
    let fast = try FastNetwork(
      network, weights: WeightSource(weights(network, scores: [stream])))
    // Cell i of pool5 covers 32 pixels from 32·i − 99 on: cells 6 (rows) and 5 (columns).
    let (top, left) = (32 * 6 - 99, 32 * 5 - 99)
    var x = Tensor<Float>.zeros([1, 3, 200, 170])
    for row in top..<top + 32 {
      for column in left..<left + 32 { x[0, 0, row, column] = 1 }
    }
    let centre = centre(try fast.forward(x))
    // Sums of float32 scores; a crop that is 3 too far, as circulates, would move it by 3.
    #expect(abs(centre.row - (Double(top) + 15.5)) < 1e-3, "\(centre)")
    #expect(abs(centre.column - (Double(left) + 15.5)) < 1e-3, "\(centre)")
  }
}
