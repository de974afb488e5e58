internal import ConvolutionArithmetic
public import ExerciseKit
internal import Tensors

extension Exercises {
  /// Lesson 26: why pad 100.
  public static let smallestInput = Exercise<[Layer], Int>(
    "smallestInput", lesson: 26, title: "the smallest picture that a network can take",
    hints: [
      "Which side does the last layer need? Which one must the layer before it be given for that?",
      "Try 1, 2, 3, …: push the side through all layers; the first that fits everywhere is it.",
      "Write func fits(_ side: Int) -> Bool that returns false where room is negative, and count up "
        + "until it is true.",
    ],
    cases: {
      let pool = Layer(kernelSize: 2, stride: 2, ceil: true)
      return [
        [Layer(kernelSize: 3)], [pool, Layer(kernelSize: 3)],
        [Layer(kernelSize: 2, stride: 2), Layer(kernelSize: 3)],
        [Layer(kernelSize: 5, padding: 1), Layer(kernelSize: 3, stride: 2), Layer(kernelSize: 2)],
        [Layer(kernelSize: 3, dilation: 4), pool, Layer(kernelSize: 4, stride: 3)],
        vggLayers(padding: 1), vggLayers(padding: 81), vggLayers(padding: 97),
        vggLayers(padding: 100),
      ]
    },
    show: { layers in [shown("layers", layers)] },
    expected: { layers in try smallest(layers) },
    arithmetic: { layers, _ in
      let side = try smallest(layers)
      func walk(_ side: Int) -> String {
        var (cells, texts) = (side, ["\(side)"])
        for layer in layers {
          guard let next = try? window(layer).outputSize(input: cells, rounding: rounding(layer))
          else {
            return (texts + ["\(layer) finds no place"]).joined(separator: " → ")
          }
          cells = next
          texts.append("\(next)")
        }
        return texts.joined(separator: " → ")
      }
      return (side > 1 ? [walk(side - 1)] : []) + [walk(side)]
    },
    decoys: [
      Decoy("floor taken for ceil", "The pools keep a window that hangs over the end.") { layers in
        try smallest(
          layers.map {
            Layer(
              kernelSize: $0.kernelSize, stride: $0.stride, padding: $0.padding,
              dilation: $0.dilation)
          })
      },
      Decoy("only the first layer asked", "A later layer may find no place.") { layers in
        try smallest([layers[0]])
      },
      Decoy("padding at one end only", "Padding counts at both ends.") { layers in
        let halved = layers.map { layer in (layer, layer.padding) }
        return (1...9999).first { side in
          var cells = side
          for (layer, padding) in halved {
            let room = cells + padding - layer.effectiveKernelSize
            guard room >= 0 else { return false }
            cells = (room + (layer.ceil ? layer.stride - 1 : 0)) / layer.stride + 1
          }
          return true
        } ?? 0
      },
      Decoy("the receptive field", "Padding and overhanging windows help; the field is too large.")
      {
        layers in
        layers.reduce(Field(size: 1, jump: 1, start: 0), step).size
      },
    ])
}

private func window(_ layer: Layer) throws(GeometryError) -> Window {
  try Window(
    kernelSize: layer.kernelSize, stride: layer.stride, dilation: layer.dilation,
    padding: layer.padding)
}

private func rounding(_ layer: Layer) -> Rounding { layer.ceil ? .ceil : .floor }

/// From the end: the least input for each layer that gives the cells the next one needs.
private func smallest(_ layers: [Layer]) throws -> Int {
  try layers.reversed().reduce(1) { needed, layer in
    let window = try window(layer)
    return (1...9999).first {
      ((try? window.outputSize(input: $0, rounding: rounding(layer))) ?? 0) >= needed
    } ?? 0
  }
}
