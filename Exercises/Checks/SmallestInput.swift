internal import ConvolutionArithmetic
public import ExerciseKit
internal import Tensors

extension Exercises {
  public static var smallestInput: Exercise<[LayerGeometry], Int> {
    Exercise(
      "smallestInput", lesson: 26, title: "the smallest picture that a network can take",
      hints: [
        "Which side does the last layer need? Which one must the layer before it be given for that?",
        "Try 1, 2, 3, …: push the side through all layers; the first that fits everywhere is it.",
        "Write func fits(_ side: Int) -> Bool that returns false where room is negative, and count up "
          + "until it is true.",
      ],
      cases: {
        let pool = LayerGeometry(kernelSize: 2, stride: 2, ceil: true)
        return [
          [], [LayerGeometry(kernelSize: 3)], [pool], [pool, LayerGeometry(kernelSize: 3)],
          [LayerGeometry(kernelSize: 3, stride: 2, padding: 1), LayerGeometry(kernelSize: 3)],
          [LayerGeometry(kernelSize: 4, stride: 2, padding: 1), LayerGeometry(kernelSize: 2)],
          [LayerGeometry(kernelSize: 3, stride: 2, dilation: 2), LayerGeometry(kernelSize: 2)],
          [LayerGeometry(kernelSize: 2, stride: 2), LayerGeometry(kernelSize: 8, padding: 3)],
          [LayerGeometry(kernelSize: 2, stride: 2), LayerGeometry(kernelSize: 3)],
          [LayerGeometry(kernelSize: 3, stride: 2, ceil: true), LayerGeometry(kernelSize: 3)],
          [LayerGeometry(kernelSize: 3, stride: 3, ceil: true), LayerGeometry(kernelSize: 3)],
          [LayerGeometry(kernelSize: 3), LayerGeometry(kernelSize: 3, padding: 2)],
          [
            LayerGeometry(kernelSize: 5, padding: 1), LayerGeometry(kernelSize: 3, stride: 2),
            LayerGeometry(kernelSize: 2),
          ],
          [
            LayerGeometry(kernelSize: 3, dilation: 4), pool,
            LayerGeometry(kernelSize: 4, stride: 3),
          ],
          vggLayers(padding: 1), vggLayers(padding: 81), vggLayers(padding: 97),
          vggLayers(padding: 100),
          [
            LayerGeometry(kernelSize: 10, stride: 10), LayerGeometry(kernelSize: 10, stride: 10),
            LayerGeometry(kernelSize: 11),
          ],
        ]
      },
      show: { layers in [shown("layers", layers)] },
      expected: { layers in try smallest(layers) },
      arithmetic: { layers, _ in
        let side = try smallest(layers)
        func walk(_ side: Int) -> String {
          var (cells, texts) = (side, ["\(side)"])
          for layer in layers {
            guard let next = places(of: layer, along: cells) else {
              return (texts + ["\(layer) finds no place"]).joined(separator: " → ")
            }
            cells = next
            texts.append("\(next)")
          }
          return texts.joined(separator: " → ")
        }
        return (side > 1 ? [walk(side - 1)] : []) + [walk(side), "the smallest side is \(side)"]
      },
      decoys: [
        Decoy("floor taken for ceil", "The pools keep a window that hangs over the end.") {
          layers in
          try smallest(
            changed(layers) { $0.ceil = false })
        },
        Decoy("only the first layer asked", "A later layer may find no place.") { layers in
          try smallest(Array(layers.prefix(1)))
        },
        Decoy("padding at one end only", "Padding counts at both ends.") { layers in
          (1...9999).first { side in
            var cells = side
            return layers.allSatisfy { layer in
              let room = cells + layer.padding - layer.effectiveKernelSize
              cells = (room + (layer.ceil ? layer.stride - 1 : 0)) / layer.stride + 1
              return room >= 0
            }
          } ?? 0
        },
        Decoy(
          "the receptive field", "Padding and overhanging windows help; the field is too large."
        ) {
          layers in
          layers.reduce(Field(size: 1, jump: 1, start: 0), step).size
        },
        Decoy("dilation forgotten", "A dilated kernel needs layer.effectiveKernelSize cells.") {
          layers in
          try smallest(changed(layers) { $0.dilation = 1 })
        },
        Decoy("padding forgotten", "A layer needs i + 2p ≥ k̂.") { layers in
          try smallest(changed(layers) { $0.padding = 0 })
        },
        Decoy("ceil for every layer", "Only layers with ceil keep a window that hangs over.") {
          layers in
          try smallest(changed(layers) { $0.ceil = true })
        },
        Decoy("stride forgotten", "A layer gives ⌊(i + 2p − k̂)/s⌋ + 1 cells.") { layers in
          try smallest(changed(layers) { $0.stride = 1 })
        },
        Decoy("only the last layer asked", "It is given what the layers before leave.") { layers in
          try smallest(Array(layers.suffix(1)))
        },
        Decoy("one place refused", "i + 2p = k̂ gives one place, and that is enough.") { layers in
          counted(layers) { $0 > 0 }
        },
        Decoy("no place at the end accepted", "Every layer, also the last, must find a place.") {
          layers in
          try smallest(Array(layers.dropLast()))
        },
        Decoy("the first layer forgotten", "Every layer, also the first, must find a place.") {
          layers in
          try smallest(Array(layers.dropFirst()))
        },
        Decoy("the + 1 forgotten", "A layer gives one cell more than it makes steps.") { layers in
          var side = 1
          while true {
            var cells = side
            let fits = layers.allSatisfy { layer in
              let room = cells + 2 * layer.padding - layer.effectiveKernelSize
              cells = (room + (layer.ceil ? layer.stride - 1 : 0)) / layer.stride
              return room >= 0
            }
            if fits || side > 9999 { return side }
            side += 1
          }
        },
        Decoy("the largest kernel", "The layers before make the side smaller.") { layers in
          layers.map { $0.effectiveKernelSize }.max() ?? 1
        },
      ])
  }
}

/// The last window may hang over the end, but the first must fit.
private func places(of layer: LayerGeometry, along cells: Int) -> Int? {
  guard cells + 2 * layer.padding >= layer.effectiveKernelSize else { return nil }
  return try? Window(
    kernelSize: layer.kernelSize, stride: layer.stride, dilation: layer.dilation,
    padding: layer.padding
  ).rounding(layer.ceil ? .ceil : .floor).outputSize(input: cells)
}

/// From the end: the least input for each layer that gives the cells the next one needs.
private func smallest(_ layers: [LayerGeometry]) throws -> Int {
  layers.reversed().reduce(1) { needed, layer in
    (1...9999).first { (places(of: layer, along: $0) ?? 0) >= needed } ?? 0
  }
}

private func changed(_ layers: [LayerGeometry], _ change: (inout LayerGeometry) -> Void)
  -> [LayerGeometry]
{
  layers.map { layer in
    var layer = layer
    change(&layer)
    return layer
  }
}

/// By counting up, with another rule for the room in which a window moves.
private func counted(_ layers: [LayerGeometry], _ suffices: (Int) -> Bool) -> Int {
  (1...9999).first { side in
    var cells = side
    return layers.allSatisfy { layer in
      let room = cells + 2 * layer.padding - layer.effectiveKernelSize
      cells = (room + (layer.ceil ? layer.stride - 1 : 0)) / layer.stride + 1
      return suffices(room)
    }
  } ?? 0
}
