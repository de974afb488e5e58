import ConvolutionArithmetic
import Tensors

/// One word of a text and where it stands.
struct TextWord {
  let text: String
  let line: Int
  let column: Int

  /// A comma behind a word is none of it.
  init(_ text: String, line: Int, column: Int) throws(NetworkTextError) {
    self.text = text.count > 1 && text.hasSuffix(",") ? String(text.dropLast()) : text
    (self.line, self.column) = (line, column)
    guard text.utf8.count <= Self.longest else {
      throw error("a word has \(text.count) letters; \(Self.longest) are enough")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    else {
      throw error("there is a control character in a word")
    }
  }

  private static let longest = 256

  func error(_ message: String) -> NetworkTextError {
    NetworkTextError(line: line, column: column, message: message)
  }

  /// What `make` makes; if that can't be made, this word is to blame.
  func blaming<Made>(
    _ make: () throws(GeometryError) -> Made
  ) throws(NetworkTextError) -> Made {
    do throws(GeometryError) { return try make() } catch { throw self.error("\(error)") }
  }
}

/// One layer as it is written: `name = kind words`.
struct TextStatement {
  let name: TextWord?
  let kind: TextWord
  let words: [TextWord]

  /// The statements of a text.
  static func all(_ text: String) throws(NetworkTextError) -> [TextStatement] {
    guard text.utf8.count <= 1 << 20 else {
      throw NetworkTextError(
        line: 1, column: 1, message: "the text is longer than a million letters")
    }
    var statements: [TextStatement] = []
    // Editors put a mark of the byte order before the text.
    let text = text.first == "\u{FEFF}" ? text.dropFirst() : text[...]
    for (number, line) in text.split(
      omittingEmptySubsequences: false, whereSeparator: { $0.isNewline }
    )
    .enumerated() {
      var words: [TextWord] = []
      var (current, start) = ("", 0)
      // Behind the last letter every word and the statement end.
      for (column, character) in (line.prefix { $0 != "#" } + ";").enumerated() {
        if character == ";" || character == "=" || character.isWhitespace {
          if !current.isEmpty {
            words.append(try TextWord(current, line: number + 1, column: start + 1))
          }
          current = ""
          if character == "=" {
            words.append(try TextWord("=", line: number + 1, column: column + 1))
          }
          if character == ";", !words.isEmpty {
            statements.append(try TextStatement(words))
            words = []
          }
        } else {
          if current.isEmpty { start = column }
          current.append(character)
        }
      }
    }
    return statements
  }

  private init(_ words: [TextWord]) throws(NetworkTextError) {
    let equals = words.indices.filter { words[$0].text == "=" }
    if let wrong = equals.first(where: { $0 != 1 }) {
      throw words[wrong].error("= stands between one name and its layer, as in a = conv 64 k3")
    }
    let rest = equals.isEmpty ? words[...] : words[2...]
    guard let kind = rest.first else {
      throw words[1].error("behind = a layer is missing, as in \(words[0].text) = conv 64 k3")
    }
    (name, self.kind, self.words) = (equals.isEmpty ? nil : words[0], kind, Array(rest.dropFirst()))
  }
}

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

  /// What each of its bare numbers says.
  var numbers: [String] {
    switch self {
    case .conv, .convT, .fc: ["how many output channels"]
    case .drop: ["the probability"]
    case .scale: ["the factor"]
    case .leaky: ["the slope below 0"]
    case .clip: ["the least", "the most"]
    case .elu: ["the depth below 0"]
    case .hardsigmoid: ["the slope", "the value at 0"]
    case .bn: ["what is added to the variance"]
    case .power: ["the exponent", "the factor of x before", "what is added to x before"]
    case .pad: ["the value around"]
    case .shuffle: ["how many groups"]
    case .lrn: ["over how many channels", "alpha", "beta"]
    case .up: ["how many times larger"]
    case .input: ["how many channels"]
    default: []
    }
  }

  /// Numbers that go behind it.
  var example: String {
    switch self {
    case .conv, .convT: "64 k3"
    case .fc: "10"
    case .clip: "0 6"
    default: "2"
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
