public import ExerciseKit
internal import Tensors

extension Exercises {
  public static var receptiveField: Exercise<[LayerGeometry], Field> {
    Exercise(
      "receptiveField", lesson: 24, title: "receptive field, jump and start of a stack of layers",
      hints: [
        "How far apart in the input are two neighbouring cells after a layer of stride 2? What does "
          + "one more kernel cell of the next layer add?",
        "size += d(k−1)·jump; start += (d(k−1)/2 − p)·jump; then jump ·= s.",
        "Loop over the layers with var field = Field(size: 1, jump: 1, start: 0), and change "
          + "the jump last.",
      ],
      cases: {
        let three = LayerGeometry(kernelSize: 3, padding: 1)
        let pool = LayerGeometry(kernelSize: 2, stride: 2)
        return [
          [], [LayerGeometry(kernelSize: 3)], [LayerGeometry(kernelSize: 1, stride: 2, padding: 3)],
          [pool, pool],
          [LayerGeometry(kernelSize: 2, dilation: 2)], [LayerGeometry(kernelSize: 2, dilation: 3)],
          [
            LayerGeometry(kernelSize: 4, stride: 2, padding: 1, dilation: 2),
            LayerGeometry(kernelSize: 2, dilation: 3),
          ],
          [three, pool],
          [LayerGeometry(kernelSize: 1, stride: 2), LayerGeometry(kernelSize: 3, dilation: 3)],
          [LayerGeometry(kernelSize: 3, dilation: 2), LayerGeometry(kernelSize: 3, dilation: 2)],
          [
            LayerGeometry(kernelSize: 5, stride: 3, padding: 2),
            LayerGeometry(kernelSize: 4, stride: 2, padding: 1),
          ],
          [
            LayerGeometry(kernelSize: 11, stride: 4, padding: 100),
            LayerGeometry(kernelSize: 3, stride: 2),
            LayerGeometry(kernelSize: 5, padding: 2, dilation: 2),
          ], vggLayers(padding: 100), [LayerGeometry(kernelSize: 3, stride: 2, padding: 200)],
        ]
      },
      show: { layers in [shown("layers", layers)] },
      expected: { layers in traced(layers) },
      arithmetic: { layers, cell in
        var field = Field(size: 1, jump: 1, start: 0)
        if layers.isEmpty { return [["size 1", "jump 1", "start 0"][cell[0]]] }
        return layers.map { layer in
          let reach = layer.dilation * (layer.kernelSize - 1)
          let before = field
          field = step(field, layer)
          switch cell[0] {
          case 0:
            return "\(layer): size \(before.size) + \(reach)·\(before.jump) = \(field.size)"
          case 1: return "\(layer): jump \(before.jump)·\(layer.stride) = \(field.jump)"
          default:
            return "\(layer): start \(before.start) + (\(Fraction(reach, 2)) − \(layer.padding))·"
              + "\(before.jump) = \(field.start)"
          }
        }
      },
      decoys: [
        Decoy(
          "the layer's own stride counted in", "The jump before the layer counts; change it last."
        ) { layers in
          layers.reduce(Field(size: 1, jump: 1, start: 0)) { field, layer in
            var next = field
            next.jump *= layer.stride
            let reach = layer.effectiveKernelSize - 1
            next.size += reach * next.jump
            next.start =
              next.start + (Fraction(reach, 2) - Fraction(layer.padding)) * Fraction(next.jump)
            return next
          }
        },
        Decoy("k for k − 1", "One kernel cell sees what the layer before sees already.") { layers in
          changed(layers) { $0.size += $1.dilation * $2 }
        },
        Decoy("padding forgotten", "Each padding moves the start outwards by p·jump.") { layers in
          traced(
            layers.map {
              LayerGeometry(kernelSize: $0.kernelSize, stride: $0.stride, dilation: $0.dilation)
            })
        },
        Decoy("dilation forgotten", "A dilated kernel reaches d(k−1) cells.") { layers in
          traced(
            layers.map {
              LayerGeometry(kernelSize: $0.kernelSize, stride: $0.stride, padding: $0.padding)
            })
        },
        Decoy("start's sign turned", "Padding moves the first centre to the left: − p.") { layers in
          var field = traced(layers)
          field.start = -field.start
          return field
        },
        Decoy("jump never changed", "After each layer the jump is multiplied by its stride.") {
          layers in
          walked(layers) { field, layer in
            Field(size: step(field, layer).size, jump: 1, start: step(field, layer).start)
          }
        },
        Decoy("jump left out of the size", "A kernel cell more sees one jump more: d(k−1)·jump.") {
          layers in
          walked(layers) { field, layer in
            var next = step(field, layer)
            next.size = field.size + layer.effectiveKernelSize - 1
            return next
          }
        },
        Decoy("jump left out of the start", "A layer moves the start by (d(k−1)/2 − p)·jump.") {
          layers in
          walked(layers) { field, layer in
            var next = step(field, layer)
            next.start =
              field.start + Fraction(layer.effectiveKernelSize - 1, 2) - Fraction(layer.padding)
            return next
          }
        },
        Decoy("jumps added", "The jump is multiplied by the stride.") { layers in
          walked(layers) { field, layer in
            var next = step(field, layer)
            next.jump = field.jump + layer.stride
            return next
          }
        },
        Decoy("layers from last to first", "The layers are taken in the order in which they work.")
        {
          layers in walked(layers.reversed(), step)
        },
        Decoy("begun with size 0", "Before any layer one cell sees itself: size 1.") { layers in
          var field = traced(layers)
          field.size -= 1
          return field
        },
        Decoy("start left at 0", "Each layer moves the start by (d(k−1)/2 − p)·jump.") { layers in
          var field = traced(layers)
          field.start = 0
          return field
        },
        Decoy("halves rounded", "d(k−1)/2 may be a half: Fraction(d(k−1), 2).") { layers in
          walked(layers) { field, layer in
            var next = step(field, layer)
            next.start =
              field.start
              + Fraction((layer.effectiveKernelSize - 1) / 2 - layer.padding) * Fraction(field.jump)
            return next
          }
        },
        Decoy("padding added", "Padding moves the first centre to the left: − p.") { layers in
          walked(layers) { field, layer in
            var next = step(field, layer)
            next.start = next.start + Fraction(2 * layer.padding) * Fraction(field.jump)
            return next
          }
        },
        Decoy("padding not times jump", "Padding of a layer is counted in its own input cells.") {
          layers in
          walked(layers) { field, layer in
            var next = step(field, layer)
            next.start = next.start + Fraction(layer.padding) * Fraction(field.jump - 1)
            return next
          }
        },
        Decoy("k/2 for the centre", "The centre of k cells is (k − 1)/2 beyond the first.") {
          layers in
          walked(layers) { field, layer in
            var next = step(field, layer)
            next.start =
              field.start
              + (Fraction(layer.dilation * layer.kernelSize, 2) - Fraction(layer.padding))
              * Fraction(field.jump)
            return next
          }
        },
        Decoy("padding within the size", "Padding moves the field; it does not change its size.") {
          layers in
          walked(layers) { field, layer in
            var next = step(field, layer)
            next.size -= 2 * layer.padding * field.jump
            return next
          }
        },
      ])
  }
}

/// One layer more.
func step(_ field: Field, _ layer: LayerGeometry) -> Field {
  let reach = layer.effectiveKernelSize - 1
  return Field(
    size: field.size + reach * field.jump, jump: field.jump * layer.stride,
    start: field.start + (Fraction(reach, 2) - Fraction(layer.padding)) * Fraction(field.jump))
}

/// By walking every path instead of by the formula: output 0 and output 1 reach input cells through the
/// relation input = output · s + kernel · d − p, layer by layer from the end.
private func traced(_ layers: [LayerGeometry]) -> Field {
  func reach(_ output: Int) -> ClosedRange<Int> {
    layers.reversed().reduce(output...output) { cells, layer in
      let first = cells.lowerBound * layer.stride - layer.padding
      let last =
        cells.upperBound * layer.stride + (layer.kernelSize - 1) * layer.dilation - layer.padding
      return first...last
    }
  }
  let (zero, one) = (reach(0), reach(1))
  return Field(
    size: zero.count, jump: one.lowerBound - zero.lowerBound,
    start: Fraction(zero.lowerBound + zero.upperBound, 2))
}

private func changed(
  _ layers: [LayerGeometry], _ extra: (inout Field, LayerGeometry, Int) -> Void
) -> Field {
  layers.reduce(Field(size: 1, jump: 1, start: 0)) { field, layer in
    var next = step(field, layer)
    extra(&next, layer, field.jump)
    return next
  }
}

/// VGG16 up to fc6 along one axis; the first layer has this padding.
func vggLayers(padding: Int) -> [LayerGeometry] {
  let pool = LayerGeometry(kernelSize: 2, stride: 2, ceil: true)
  var layers = [
    LayerGeometry(kernelSize: 3, padding: padding), LayerGeometry(kernelSize: 3, padding: 1), pool,
  ]
  for count in [2, 3, 3, 3] {
    layers += Array(repeating: LayerGeometry(kernelSize: 3, padding: 1), count: count) + [pool]
  }
  return layers + [LayerGeometry(kernelSize: 7)]
}

private func walked(_ layers: [LayerGeometry], _ step: (Field, LayerGeometry) -> Field) -> Field {
  layers.reduce(Field(size: 1, jump: 1, start: 0), step)
}
