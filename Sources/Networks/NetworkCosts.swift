public import ConvolutionArithmetic
public import Tensors

extension Network {
  /// The learned tensors of one layer: weight and bias, or nothing.
  public func parameters(of layer: Layer) -> [Parameter] {
    guard let input = layer.inputs.first, let inputs = channels[input] else { return [] }
    switch layer.operation {
    case .convolution(let outputs, let kernelSize, _, _, let groups, _):
      return [
        Parameter(
          name: "\(layer.name).weight",
          shape: [outputs, inputs / groups, kernelSize, kernelSize]),
        Parameter(name: "\(layer.name).bias", shape: [outputs]),
      ]
    case .transposedConvolution(let outputs, let kernelSize, _, let bias):
      let weight = Parameter(
        name: "\(layer.name).weight", shape: [inputs, outputs, kernelSize, kernelSize])
      return bias ? [weight, Parameter(name: "\(layer.name).bias", shape: [outputs])] : [weight]
    default:
      return []
    }
  }

  /// All learned tensors in the order of the layers.
  public var parameters: [Parameter] {
    layers.flatMap(parameters(of:))
  }

  /// The multiply-adds of each layer for a picture of this size, in the order of ``layers``: one for
  /// each output cell, kernel cell and channel met, padding included.
  public func multiplyAdds(input size: Size) throws(GeometryError) -> [Int] {
    let shapes = try shapes(input: size)
    let byName = Dictionary(uniqueKeysWithValues: zip(layers.map(\.name), shapes))
    return zip(layers, shapes).map { layer, shape in
      let weights = parameters(of: layer).first?.shape.count ?? 0
      // A convolution uses every weight once for each output cell, a transposed convolution once for
      // each input cell.
      return switch layer.operation {
      case .convolution: weights * shape.size.area
      case .transposedConvolution: weights * byName[layer.inputs[0]]!.size.area
      default: 0
      }
    }
  }
}
