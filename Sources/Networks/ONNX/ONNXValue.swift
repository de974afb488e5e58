internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors

/// What a name of an ONNX graph stands for.
enum ONNXValue {
  /// The maps of a layer, in some shape.
  case maps(ONNXMaps)
  /// Numbers that are known without a picture.
  case constant(ONNXConstant)
  /// Numbers that nobody here can compute, and why.
  case lost(ONNXGap)
}

/// Maps of a layer as a file has them: in which shape, and in which order.
struct ONNXMaps {
  let layer: String
  /// nil behind an operator that is unknown.
  let shape: MapShape?
  var batch: Int
  /// The extents that the file's operators see.
  var extents: [Int]
  /// Whether the channels come last, behind height and width.
  var isChannelsLast = false

  /// What an axis of a map is.
  enum Role { case batch, channel, height, width }

  /// What each of the extents is: nil for one of a single cell that is none of the four. No roles are
  /// known of maps that were flattened or cut up.
  var roles: [Role?]? {
    guard let shape else { return nil }
    var axes: [(role: Role, extent: Int)] = [
      (.batch, batch), (.channel, shape.channels), (.height, shape.size.height),
      (.width, shape.size.width),
    ]
    if isChannelsLast { axes.append(axes.remove(at: 1)) }
    if extents.count == 3, shape.size.height == 1 { axes.removeAll { $0.role == .height } }
    var roles: [Role?] = []
    var rest = axes[...]
    for extent in extents {
      while let axis = rest.first, axis.extent != extent, axis.extent == 1 { rest.removeFirst() }
      if let axis = rest.first, axis.extent == extent {
        roles.append(axis.role)
        rest.removeFirst()
      } else if extent == 1 {
        roles.append(nil)
      } else {
        return nil
      }
    }
    return rest.allSatisfy { $0.extent == 1 } ? roles : nil
  }

  /// The number of spatial axes of (batch, channels, height, width) or (batch, channels, length); nil in
  /// any other shape. Where nothing is known of the maps it is what the file's operator says.
  func spatialRank(expected: Int) -> Int? {
    guard let shape else { return expected }
    guard !isChannelsLast || shape.channels == 1 else { return nil }
    switch extents {
    case [batch, shape.channels, shape.size.height, shape.size.width]: return 2
    case [batch, shape.channels, shape.size.width] where shape.size.height == 1: return 1
    default: return nil
    }
  }

  /// What an axis is; axes below 0 are counted from the end.
  func role(_ axis: Int) -> Role? {
    let axis = axis < 0 ? axis + extents.count : axis
    guard let roles, roles.indices.contains(axis) else { return nil }
    return roles[axis]
  }

  /// What an axis is, in words.
  func name(ofAxis place: Int) -> String {
    switch role(place) {
    case .batch: "the batch"
    case .channel: "the channels"
    case .height: "the rows"
    case .width: "the columns"
    case nil: "which is none of batch, channels, rows and columns"
    }
  }

  /// Refuses maps whose cells could not be counted.
  func checked() throws(GeometryError) -> ONNXMaps {
    guard let shape else { return self }
    var cells = 1
    for extent in [batch, shape.channels, shape.size.height, shape.size.width] {
      let (product, overflows) = cells.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= 1 << 48 else {
        throw GeometryError(
          "\(layer): \(batch) times \(shape) cells are more than are computed with")
      }
      cells = product
    }
    return self
  }

  /// The maps, and the extents that operators see: `8×4×4`, or `8×4×4 as (1, 128)`.
  var text: String {
    guard let shape else { return "maps that are not known" }
    let usual = [batch, shape.channels, shape.size.height, shape.size.width]
    return extents == usual && !isChannelsLast
      ? "\(shape)" : "\(shape) as \(Shape.text(extents, "(", ")"))"
  }

  /// Whether the channels are all there is: one cell for each.
  var isVector: Bool { shape?.size.area == 1 }
}
