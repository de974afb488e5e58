internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

extension CaffeLayer {
  /// The types that are understood.
  static let knownTypes = [
    "AbsVal", "Accuracy", "Axpy", "BNLL", "BatchNorm", "Bias", "BN", "Clip", "Concat",
    "Convolution", "ConvolutionDepthwise", "Crop", "Data", "Deconvolution",
    "DepthwiseConvolution", "Dropout", "DummyData", "ELU", "Eltwise", "EuclideanLoss", "Exp",
    "Flatten", "HDF5Data", "HDF5Output", "ImageData", "InnerProduct", "Input", "Interp", "LRN",
    "Log", "MemoryData", "PReLU", "Pooling", "Power", "ReLU", "ReLU6", "Reshape", "Scale",
    "ShuffleChannel", "Sigmoid", "Silence", "Slice", "Softmax", "SoftmaxWithLoss", "Split", "Swish",
    "TanH", "WindowData",
  ]

  static func isKnown(_ type: String) -> Bool { knownTypes.contains(type) }
}

extension CaffeBuilder {
  /// What a layer does, in the book's operations; unknown if the book has none for it, and nil if it has
  /// one that depends on the size of maps which nobody knows.
  mutating func operation(
    of layer: CaffeLayer, reading inputs: [Blob]
  ) throws -> Network.Operation? {
    switch layer.type {
    case "Flatten", "InnerProduct", "Reshape", "Eltwise", "Concat", "Dropout":
      break
    default:
      // Along the channels, numbers that were laid out in a row are not what they are here.
      guard try layer.activation() == nil else { break }
      for input in inputs where try isMapsInARow(input) {
        return .unknown(
          layer.type, reason: "reads flattened maps; the book has it of maps as they are")
      }
    }
    switch layer.type {
    case "Convolution": return try layer.convolution(isTransposed: false)
    case "Deconvolution": return try layer.convolution(isTransposed: true)
    case "ConvolutionDepthwise", "DepthwiseConvolution":
      return try layer.convolution(isTransposed: false, depthwise: shape(of: inputs[0])?.channels)
    case "Pooling": return try layer.pooling()
    case "InnerProduct":
      return try layer.innerProduct(on: try shape(of: inputs[0]))
    case "Crop": return try layer.crop()
    case "Concat": return try concatenation(layer, inputs)
    case "Eltwise": return try layer.sumOrProduct(of: inputs.count)
    case "Scale": return try layer.scale(by: inputs.count)
    case "Bias" where inputs.count == 2:
      let part = try layer.parameters("bias_param", knowing: ["axis"])
      return try part.wholeNumber("axis", in: -4...3) ?? 1 > 1
        ? layer.gap("works along another axis than the channels; the book has it along them")
        : .sum
    case "Flatten":
      let part = try layer.parameters("flatten_param", knowing: ["axis", "end_axis"])
      if let gap = try layer.axisGap(part, is: 1) { return gap }
      return .identity("flatten")
    case "Reshape":
      return try layer.reshape(of: shape(of: inputs[0]), isFlat: inputs[0].isFlat)
    case "Interp": return try layer.interpolation(of: shape(of: inputs[0]))
    default: return try layer.pointwise() ?? .unknown(layer.unknownName())
    }
  }

  /// Says of a normalization that is told to measure the picture itself that it is not done here.
  mutating func noteStatistics(_ layer: CaffeLayer) throws {
    guard layer.type == "BatchNorm" else { return }
    let part = try layer.parameters("batch_norm_param", knowing: [])
    guard try part.one("use_global_stats") != nil, try !part.flag("use_global_stats", or: true)
    else { return }
    note(
      "use_global_stats is false, so that Caffe normalizes by the mean and variance of the pictures at "
        + "hand; here those that were stored are taken, and the numbers differ: ", layer.name)
  }

  /// Says which numbers of a layer are not read, because nobody here knows what they do.
  mutating func noteUnreadFields(_ layer: CaffeLayer) throws {
    let fields = try layer.unreadFields()
    guard !fields.isEmpty else { return }
    note(
      "fields that are not known here and not taken into account, so that sizes and numbers may differ: ",
      "\(fields.joined(separator: ", ")) of \(layer.name)")
  }
}

extension CaffeLayer {
  /// What the book does not have for an attribute of the layer's.
  func gap(_ reason: String) -> Network.Operation { .unknown(type, reason: reason) }
}

extension CaffeBuilder {
  private func concatenation(
    _ layer: CaffeLayer, _ inputs: [Blob]
  ) throws -> Network.Operation {
    let part = try layer.parameters("concat_param", knowing: ["axis", "concat_dim"])
    let axis =
      try part.wholeNumber("axis", in: -4...3) ?? part.wholeNumber("concat_dim", in: 0...3) ?? 1
    guard axis == 1 || axis == -3 else {
      return layer.gap("has axis \(axis); the book puts channels behind each other, axis 1")
    }
    guard inputs.count > 1 else { return .identity("concat") }
    return .concatenate
  }

  /// The channels of each of a slice's blobs; nil where it is not along the channels, or nobody knows
  /// how many there are.
  mutating func slices(
    of layer: CaffeLayer, reading input: Blob
  ) throws -> [Range<Int>]? {
    let part = try layer.parameters(
      "slice_param", knowing: ["axis", "slice_dim", "slice_point"])
    let axis =
      try part.wholeNumber("axis", in: -4...3) ?? part.wholeNumber("slice_dim", in: 0...3) ?? 1
    guard axis == 1 || axis == -3, try !isMapsInARow(input),
      let channels = try shape(of: input)?.channels
    else { return nil }
    var points = [0]
    for field in part.all("slice_point") {
      points.append(try field.wholeNumber(in: points.last! + 1...max(channels, points.last! + 1)))
    }
    let count = layer.tops.count
    if points.count == 1 {
      guard channels % count == 0 else {
        throw TextProblem(
          "\(layer.name) cuts \(counted(channels, "channel")) into \(count) equal parts; without slice_point "
            + "their number must divide the channels", at: layer.place)
      }
      points = (0..<count).map { $0 * channels / count }
    }
    points.append(channels)
    guard points.count == count + 1, points[count - 1] < channels else {
      throw TextProblem(
        "\(layer.name) has \(counted(points.count - 2, "slice point")) for \(counted(count, "blob")) of \(channels) "
          + "channels; there must be one less than blobs, each below the channels", at: part.place)
    }
    return zip(points, points.dropFirst()).map { $0..<$1 }
  }
}

extension CaffeLayer {
  /// The first blob cut to the size of the second; its channels are cut before.
  fileprivate func crop() throws -> Network.Operation {
    guard has("crop_param") else { return .crop }
    let (first, offsets) = try cropOffsets()
    // Pictures are not cut apart, and rows are cut with the columns.
    guard first < 3, first > 0 || offsets.first ?? 0 == 0 else {
      return gap("cuts from axis \(first) on; the book cuts from axis 1, 2 or -2 on")
    }
    let offset = offsets.suffix(2)
    return .crop(offset: Size(height: offset.first ?? 0, width: offset.last ?? 0))
  }

  /// From which channel on a crop keeps those that its second blob has; nil if it keeps all.
  func firstChannelOfCrop() throws -> Int? {
    guard type == "Crop", has("crop_param") else { return nil }
    let (first, offsets) = try cropOffsets()
    guard first < 2 else { return nil }
    return offsets.count > 1 ? offsets[1 - first] : offsets.first ?? 0
  }

  /// The axis from which on a crop cuts, and where it begins, once for all axes or for each.
  private func cropOffsets() throws -> (first: Int, offsets: [Int]) {
    let part = try parameters("crop_param", knowing: ["axis", "offset"])
    let axis = try part.wholeNumber("axis", in: -4...3) ?? 2
    var offsets: [Int] = []
    for field in part.all("offset").prefix(5) {
      offsets.append(try field.wholeNumber(in: 0...Network.mostExtent))
    }
    let first = axis < 0 ? axis + 4 : axis
    guard offsets.count <= 1 || offsets.count == 4 - first else {
      throw TextProblem(
        "\(name) has \(counted(offsets.count, "offset")); there must be one, or one for each of the \(4 - first) "
          + "axes from axis \(first) on", at: part.place)
    }
    return (first, offsets)
  }

  /// Several blobs cell by cell.
  fileprivate func sumOrProduct(of count: Int) throws -> Network.Operation {
    let part = try parameters(
      "eltwise_param", knowing: ["operation", "coeff", "stable_prod_grad"])
    let operation = try part.word("operation") ?? "SUM"
    var coefficients: [Double] = []
    for field in part.all("coeff").prefix(4097) { coefficients.append(try field.number()) }
    guard coefficients.isEmpty || coefficients.count == count else {
      throw TextProblem(
        "\(name) has \(counted(coefficients.count, "coefficient")) for \(count) blobs",
        at: part.place)
    }
    switch operation {
    case "SUM", "1":
      return .sum(coefficients: coefficients.allSatisfy { $0 == 1 } ? [] : coefficients)
    case "PROD", "0": return .product
    case "MAX", "2": return .maximum
    default:
      throw TextProblem(
        "\(name): operation is \(operation.printable); it must be PROD, SUM or MAX",
        at: try part.one("operation")?.place ?? place)
    }
  }

  /// Each channel times a number that was learned; or one blob times another.
  fileprivate func scale(by count: Int) throws -> Network.Operation {
    let part = try parameters(
      "scale_param",
      knowing: ["axis", "num_axes", "filler", "bias_term", "bias_filler"])
    let bias = try part.flag("bias_term", or: false)
    let axis = try part.wholeNumber("axis", in: -4...3) ?? 1
    if count == 2 {
      return bias || axis > 1
        ? gap("has two blobs with a bias, or along an axis; the book has their product") : .product
    }
    let axes = try part.wholeNumber("num_axes", in: -1...4) ?? 1
    guard axis == 1 || axis == -3, axes == 1 else {
      return gap("has axis \(axis), \(axes) axes; the book has one number for each channel, axis 1")
    }
    return .affine(weight: true, bias: bias)
  }

  /// The same numbers in another shape, as long as the book's layers read them in the same order.
  fileprivate func reshape(of shape: MapShape?, isFlat: Bool) throws -> Network.Operation? {
    let part = try parameters("reshape_param", knowing: ["shape", "axis", "num_axes"])
    let target = try part.part("shape", knowing: ["dim"])
    var extents: [Int] = []
    for field in target.all("dim").prefix(33) {
      extents.append(try field.wholeNumber(in: -1...1_000_000_000))
    }
    let axis = try part.wholeNumber("axis", in: -33...32) ?? 0
    guard [0, 1].contains(axis), !part.has("num_axes") else {
      return gap("reshapes some of the axes; the book has all of them, or all but the batch")
    }
    guard let shape else { return nil }
    let count = shape.channels * shape.size.area
    let old = isFlat ? [1, count] : [1, shape.channels, shape.size.height, shape.size.width]
    var new = (axis == 1 ? [1] : []) + extents
    for (index, extent) in new.enumerated() where extent == 0 && index < old.count {
      new[index] = old[index]
    }
    // Of the batch this file may say more than it must.
    if new.count > 1, new[0] != -1 { new[0] = 1 }
    if let free = new.firstIndex(of: -1) {
      let rest = new.filter { $0 > 0 }.reduce(1) {
        $0.multipliedReportingOverflow(by: $1).partialValue
      }
      new[free] = rest > 0 && count % rest == 0 ? count / rest : 0
    }
    if new == [1, shape.channels, shape.size.height, shape.size.width] {
      return .identity("reshape")
    }
    let isRow = new.count > 1 && new[1] == count && new.dropFirst(2).allSatisfy { $0 == 1 }
    return isRow
      ? .identity("flatten")
      : gap(
        "makes \(Shape.text(new, "(", ")")) of it; the book lays maps out in one row, or leaves them"
      )
  }

  /// DeepLab's resampling: the outermost cells stay outermost.
  fileprivate func interpolation(of shape: MapShape?) throws -> Network.Operation? {
    let part = try parameters(
      "interp_param",
      knowing: ["height", "width", "zoom_factor", "shrink_factor", "pad_beg", "pad_end"])
    let range = 1...Network.mostExtent
    for field in ["pad_beg", "pad_end", "shrink_factor"] where part.has(field) {
      return gap("has \(field); the book has height and width, or zoom_factor")
    }
    guard let shape else { return nil }
    var size = shape.size
    if let height = try part.wholeNumber("height", in: range),
      let width = try part.wholeNumber("width", in: range)
    {
      size = Size(height: height, width: width)
    } else if let zoom = try part.wholeNumber("zoom_factor", in: 1...1024) {
      size = Size(
        height: size.height + (size.height - 1) * (zoom - 1),
        width: size.width + (size.width - 1) * (zoom - 1))
    } else {
      return gap("has neither height and width nor zoom_factor; the book has one of the two")
    }
    return try placed { try .resize(Network.Resize(.size(size), .bilinear, .alignedCorners)) }
  }

  /// What a layer is called that the book does not have; of a layer in Python its class.
  fileprivate func unknownName() throws(TextProblem) -> String {
    guard type == "Python" else { return type }
    let part = try parameters("python_param", knowing: [])
    return try part.one("layer").map { (field) throws(TextProblem) in
      "Python \(try CaffeLayer.name(field))"
    } ?? type
  }
}
