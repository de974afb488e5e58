internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// The window of a convolution or a pool as a node describes it, along one axis or two.
struct SlidingWindow {
  let kernel: [Int]
  let maps: ONNXMaps

  /// Numbers of an attribute, one for each axis.
  private func numbers(
    _ node: ONNXNode, _ attribute: String, usual: Int, perAxis: Int = 1
  ) throws(InterchangeError) -> [Int] {
    let count = kernel.count * perAxis
    guard let numbers = try node.ints(attribute) else {
      return Array(repeating: usual, count: count)
    }
    guard numbers.count == count else {
      throw InterchangeError(
        "\(node.subject) has \(attribute) \(Shape.text(numbers)), expected \(counted(count, "number")) for "
          + "\(counted(kernel.count, "axis", "axes"))")
    }
    return numbers
  }

  /// The windows of the axes, those downwards first, from the last axis back; `make` is told which axis,
  /// and the extent that it reads.
  private func both(
    _ make: (Int, Int?) throws -> Window
  ) throws -> (rows: Window, columns: Window) {
    let columns = try make(kernel.count - 1, maps.shape?.size.width)
    let rows = try kernel.count == 2 ? make(0, maps.shape?.size.height) : nil
    if let rows { return (rows, columns) }
    // One cell high, read the same way.
    let single = try Window(kernelSize: 1)
    return (
      columns.isTransposed ? try single.transposed() : single.rounding(columns.rounding), columns
    )
  }

  private func rule(_ node: ONNXNode) throws(InterchangeError) -> PaddingRule? {
    switch try node.text("auto_pad") ?? "NOTSET" {
    case "NOTSET", "": return nil
    case "SAME_UPPER": return .sameUpper
    case "SAME_LOWER": return .sameLower
    case "VALID": return .valid
    case let other:
      throw InterchangeError(
        "\(node.subject) has auto_pad \(other.printable), expected NOTSET, SAME_UPPER, SAME_LOWER or VALID"
      )
    }
  }

  /// The windows; nil where the padding depends on a size that is not known.
  func sliding(
    _ x: ONNXArguments, rounding: Rounding
  ) throws -> (rows: Window, columns: Window)? {
    let node = x.node
    let rule = try rule(node)
    if rule == .sameUpper || rule == .sameLower, maps.shape == nil { return nil }
    let strides = try numbers(node, "strides", usual: 1)
    let dilations = try numbers(node, "dilations", usual: 1)
    let pads = try numbers(node, "pads", usual: 0, perAxis: 2)
    return try naming(node) {
      try both { axis, extent in
        let window = try Window(
          kernelSize: kernel[axis], stride: strides[axis], dilation: dilations[axis],
          paddingBefore: rule == nil ? pads[axis] : 0,
          paddingAfter: rule == nil ? pads[axis + kernel.count] : 0, rounding: rounding)
        guard let rule, rule != .valid, let extent else { return window }
        return try window.padded(by: rule, input: extent)
      }
    }
  }

  /// The windows of a transposed convolution; nil where they depend on a size that is not known.
  func transposed(_ x: ONNXArguments) throws -> (rows: Window, columns: Window)? {
    let node = x.node
    let rule = try rule(node)
    let strides = try numbers(node, "strides", usual: 1)
    let dilations = try numbers(node, "dilations", usual: 1)
    let pads = try numbers(node, "pads", usual: 0, perAxis: 2)
    let extra = try numbers(node, "output_padding", usual: 0)
    let wanted = try node.ints("output_shape").map { Array($0.suffix(kernel.count)) }
    if let wanted, wanted.count < kernel.count {
      throw InterchangeError(
        "\(node.subject) has an output_shape of \(counted(wanted.count, "extent"))")
    }
    if let extent = wanted?.first(where: { !(1...largestExtent).contains($0) }) {
      throw InterchangeError(
        "\(node.subject) has an output_shape with the extent \(extent); each must be from 1 to "
          + "\(largestExtent)")
    }
    if wanted != nil, maps.shape == nil { return nil }
    return try naming(node) {
      try both { axis, extent in
        let bare = try Window(
          kernelSize: kernel[axis], stride: strides[axis], dilation: dilations[axis])
        if let wanted, let extent {
          // What the stamps do not reach is output padding.
          let reach = try bare.transposed(outputPadding: extra[axis]).outputSize(input: extent)
          return try bare.transposed(
            restoring: wanted[axis], from: extent, by: rule == .sameUpper ? .sameUpper : .sameLower,
            outputPadding: extra[axis] + max(0, wanted[axis] - reach))
        }
        if let rule, rule != .valid {
          return try bare.transposed(by: rule, outputPadding: extra[axis])
        }
        return try bare.padded(
          before: rule == nil ? pads[axis] : 0,
          after: rule == nil ? pads[axis + kernel.count] : 0
        ).transposed(outputPadding: extra[axis])
      }
    }
  }

  private func naming<Made>(_ node: ONNXNode, _ make: () throws -> Made) throws -> Made {
    do { return try make() } catch let error as GeometryError {
      throw GeometryError("\(node.subject): \(error)")
    }
  }
}

extension SlidingWindow {
  /// Refuses a window of other axes than the maps have, or of more than the book has.
  static func checkAxes(
    _ count: Int, of maps: ONNXMaps, _ what: String, _ x: ONNXArguments
  ) throws {
    guard maps.shape == nil || maps.extents.count == count + 2 else {
      throw InterchangeError(
        "\(x.node.subject) has \(what), which is for \(counted(count, "axis", "axes")), and reads "
          + "\(Shape.text(maps.extents, "(", ")")), which has \(maps.extents.count - 2) behind batch and channels"
      )
    }
    guard (1...2).contains(count) else {
      throw x.gap("has \(what), along \(count) axes; the book has windows along one and two")
    }
  }
}

/// The window of a convolution with its weights.
struct KernelWindow {
  let maps: ONNXMaps
  let weight: WeightEntry
  let groups: Int
  private let window: SlidingWindow

  var rank: Int { window.kernel.count }

  /// nil if the weights are not known, or the maps are in no shape for it.
  init?(_ x: ONNXArguments) throws {
    guard let maps = x.maps(0) else { return nil }
    guard let constant = x.constant(1) else {
      throw x.gap(
        "has weights that are computed from the picture; the book has weights that are known")
    }
    let weight = constant.entry()
    guard constant.extents.count >= 3 else {
      throw InterchangeError(
        "\(x.node.subject) has weights \(weight.shape), expected outputs, inputs and a kernel")
    }
    let kernel = Array(constant.extents[2...])
    try SlidingWindow.checkAxes(kernel.count, of: maps, "weights \(weight.shape)", x)
    if let stated = try x.node.ints("kernel_shape"), stated != kernel {
      throw InterchangeError(
        "\(x.node.subject) has kernel_shape \(Shape.text(stated)), and its weights are \(weight.shape)"
      )
    }
    groups = try x.node.int("group") ?? 1
    guard (1...Network.mostChannels).contains(groups), weight.shape.count > 0 else {
      throw InterchangeError(
        "\(x.node.subject) has \(counted(groups, "group")) and weights \(weight.shape), which is no convolution"
      )
    }
    guard maps.spatialRank(expected: kernel.count) == kernel.count else { return nil }
    (self.maps, self.weight) = (maps, weight)
    window = SlidingWindow(kernel: kernel, maps: maps)
  }

  func sliding(_ x: ONNXArguments) throws -> (rows: Window, columns: Window)? {
    try window.sliding(x, rounding: .floor)
  }

  func transposed(_ x: ONNXArguments) throws -> (rows: Window, columns: Window)? {
    try window.transposed(x)
  }
}
