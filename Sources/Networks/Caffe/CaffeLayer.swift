internal import Interchange
internal import Tensors
internal import WeightFiles

/// One layer of a Caffe net, of either generation, as the file says it.
struct CaffeLayer {
  /// The name; where the file gives none, the first top's, or the type with a number.
  let name: String
  /// The type's name as the second generation writes it: `InnerProduct`.
  let type: String
  /// The blobs that it reads and makes, with the place of each name.
  let bottoms: [(name: String, place: TextPlace)]
  let tops: [(name: String, place: TextPlace)]
  /// Where the layer begins.
  let place: TextPlace
  private let message: TextMessage.Part

  /// - Parameter number: which layer of the file it is, from 1.
  init(_ field: TextMessage.Field, number: Int) throws(TextProblem) {
    // The parameters of all the dialects have names that are near each other.
    var known = Self.fields
    if case .message(let all) = field.value {
      known += all.fields.map(\.name).filter { $0.hasSuffix("_param") }
    }
    message = try field.part(knowing: known)
    place = field.place
    if message.has("layer") {
      throw TextProblem(
        "layers { layer { … } } is Caffe's form of before 2014; upgrade_net_proto_text, which "
          + "comes with Caffe, writes it anew", at: place)
    }
    bottoms = try Self.names(message, "bottom")
    tops = try Self.names(message, "top")
    guard let stated = try message.one("type") else {
      throw TextProblem("the layer has no type, as in type: \"Convolution\"", at: place)
    }
    // A text in quotes since 2014, a word before; each is met in files of the other.
    let word =
      if case .text(let text) = stated.value { text } else { try stated.word() }
    type = Self.type(word)
    guard type.count <= 120, type.printable == type else {
      throw TextProblem("\(type.printable) is no type of a layer", at: stated.place)
    }
    name =
      if let field = try message.one("name") { try Self.name(field) } else {
        tops.first?.name ?? "\(type)\(number)"
      }
  }

  /// The names of the bottoms or tops, at most 4096.
  private static func names(
    _ message: TextMessage.Part, _ field: String
  ) throws(TextProblem) -> [(name: String, place: TextPlace)] {
    let fields = message.all(field)
    guard fields.count <= 4096 else {
      throw TextProblem("a layer has more than 4096 of \(field)", at: fields[4096].place)
    }
    var names: [(name: String, place: TextPlace)] = []
    for value in fields { names.append((try name(value), value.place)) }
    return names
  }

  /// A name as it may be shown.
  static func name(_ field: TextMessage.Field) throws(TextProblem) -> String {
    let name = try field.text()
    guard (1...256).contains(name.count), name.visible == name else {
      throw TextProblem(
        "\"\(name.printable)\" is no name; it must have from 1 to 256 letters, and no control "
          + "characters", at: field.place)
    }
    return name
  }

  /// The message of a layer's numbers: `convolution_param`.
  func parameters(
    _ name: String, knowing fields: [String]
  ) throws(TextProblem) -> TextMessage.Part {
    try message.part(name, knowing: fields)
  }

  func has(_ field: String) -> Bool { message.has(field) }

  /// Fields in the message of the layer's numbers that are none of Caffe's, nor of the dialects that are
  /// read: `convolution_param.scale_train`. What they change nobody knows.
  func unreadFields() throws(TextProblem) -> [String] {
    var unread: [String] = []
    for (name, known) in Self.knownFields where message.has(name) {
      for field in try message.part(name, knowing: []).names
      where !known.contains(field) && !field.hasSuffix("filler") {
        unread.append("\(name.printable).\(field.printable)")
      }
    }
    return unread.sorted()
  }

  /// The fields of the messages whose numbers are read, as far as they are read or change no number.
  private static let knownFields: [String: Set<String>] = [
    "convolution_param": [
      "num_output", "bias_term", "pad", "kernel_size", "dilation", "pad_h", "pad_w", "kernel_h",
      "kernel_w", "stride", "stride_h", "stride_w", "group", "engine", "axis", "force_nd_im2col",
      "hole", "hole_h", "hole_w", "cudnn_convolution_algo_seeker",
    ],
    "pooling_param": [
      "pool", "pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "stride", "stride_h",
      "stride_w", "engine", "global_pooling", "round_mode", "ceil_mode",
    ],
    "inner_product_param": ["num_output", "bias_term", "axis", "transpose"],
    "eltwise_param": ["operation", "coeff", "stable_prod_grad"],
    "crop_param": ["axis", "offset"],
    "batch_norm_param": ["use_global_stats", "moving_average_fraction", "eps"],
    "bn_param": ["eps", "momentum", "frozen", "engine", "moving_average", "icnet"],
    "dropout_param": ["dropout_ratio", "scale_train", "engine"],
    "relu_param": ["negative_slope", "engine"], "prelu_param": ["channel_shared"],
    "elu_param": ["alpha"], "clip_param": ["min", "max"], "swish_param": ["beta"],
    "exp_param": ["base", "scale", "shift"], "log_param": ["base", "scale", "shift"],
    "power_param": ["power", "scale", "shift"], "sigmoid_param": ["engine"],
    "tanh_param": ["engine"], "softmax_param": ["engine", "axis"],
    "scale_param": ["axis", "num_axes", "bias_term"], "bias_param": ["axis", "num_axes"],
    "concat_param": ["axis", "concat_dim"], "slice_param": ["axis", "slice_dim", "slice_point"],
    "flatten_param": ["axis", "end_axis"], "reshape_param": ["shape", "axis", "num_axes"],
    "lrn_param": ["local_size", "alpha", "beta", "norm_region", "k", "engine"],
    "interp_param": [
      "height", "width", "zoom_factor", "shrink_factor", "pad_beg", "pad_end",
    ],
    "shuffle_channel_param": ["group"],
  ]

  /// The values of a field of the layer itself.
  func fields(_ name: String) -> [TextMessage.Field] { message.all(name) }

  /// The fields of a layer.
  private static let fields = [
    "name", "type", "bottom", "top", "include", "exclude", "param", "phase", "loss_weight", "blobs",
    "propagate_down", "blobs_lr", "weight_decay", "blob_share_mode", "layer", "convolution_param",
    "pooling_param", "inner_product_param", "eltwise_param", "crop_param", "transform_param",
    "input_param", "batch_norm_param", "dropout_param", "relu_param", "scale_param",
    "concat_param", "reshape_param",
  ]
}

// MARK: Types

extension CaffeLayer {
  /// The types of the second generation that the first had, by what the first called them.
  private static let firstTypes: [String: String] = {
    let same = [
      "AbsVal", "Accuracy", "ArgMax", "BNLL", "Concat", "ContrastiveLoss", "Convolution", "Crop",
      "Data", "Deconvolution", "Dropout", "DummyData", "EuclideanLoss", "Eltwise", "Exp",
      "Flatten", "HDF5Data", "HDF5Output", "HingeLoss", "Im2col", "ImageData", "InfogainLoss",
      "InnerProduct", "LRN", "MemoryData", "MultinomialLogisticLoss", "MVN", "Pooling", "Power",
      "PReLU", "ReLU", "Sigmoid", "SigmoidCrossEntropyLoss", "Silence", "Slice", "Softmax",
      "Split", "TanH", "Threshold", "WindowData", "BN", "Upsample", "Reshape", "Python",
    ]
    var types = ["SOFTMAXLOSS": "SoftmaxWithLoss"]
    for type in same { types[type.uppercased()] = type }
    return types
  }()

  private static func type(_ word: String) -> String {
    guard word == word.uppercased() else { return word }
    return firstTypes[word.filter { $0 != "_" }] ?? word
  }
}

// MARK: Phases

/// Which net of a file is meant: a file may hold that which is trained and that which is tested.
public enum CaffePhase: String, CaseIterable, Sendable {
  case train, test
}

/// What the layers' rules of inclusion are held against.
struct CaffeState {
  var phase: CaffePhase
  var level = 0
  var stages: Set<String> = []
}

extension CaffeLayer {
  private static let ruleFields = ["phase", "min_level", "max_level", "stage", "not_stage"]

  /// The rules of one kind: `include` or `exclude`.
  private func rules(_ kind: String) throws(TextProblem) -> [TextMessage.Part] {
    var rules: [TextMessage.Part] = []
    for field in message.all(kind) { rules.append(try field.part(knowing: Self.ruleFields)) }
    return rules
  }

  /// The stages for which a layer's rules ask.
  func stages() throws(TextProblem) -> Set<String> {
    var stages: Set<String> = []
    for rule in try rules("include") {
      for field in rule.all("stage") { stages.insert(try field.text()) }
    }
    return stages
  }

  /// Whether the layer belongs to the net of this state: if one of its include rules is met, or, if it
  /// has none, no exclude rule is.
  func belongs(to state: CaffeState) throws(TextProblem) -> Bool {
    let (included, excluded) = (try rules("include"), try rules("exclude"))
    guard included.isEmpty || excluded.isEmpty else {
      throw TextProblem(
        "\(name) has rules of both kinds, include and exclude; Caffe allows one kind", at: place)
    }
    for rule in included where try Self.isMet(rule, by: state) { return true }
    for rule in excluded where try Self.isMet(rule, by: state) { return false }
    return included.isEmpty
  }

  private static func isMet(
    _ rule: TextMessage.Part, by state: CaffeState
  ) throws(TextProblem) -> Bool {
    if let field = try rule.one("phase"), try phase(field) != state.phase { return false }
    let levels = Int(Int32.min)...Int(Int32.max)
    if let least = try rule.wholeNumber("min_level", in: levels), state.level < least {
      return false
    }
    if let most = try rule.wholeNumber("max_level", in: levels), state.level > most { return false }
    for field in rule.all("stage") where !state.stages.contains(try field.text()) { return false }
    for field in rule.all("not_stage") where state.stages.contains(try field.text()) {
      return false
    }
    return true
  }

  static func phase(_ field: TextMessage.Field) throws(TextProblem) -> CaffePhase {
    switch try field.word() {
    case "TRAIN", "0": return .train
    case "TEST", "1": return .test
    case let word:
      throw TextProblem("the phase is \(word.printable); it must be TRAIN or TEST", at: field.place)
    }
  }
}
