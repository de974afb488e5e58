internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

/// Layers that become several nodes: powers, functions of one number, resizing.
extension ONNXExporter {
  /// Operators with one number each, one after another; the last gives the layer's value.
  mutating func chain(
    _ steps: [(type: String, number: Double)], _ x: String, _ layer: Network.Layer
  ) -> String {
    var value = x
    for (index, step) in steps.enumerated() {
      let part = step.type.lowercased()
      let inputs = [value, scalar(step.number, layer, "\(part)_number")]
      value =
        index == steps.count - 1
        ? add(step.type, inputs, layer.name) : add(step.type, inputs, layer, part: part)
    }
    return value
  }

  mutating func activation(
    _ function: Network.Activation, _ x: String, _ layer: Network.Layer, _ channels: Int
  ) -> String {
    let name = layer.name
    switch function {
    case .relu: return add("Relu", [x], name)
    case .leakyReLU(let slope): return add("LeakyRelu", [x], name, [("alpha", .float(slope))])
    case .learnedReLU(let isShared):
      return add(
        "PRelu", [x, parameter(layer, "weight", extents: [isShared ? 1 : channels, 1, 1])], name)
    case .clipped(let range):
      let bounds = [range.lowerBound, range.upperBound].map { bound in
        bound.isFinite ? scalar(bound, layer, "bound") : ""
      }
      return add("Clip", [x] + bounds, name)
    case .elu(let alpha): return add("Elu", [x], name, [("alpha", .float(alpha))])
    case .sigmoid: return add("Sigmoid", [x], name)
    case .tanh: return add("Tanh", [x], name)
    case .hardSigmoid(let alpha, let beta):
      return add("HardSigmoid", [x], name, [("alpha", .float(alpha)), ("beta", .float(beta))])
    case .hardSwish:
      let gate = add(
        "HardSigmoid", [x], layer, part: "gate",
        [("alpha", .float(1.0 / 6)), ("beta", .float(0.5))])
      return add("Mul", [x, gate], name)
    case .silu: return add("Mul", [x, add("Sigmoid", [x], layer, part: "gate")], name)
    case .gelu:
      let scaled = add(
        "Mul", [x, scalar(0.5.squareRoot(), layer, "scale")], layer, part: "scaled")
      let error = add("Erf", [scaled], layer, part: "erf")
      let sum = add("Add", [error, scalar(1, layer, "one")], layer, part: "sum")
      let half = add("Mul", [x, scalar(0.5, layer, "half")], layer, part: "halved")
      return add("Mul", [half, sum], name)
    case .softplus: return add("Softplus", [x], name)
    case .absolute: return add("Abs", [x], name)
    case .exponential: return add("Exp", [x], name)
    case .logarithm: return add("Log", [x], name)
    }
  }

  mutating func resize(
    _ resize: Network.Resize, _ x: String, _ layer: Network.Layer
  ) -> String {
    let coordinates =
      switch resize.coordinates {
      case .halfPixel: "half_pixel"
      case .asymmetric: "asymmetric"
      case .alignedCorners: "align_corners"
      }
    let nearest =
      switch resize.nearest {
      case .floor: "floor"
      case .ceil: "ceil"
      case .roundHalfDown: "round_prefer_floor"
      case .roundHalfUp: "round_prefer_ceil"
      }
    let attributes: [(name: String, value: ONNXDraft.Attribute)] = [
      ("mode", .text(resize.interpolation == .nearest ? "nearest" : "linear")),
      ("coordinate_transformation_mode", .text(coordinates)), ("nearest_mode", .text(nearest)),
    ]
    switch resize.target {
    case .factors(let down, let across):
      let factors: [Float] = [1, 1, Float(down.doubleValue), Float(across.doubleValue)]
      return add("Resize", [x, "", floats(factors, layer, "factors")], layer.name, attributes)
    case .size(let size):
      let shape = add("Shape", [x], layer, part: "shape")
      let places = (ints([0], layer, "from"), ints([2], layer, "to"), ints([0], layer, "axis"))
      let kept = add("Slice", [shape, places.0, places.1, places.2], layer, part: "kept")
      let sizes = add(
        "Concat", [kept, ints([size.height, size.width], layer, "size")], layer, part: "sizes",
        [("axis", .int(0))])
      return add("Resize", [x, "", "", sizes], layer.name, attributes)
    }
  }
}
