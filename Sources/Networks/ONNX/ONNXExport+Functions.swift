internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

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

  /// Some of the extents of what a value holds.
  mutating func extents(
    _ value: String, _ from: Int, _ to: Int, _ layer: Network.Layer, _ part: String
  ) -> String {
    let shape = add("Shape", [value], layer, part: "\(part)_shape")
    let places = (
      ints([from], layer, "\(part)_from"), ints([to], layer, "\(part)_to"),
      ints([0], layer, "\(part)_axis")
    )
    return add("Slice", [shape, places.0, places.1, places.2], layer, part: part)
  }

  /// Half of the difference of two sizes, rounded down, also where it is below 0.
  mutating func half(
    of size: String, less other: String, _ layer: Network.Layer
  ) -> String {
    let rest = add("Sub", [size, other], layer, part: "rest")
    // Whole numbers are divided towards 0: from above, and back.
    let up = add("Add", [rest, ints([1 << 21], layer, "above")], layer, part: "lifted")
    let halved = add("Div", [up, ints([2], layer, "two")], layer, part: "halved")
    return add("Sub", [halved, ints([1 << 20], layer, "below")], layer, part: "before")
  }

  /// A map cut to the size of another in its middle.
  mutating func centerCrop(_ x: String, to other: String, _ layer: Network.Layer) -> String {
    let size = extents(other, 2, 4, layer, "size")
    let start = half(of: extents(x, 2, 4, layer, "own"), less: size, layer)
    let end = add("Add", [start, size], layer, part: "end")
    return add("Slice", [x, start, end, ints([2, 3], layer, "axes")], layer.name)
  }

  /// A map in zeros as large as another.
  mutating func padTo(
    _ x: String, _ other: String, offset: Size?, _ layer: Network.Layer
  ) -> String {
    let (size, own) = (extents(other, 2, 4, layer, "size"), extents(x, 2, 4, layer, "own"))
    let before =
      offset.map { ints([$0.height, $0.width], layer, "offset") }
      ?? half(of: size, less: own, layer)
    let rest = add("Sub", [size, own], layer, part: "all")
    let behind = add("Sub", [rest, before], layer, part: "behind")
    let none = ints([0, 0], layer, "none")
    let sides = add(
      "Concat", [none, before, none, behind], layer, part: "sides", [("axis", .int(0))])
    return add("Pad", [x, sides, scalar(0, layer, "value")], layer.name)
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
    case .second:
      let kept = extents(x, 0, 2, layer, "kept")
      let size = extents(values[layer.inputs[1]]!, 2, 4, layer, "size")
      let sizes = add("Concat", [kept, size], layer, part: "sizes", [("axis", .int(0))])
      return add("Resize", [x, "", "", sizes], layer.name, attributes)
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
