import Tensors

/// The kinds of layers, and what each may be told.
enum TextKind: String, CaseIterable {
  case input, conv, convT, max, avg, fc
  case relu, relu6, leaky, prelu, clip, elu, sigmoid, tanh, hardsigmoid, hardswish, silu, gelu
  case softplus, abs, exp, log, softmax
  case bn, affine, lrn, drop, scale, power
  case up, crop, cut, pad, channels, shuffle, flatten
  case add, mul, maximum, cat

  /// The options that it takes: letters before a number, or whole words.
  var options: [String] {
    switch self {
    case .conv: ["k", "s", "p", "d", "g", "same", "same-upper", "same-lower", "valid", "nobias"]
    case .convT: ["k", "s", "p", "d", "g", "op", "nobias"]
    case .max: ["k", "s", "p", "d", "ceil", "caffe", "global", "same-upper", "same-lower"]
    case .avg: ["k", "s", "p", "ceil", "caffe", "global", "nopad", "same-upper", "same-lower"]
    case .fc, .affine: ["nobias"]
    case .up: ["bilinear", "nearest", "align"]
    case .prelu: ["shared"]
    case .pad: ["p", "reflect", "edge"]
    case .crop: ["center"]
    default: []
    }
  }

  /// What its first bare number says; nil if it takes none.
  var number: String? {
    switch self {
    case .conv, .convT, .fc: "how many output channels"
    case .drop: "the probability"
    case .scale: "the factor"
    case .leaky: "the slope below 0"
    case .clip: "the least and the most"
    case .elu: "the depth below 0"
    case .hardsigmoid: "the slope, and the value at 0"
    case .bn: "what is added to the variance"
    case .power: "the exponent, and perhaps a factor and what is added, of x before"
    case .pad: "the value around"
    case .shuffle: "how many groups"
    case .lrn: "over how many channels"
    case .up: "how many times larger"
    case .input: "how many channels"
    default: nil
    }
  }

  /// How many bare numbers it takes at most.
  var numbers: Int {
    switch self {
    case .lrn, .power: 3
    case .clip, .hardsigmoid: 2
    default: number == nil ? 0 : 1
    }
  }

  /// How many streams it reads.
  var inputs: ClosedRange<Int> {
    switch self {
    case .input: 0...0
    case .add, .mul, .maximum, .cat: 2...64
    case .crop: 2...2
    default: 1...1
    }
  }

  /// The kind of a word, and whether it is along one axis.
  static func of(_ word: TextWord) throws(NetworkTextError) -> (kind: TextKind, isLine: Bool?) {
    var text = word.text
    var isLine: Bool?
    for (suffix, line) in [("1d", true), ("2d", false)] where text.lowercased().hasSuffix(suffix) {
      (text, isLine) = (String(text.dropLast(2)), line)
    }
    if let kind = allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) {
      guard isLine == nil || [.conv, .convT, .max, .avg].contains(kind) else {
        throw word.error(
          "\(kind.rawValue) is the same along one axis and two; leave out the ending")
      }
      return (kind, isLine)
    }
    let known = [
      "concat": "cat", "concatenate": "cat", "sum": "add", "maxpool": "max", "avgpool": "avg",
      "deconv": "convT", "convtranspose": "convT", "dropout": "drop", "linear": "fc",
      "dense": "fc", "upsample": "up", "resize": "up", "batchnorm": "bn", "pool": "max",
      "leakyrelu": "leaky", "multiply": "mul", "swish": "silu", "clamp": "clip", "slice": "cut",
      "split": "channels", "reshape": "flatten", "eltwise": "add",
    ]
    let near =
      known[text.lowercased()] ?? nearest(to: text, among: allCases.map { $0.rawValue })
    throw word.error(
      "there is no layer \"\(word.text)\"; "
        + (near.map { "did you mean \($0)?" }
          ?? "it must be one of \(allCases.map { $0.rawValue }.joined(separator: ", "))"))
  }
}
