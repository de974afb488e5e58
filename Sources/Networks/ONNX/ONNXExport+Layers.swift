internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Which layer becomes which operator.
extension ONNXExporter {
  /// Adds what a layer does; the value that it gives has the layer's name.
  mutating func value(
    of layer: Network.Layer, channels: [Int]
  ) throws(GeometryError) -> String {
    let inputs = layer.inputs.map { values[$0]! }
    let (name, x) = (layer.name, inputs.first ?? "")
    switch layer.operation {
    case .input: return "input"
    case .dropout, .identity: return x
    case .convolution(let convolution, _, let bias, let relu):
      let tensors = [parameter(layer, "weight")] + (bias ? [parameter(layer, "bias")] : [])
      let attributes = try window(convolution) + [("group", .int(convolution.groups))]
      guard relu else { return add("Conv", [x] + tensors, name, attributes) }
      let sum = add("Conv", [x] + tensors, layer, part: "conv", attributes)
      return add("Relu", [sum], name)
    case .transposedConvolution(let convolution, _, let bias):
      let tensors = [parameter(layer, "weight")] + (bias ? [parameter(layer, "bias")] : [])
      let extra = convolution.outputPadding
      guard extra.height < convolution.stride.height, extra.width < convolution.stride.width else {
        return try padded(convolution, x, tensors, layer, channels: network.channels[name] ?? 0)
      }
      return add(
        "ConvTranspose", [x] + tensors, name,
        try window(convolution) + [
          ("group", .int(convolution.groups)),
          ("output_padding", .ints([extra.height, extra.width])),
        ])
    case .maxPool(let pooling): return add("MaxPool", [x], name, try pool(pooling))
    case .averagePool(let pooling):
      guard pooling.dilation == 1 else {
        throw GeometryError("a mean of cells apart is not in the operators that are written")
      }
      return add(
        "AveragePool", [x], name,
        try pool(pooling) + [("count_include_pad", .int(pooling.countIncludePad ? 1 : 0))])
    case .globalPool(let statistic):
      return add(statistic == .mean ? "GlobalAveragePool" : "GlobalMaxPool", [x], name)
    case .activation(let function): return activation(function, x, layer, channels[0])
    case .batchNormalization(let epsilon, let isAffine):
      let ones = Array(repeating: Float(1), count: channels[0])
      let affine =
        isAffine
        ? [parameter(layer, "weight"), parameter(layer, "bias")]
        : [floats(ones, layer, "ones"), floats(ones.map { _ in 0 }, layer, "zeros")]
      let observed = [parameter(layer, "running_mean"), parameter(layer, "running_var")]
      return add(
        "BatchNormalization", [x] + affine + observed, name, [("epsilon", .float(epsilon))])
    case .affine(let hasWeight, let hasBias):
      let spread = [channels[0], 1, 1]
      guard hasWeight else {
        return add("Add", [x, parameter(layer, "bias", extents: spread)], name)
      }
      let weight = parameter(layer, "weight", extents: spread)
      guard hasBias else { return add("Mul", [x, weight], name) }
      let scaled = add("Mul", [x, weight], layer, part: "scaled")
      return add("Add", [scaled, parameter(layer, "bias", extents: spread)], name)
    case .power(let exponent, let scale, let shift):
      var steps: [(type: String, number: Double)] = []
      if scale != 1 { steps.append(("Mul", scale)) }
      if shift != 0 { steps.append(("Add", shift)) }
      if exponent != 1 { steps.append(("Pow", exponent)) }
      return chain(steps, x, layer)
    case .softmax: return add("Softmax", [x], name, [("axis", .int(1))])
    case .normalization(let size, let alpha, let beta, let k):
      return add(
        "LRN", [x], name,
        [
          ("size", .int(size)), ("alpha", .float(alpha)), ("beta", .float(beta)),
          ("bias", .float(k)),
        ])
    case .resize(let resize): return self.resize(resize, x, layer)
    case .crop:
      let offset = try network.cropOffsets(of: layer)
      // As large as the second input, whatever the picture.
      let size = extents(inputs[1], 2, 4, layer, "size")
      let starts = ints([offset.height, offset.width], layer, "offset")
      let ends = offset == 0 ? size : add("Add", [size, starts], layer, part: "end")
      return add("Slice", [x, starts, ends, ints([2, 3], layer, "axes")], name)
    case .centerCrop: return centerCrop(x, to: inputs[1], layer)
    case .padTo(let offset): return padTo(x, inputs[1], offset: offset, layer)
    case .cut(let offset, let size):
      return add(
        "Slice",
        [
          x, ints([offset.height, offset.width], layer, "offset"),
          ints([offset.height + size.height, offset.width + size.width], layer, "end"),
          ints([2, 3], layer, "axes"),
        ], name)
    case .pad(let padding, let border):
      let sides = ints(
        [0, 0, padding.top, padding.left, 0, 0, padding.bottom, padding.right], layer, "pads")
      switch border {
      case .value(let number):
        return add("Pad", [x, sides, scalar(number, layer, "value")], name)
      case .reflection: return add("Pad", [x, sides], name, [("mode", .text("reflect"))])
      case .replication: return add("Pad", [x, sides], name, [("mode", .text("edge"))])
      }
    case .channels(let range):
      return add(
        "Slice",
        [
          x, ints([range.lowerBound], layer, "first"), ints([range.upperBound], layer, "end"),
          ints([1], layer, "axis"),
        ], name)
    case .shuffle(let groups):
      let shape = add("Shape", [x], layer, part: "shape")
      let cut = add(
        "Reshape", [x, ints([0, groups, channels[0] / groups, -1], layer, "groups")], layer,
        part: "grouped")
      let turned = add("Transpose", [cut], layer, part: "turned", [("perm", .ints([0, 2, 1, 3]))])
      return add("Reshape", [turned, shape], name)
    case .pixelShuffle(let block):
      return try inBlocks(block, x, layer, channels[0])
    case .pixelUnshuffle:
      // All numbers of a map in a row.
      return add("Reshape", [x, ints([0, -1, 1, 1], layer, "row")], name)
    case .sum(let coefficients):
      var terms = inputs
      for (index, coefficient) in coefficients.enumerated() where coefficient != 1 {
        let number = scalar(coefficient, layer, "coefficient")
        terms[index] = add("Mul", [terms[index], number], layer, part: "term")
      }
      return add(terms.count == 2 ? "Add" : "Sum", terms, name)
    case .product:
      var product = x
      for (index, factor) in inputs.enumerated().dropFirst() {
        product =
          index == inputs.count - 1
          ? add("Mul", [product, factor], name)
          : add("Mul", [product, factor], layer, part: "part")
      }
      return product
    case .maximum: return add("Max", inputs, name)
    case .concatenate: return add("Concat", inputs, name, [("axis", .int(1))])
    case .unknown(let kind, let reason): throw GeometryError("\(kind.visible) \(reason)")
    }
  }

  /// A transposed convolution with as much output padding as its stride, which onnxruntime refuses: what
  /// comes back of the padding that is taken away, and behind that the bias alone.
  private mutating func padded(
    _ convolution: Convolution, _ x: String, _ tensors: [String], _ layer: Network.Layer,
    channels: Int
  ) throws(GeometryError) -> String {
    let (sides, extra) = (convolution.padding, convolution.outputPadding)
    let back = Size(
      height: min(sides.bottom, extra.height), width: min(sides.right, extra.width))
    let (bottom, right) = (sides.bottom - back.height, sides.right - back.width)
    let attributes = try window(convolution).map { attribute in
      attribute.name == "pads"
        ? ("pads", .ints([sides.top, sides.left, bottom, right])) : attribute
    }
    let cells = add(
      "ConvTranspose", [x, tensors[0]], layer, part: "cells",
      attributes + [("group", .int(convolution.groups))])
    let behind = [0, 0, 0, 0, 0, 0, extra.height - back.height, extra.width - back.width]
    let wide = [cells, ints(behind, layer, "behind"), scalar(0, layer, "zero")]
    guard tensors.count > 1 else { return add("Pad", wide, layer.name) }
    let all = add("Pad", wide, layer, part: "padded")
    let shape = ints([channels, 1, 1], layer, "bias_shape")
    return add(
      "Add", [all, add("Reshape", [tensors[1], shape], layer, part: "bias")], layer.name)
  }

  /// Square blocks have an operator; a single cell is given its new shape.
  private mutating func inBlocks(
    _ block: Size, _ x: String, _ layer: Network.Layer, _ channels: Int
  ) throws(GeometryError) -> String {
    if block.height != block.width, network.oneCellLayers.contains(layer.inputs[0]) {
      let shape = ints([0, channels / block.area, block.height, block.width], layer, "shape")
      return add("Reshape", [x, shape], layer.name)
    }
    guard block.height == block.width else {
      throw GeometryError("blocks of \(block) are not in ONNX, whose are square")
    }
    return add(
      "DepthToSpace", [x], layer.name,
      [("blocksize", .int(block.height)), ("mode", .text("CRD"))])
  }

  private func window(
    _ layer: some Windowed
  ) throws(GeometryError) -> [(name: String, value: ONNXDraft.Attribute)] {
    let (kernel, stride, dilation) = (layer.kernelSize, layer.stride, layer.dilation)
    let padding = layer.padding
    let sides = [padding.top, padding.left, padding.bottom, padding.right]
    guard sides.allSatisfy({ $0 >= 0 }) else {
      throw GeometryError("its padding is \(padding), and none in ONNX is below 0")
    }
    let attributes: [(name: String, value: ONNXDraft.Attribute)] = [
      ("kernel_shape", .ints([kernel.height, kernel.width])),
      ("strides", .ints([stride.height, stride.width])), ("pads", .ints(sides)),
    ]
    return dilation == 1
      ? attributes : attributes + [("dilations", .ints([dilation.height, dilation.width]))]
  }

  private func pool(
    _ pooling: Pooling
  ) throws(GeometryError) -> [(name: String, value: ONNXDraft.Attribute)] {
    let (kernel, stride) = (pooling.effectiveKernelSize, pooling.stride)
    // With a stride above the kernel Caffe keeps windows that ONNX drops.
    if pooling.rounding == .caffe, stride.height > kernel.height || stride.width > kernel.width {
      throw GeometryError(
        "Caffe's rounding with a stride \(stride) above the kernel \(kernel) is not in ONNX")
    }
    return try window(pooling) + [("ceil_mode", .int(pooling.rounding == .floor ? 0 : 1))]
  }
}
