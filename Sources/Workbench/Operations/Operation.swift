import Tensors

/// The operations that `size`, `solve`, `trace` and `apply` know.
enum Operation: String, CaseIterable {
  case conv
  case convTranspose = "conv-transpose"
  case maxPool = "max-pool"
  case avgPool = "avg-pool"
  case bilinear
  case linear
  case softmax
  case argmax

  /// The operation that was typed as the first operand, under its own name or a framework's.
  ///
  /// - Throws: `ExitStatus` 64 if there is none, or none of `known` has this name.
  init(_ arguments: Arguments, among known: [Operation] = allCases) throws(ExitStatus) {
    let names = known.map(\.rawValue)
    guard let typed = arguments.operands.first else {
      throw .usage("OP is missing; it is \(listed(names))")
    }
    guard let operation = Operation.named(typed)?.operation, known.contains(operation) else {
      let suggestion =
        (Self.advice(for: typed) ?? nearest(to: typed, among: names)).map {
          "; did you mean \($0)?"
        }
        ?? ""
      throw .usage("OP is \"\(typed)\"; it must be \(listed(names))\(suggestion)")
    }
    self = operation
  }

  /// The operation that a name means, and its dimensions where the name tells them.
  ///
  /// People type what they write elsewhere: `Conv2d`, `nn.ConvTranspose1d`, `MaxPooling2D`,
  /// `Deconvolution`.
  static func named(_ typed: String) -> (operation: Operation, dimensions: Int?)? {
    if let own = Operation(rawValue: typed) { return (own, nil) }
    var name = typed.lowercased().split(separator: ".").last.map(String.init) ?? ""
    name.removeAll { $0 == "-" || $0 == "_" }
    var dimensions: Int?
    for count in 1...3 {
      guard let range = name.firstRange(of: "\(count)d") else { continue }
      name.removeSubrange(range)
      dimensions = count
    }
    return frameworkNames[name].map { ($0, dimensions) }
  }

  /// How a layer is asked for that other programs have under a name of its own.
  private static func advice(for typed: String) -> String? {
    let name = typed.lowercased().split(separator: ".").last ?? ""
    let advice = [
      ("adaptiveavg", "avg-pool, with the windows that the sizes give"),
      ("adaptivemax", "max-pool, with the windows that the sizes give"),
      ("globalav", "avg-pool --kernel, as large as the input"),
      ("globalmax", "max-pool --kernel, as large as the input"),
      ("upsampl", "bilinear --scale, or conv-transpose"), ("interpolate", "bilinear --scale"),
      ("resize", "bilinear --scale"), ("depthwise", "conv --groups, as many as channels"),
      ("separable", "conv --groups, and a conv --kernel 1 behind it"),
      ("unpool", "conv-transpose"), ("pool", "max-pool or avg-pool"),
    ]
    return advice.first { name.hasPrefix($0.0) || name.contains($0.0) }?.1
  }

  private static let frameworkNames: [String: Operation] = [
    "conv": .conv, "convolution": .conv, "correlation": .conv, "crosscorrelation": .conv,
    "convtranspose": .convTranspose, "convtransposed": .convTranspose,
    "transposedconv": .convTranspose, "transposedconvolution": .convTranspose,
    "convolutiontranspose": .convTranspose, "deconv": .convTranspose,
    "deconvolution": .convTranspose, "convt": .convTranspose,
    "maxpool": .maxPool, "maxpooling": .maxPool,
    "avgpool": .avgPool, "avgpooling": .avgPool, "averagepool": .avgPool,
    "averagepooling": .avgPool, "meanpool": .avgPool,
    "bilinear": .bilinear, "upsamplingbilinear": .bilinear,
    "linear": .linear, "dense": .linear, "fullyconnected": .linear, "innerproduct": .linear,
    "fc": .linear, "softmax": .softmax, "argmax": .argmax,
  ]

  /// The operations whose window slides over a map.
  static let windowed: [Operation] = [.conv, .convTranspose, .maxPool, .avgPool]

  var isPooling: Bool { self == .maxPool || self == .avgPool }
  var hasWeights: Bool { self == .conv || self == .convTranspose || self == .linear }

  /// The options, among those of the operations, that mean something for this one.
  var optionNames: Set<String> {
    switch self {
    case .conv:
      ["weight", "bias", "kernel", "stride", "dilation", "padding", "groups"]
    case .convTranspose:
      [
        "weight", "bias", "kernel", "stride", "dilation", "padding", "output-padding",
        "output-shape", "groups",
      ]
    case .maxPool:
      ["kernel", "stride", "dilation", "padding", "ceil-mode", "rounding"]
    case .avgPool:
      [
        "kernel", "stride", "dilation", "padding", "ceil-mode", "rounding", "count-include-pad",
      ]
    case .bilinear: ["scale", "align-corners"]
    case .linear: ["weight", "bias"]
    case .softmax, .argmax: ["axis"]
    }
  }

  /// Checks that no option was given that means nothing for this operation.
  ///
  /// - Throws: `ExitStatus` 64 that names the operations the option is for.
  func checkOptions(_ arguments: Arguments) throws(ExitStatus) {
    let all = Set(Operation.allCases.flatMap(\.optionNames))
    for name in arguments.given where all.contains(name) && !optionNames.contains(name) {
      let others = Operation.allCases.filter { $0.optionNames.contains(name) }.map(\.rawValue)
      let last = others.count > 1 ? " and \(others[others.count - 1])" : ""
      let list = others.count > 1 ? others.dropLast().joined(separator: ", ") + last : others[0]
      throw .usage("--\(name) means nothing for \(rawValue); it is for \(list)")
    }
  }
}
