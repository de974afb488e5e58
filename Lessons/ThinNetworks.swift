import ConvolutionArithmetic
import FastKernels
import Networks
import Tensors

extension Network {
  /// The same layers, with the same kernels, strides and paddings, but few channels: the
  /// geometry is the full network's, and a picture of 500×500 takes a moment.
  ///
  /// - Parameters:
  ///   - classes: the channels of the score layers.
  ///   - channels: those of all others.
  ///   - last: the layer to end with; the network's own last one by default.
  ///   - change: what a layer does instead; nothing else by default.
  func thin(
    classes: Int = 1, channels: Int = 1, through last: String? = nil,
    changing change: (Network.Layer) -> Network.Operation? = { _ in nil }
  ) -> Network {
    let end = last.flatMap { name in layers.firstIndex { $0.name == name } } ?? layers.count - 1
    return Network(name, input: 1) { net in
      var streams = ["input": net.input]
      for layer in layers[1...end] {
        let operation = change(layer) ?? thinned(layer, classes: classes, channels: channels)
        let inputs = layer.inputs.map { streams[$0]! }
        streams[layer.name] =
          inputs.count == 2
          ? net.add(layer.name, operation, inputs[0], inputs[1])
          : net.add(layer.name, operation, inputs[0])
      }
    }
  }

  /// The layers that one layer needs, with that layer as the result.
  func ending(at last: String) -> Network {
    var needed: Set = [last]
    for layer in layers.reversed() where needed.contains(layer.name) {
      needed.formUnion(layer.inputs)
    }
    return Network(name, input: channels["input"]!) { net in
      var streams = ["input": net.input]
      for layer in layers.dropFirst() where needed.contains(layer.name) {
        let inputs = layer.inputs.map { streams[$0]! }
        streams[layer.name] =
          inputs.count == 2
          ? net.add(layer.name, layer.operation, inputs[0], inputs[1])
          : net.add(layer.name, layer.operation, inputs[0])
      }
    }
  }

  private func thinned(_ layer: Network.Layer, classes: Int, channels: Int) -> Network.Operation {
    switch layer.operation {
    case .convolution(let convolution, _, _, let relu):
      .convolution(
        outputs: layer.name.hasPrefix("score") ? classes : channels,
        kernelSize: convolution.rows.kernelSize, stride: convolution.rows.stride,
        padding: convolution.rows.paddingBefore, relu: relu)
    case .transposedConvolution(let convolution, _, let bias):
      // U-Net's have a bias and enlarge features, FCN's have none and enlarge scores.
      .transposedConvolution(convolution, outputs: bias ? channels : classes, bias: bias)
    case .normalization: .scale(1)
    default: layer.operation
    }
  }

  /// Weights that change nothing: every convolution passes on the middle of its window, every
  /// transposed convolution interpolates.
  ///
  /// - Parameter scores: the score layers that are heard; the others give zeros.
  func impulseWeights(scores: Set<String> = []) -> Weights<Float> {
    var weights: Weights<Float> = [:]
    for layer in layers {
      for parameter in parameters(of: layer) {
        var tensor = Tensor<Float>.zeros(parameter.shape)
        if case .transposedConvolution = layer.operation, parameter.shape.rank == 4 {
          tensor = bilinear(parameter.shape)
        } else if parameter.shape.rank == 4,
          !layer.name.hasPrefix("score") || scores.isEmpty || scores.contains(layer.name)
        {
          let (k, middle) = (parameter.shape[2], (parameter.shape[2] - 1) / 2)
          // An even kernel has four cells in its middle.
          let share: Float = k.isMultiple(of: 2) ? 0.25 : 1
          for m in 0..<tensor.batch {
            for row in middle...k / 2 {
              for column in middle...k / 2 { tensor[m, 0, row, column] = share }
            }
          }
        }
        weights[parameter.name] = tensor
      }
    }
    return weights
  }

  /// The result on the fast kernels, with plain sums: on numbers of few bits it is exact.
  ///
  /// - Parameter level: the instruction set; numbers of many bits are rounded alike on every Intel
  ///   machine at `.baseline`, and elsewhere differ in the last bits.
  func run(
    _ x: Tensor<Float>, _ weights: Weights<Float>, level: Level = .best
  ) throws -> Tensor<Float> {
    try FastNetwork(self, weights: WeightSource(weights), exact: true, level: level).forward(x)
  }
}
