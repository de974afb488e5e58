import ExerciseKit
import Tensors

/// Return the receptive field of a stack of layers along one axis: how many input cells one output cell
/// sees (`size`), how many input cells lie between neighbouring outputs (`jump`), and the centre of the
/// first output in input cells (`start`; the first input cell's centre is 0).
///
/// Before any layer that is 1, 1 and 0. Each layer adds d(k−1)·jump to the size and
/// (d(k−1)/2 − p)·jump to the start, and then multiplies the jump by its stride.
///
///     [k=3 s=1 p=1, k=2 s=2 p=0]   // size 1 + 2·1 + 1·1 = 4, jump 2, start 0 + ½ = ½
///
/// `Fraction(layer.dilation * (layer.kernelSize - 1), 2)` is an exact half.
public func receptiveField(_ layers: [LayerGeometry]) throws -> Field {
  // solution
  var field = Field(size: 1, jump: 1, start: 0)
  for layer in layers {
    let reach = layer.dilation * (layer.kernelSize - 1)
    field.size += reach * field.jump
    field.start =
      field.start + (Fraction(reach, 2) - Fraction(layer.padding)) * Fraction(field.jump)
    field.jump *= layer.stride
  }
  return field
  // end of solution
}
