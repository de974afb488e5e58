internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// What a file tells of the shape of what comes into its net.
struct CaffePicture {
  /// nil if the file does not tell.
  var channels: Int?
  var size: Size?
  /// Whether it can be maps: a batch of two or four axes.
  var isMaps = true

  /// The blob of these extents, the batch first; nil if the file tells none.
  init(shape: [Int]?) {
    guard let shape else { return }
    isMaps = shape.count == 4 || shape.count == 2
    guard isMaps else { return }
    channels = shape[1]
    size = shape.count == 4 ? Size(height: shape[2], width: shape[3]) : 1
  }

  /// One of the blobs of a layer that reads nothing.
  init(_ layer: CaffeLayer, top index: Int) throws(TextProblem) {
    switch layer.type {
    case "Input":
      let shapes = try layer.parameters("input_param", knowing: ["shape"]).all("shape")
      self.init(shape: try Self.choose(shapes, index).map(Self.shape))
    case "DummyData":
      let part = try layer.parameters(
        "dummy_data_param",
        knowing: ["shape", "num", "channels", "height", "width", "data_filler"])
      if let shape = Self.choose(part.all("shape"), index) {
        self.init(shape: try Self.shape(shape))
      } else {
        var extents: [TextMessage.Field] = []
        for name in ["num", "channels", "height", "width"] {
          if let extent = Self.choose(part.all(name), index) { extents.append(extent) }
        }
        self.init(shape: extents.count == 4 ? try Self.extents(extents) : nil)
      }
    default:
      self.init(shape: nil)
      try readData(layer)
    }
  }

  /// What the layers tell that read files.
  private mutating func readData(_ layer: CaffeLayer) throws(TextProblem) {
    let extents = 1...Network.mostExtent
    let transform = try layer.parameters(
      "transform_param", knowing: ["crop_size", "mean_value", "mean_file", "scale", "mirror"])
    if transform.all("mean_value").count > 1 { channels = transform.all("mean_value").count }
    if try transform.flag("force_gray", or: false) { channels = 1 }
    // Each kind of layer has its own numbers, of which these are some.
    for name in ["memory_data_param", "image_data_param", "window_data_param", "data_param"] {
      let part = try layer.parameters(name, knowing: [])
      if name == "memory_data_param" {
        channels = try part.wholeNumber("channels", in: extents) ?? channels
      }
      if try !part.flag("is_color", or: true) { channels = 1 }
      let (down, across) =
        name == "image_data_param" ? ("new_height", "new_width") : ("height", "width")
      if let height = try part.wholeNumber(down, in: 0...Network.mostExtent), height > 0,
        let width = try part.wholeNumber(across, in: extents)
      {
        size = Size(height: height, width: width)
      }
      if let crop = try part.wholeNumber("crop_size", in: 0...Network.mostExtent), crop > 0 {
        size = Size(crop)
      }
    }
    if let crop = try transform.wholeNumber("crop_size", in: 0...Network.mostExtent), crop > 0 {
      size = Size(crop)
    }
  }

  /// The one that is meant for a blob: one for each, or one for all.
  private static func choose(_ fields: [TextMessage.Field], _ index: Int) -> TextMessage.Field? {
    fields.count == 1 ? fields[0] : index < fields.count ? fields[index] : nil
  }

  /// The extents of a `BlobShape`, the batch first.
  static func shape(_ field: TextMessage.Field) throws(TextProblem) -> [Int] {
    try extents(field.part(knowing: ["dim"]).all("dim"))
  }

  static func extents(_ fields: [TextMessage.Field]) throws(TextProblem) -> [Int] {
    var extents: [Int] = []
    for field in fields.prefix(33) {
      extents.append(try field.wholeNumber(in: 1...Network.mostExtent))
    }
    return extents
  }
}
