import ConvolutionArithmetic
public import Tensors

/// What is wrong in the text of a network, and where.
public struct NetworkTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line of the text, from 1.
  public let line: Int
  /// The character of the line, from 1.
  public let column: Int
  public let message: String

  /// `line 2, column 8: there is no layer "cnv"; did you mean conv?`
  public var description: String { "line \(line), column \(column): \(message)" }
}

extension Network {
  /// The network that a text describes, and the size of its picture.
  ///
  /// ```swift
  /// let (network, size) = try Network.described(
  ///   by: "conv 64 k4 s2 p1 relu; pool = max k2 s2; conv 1 k3", size: 64)
  /// try network.shapes(input: size).last   // 1×14×14
  /// ```
  ///
  /// The language is told in Docs/Networks.md: one layer for each line or semicolon, each reading the
  /// one before unless it names others.
  ///
  /// - Parameters:
  ///   - name: what the network is called.
  ///   - channels: of the input, instead of what the text says; 3, or 1 along one axis, if nobody does.
  ///   - size: of the input, instead of what the text says.
  /// - Throws: `NetworkTextError`, with the place and where there is one the nearest word.
  public static func described(
    by text: String, name: String = "network", channels: Int? = nil, size: Size? = nil
  ) throws(NetworkTextError) -> (network: Network, size: Size) {
    var reader = NetworkReader(try Statement.all(text), channels: channels, size: size)
    return try reader.network(name)
  }
}

extension Network {
  /// Whether a text describes a network along one axis: whether it has a `conv1d` or one of its kin.
  public static func isOneDimensional(text: String) -> Bool {
    ((try? Statement.all(text)) ?? []).contains { (try? Kind.of($0.kind))?.isLine == true }
  }
}

/// One word of a text and where it stands.
private struct Word {
  let text: String
  let line: Int
  let column: Int

  func error(_ message: String) -> NetworkTextError {
    NetworkTextError(line: line, column: column, message: message)
  }
}

/// One layer as it is written: `name = kind words`.
private struct Statement {
  let name: Word?
  let kind: Word
  let words: [Word]

  /// The statements of a text.
  static func all(_ text: String) throws(NetworkTextError) -> [Statement] {
    guard text.utf8.count <= 1 << 20 else {
      throw NetworkTextError(
        line: 1, column: 1, message: "the text is longer than a million letters")
    }
    var statements: [Statement] = []
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var words: [Word] = []
      var (current, start) = ("", 0)
      // Behind the last letter every word and the statement end.
      for (column, character) in (line.prefix { $0 != "#" } + ";").enumerated() {
        if character == ";" || character == "=" || character.isWhitespace {
          if !current.isEmpty {
            words.append(Word(text: current, line: number + 1, column: start + 1))
          }
          current = ""
          if character == "=" {
            words.append(Word(text: "=", line: number + 1, column: column + 1))
          }
          if character == ";", !words.isEmpty {
            statements.append(try Statement(words))
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

  private init(_ words: [Word]) throws(NetworkTextError) {
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
private enum Kind: String, CaseIterable {
  case input, conv, convT, max, avg, relu, bn, lrn, drop, scale, fc, up, softmax, add, cat, crop

  /// The options that it takes: letters before a number, or whole words.
  var options: [String] {
    switch self {
    case .conv: ["k", "s", "p", "d", "g", "same", "same-upper", "same-lower", "valid", "nobias"]
    case .convT: ["k", "s", "p", "d", "g", "op", "nobias"]
    case .max: ["k", "s", "p", "d", "ceil", "caffe", "global", "same-upper", "same-lower"]
    case .avg: ["k", "s", "p", "ceil", "caffe", "global", "nopad", "same-upper", "same-lower"]
    case .fc: ["nobias"]
    case .up: ["bilinear", "nearest"]
    default: []
    }
  }

  /// What its first bare number says; nil if it takes none.
  var number: String? {
    switch self {
    case .conv, .convT, .fc: "how many output channels"
    case .drop: "the probability"
    case .scale: "the factor"
    case .lrn: "over how many channels"
    case .up: "how many times larger"
    case .input: "how many channels"
    default: nil
    }
  }

  /// How many streams it reads.
  var inputs: ClosedRange<Int> {
    switch self {
    case .input: 0...0
    case .add, .cat: 2...64
    case .crop: 2...2
    default: 1...1
    }
  }

  /// The kind of a word, and whether it is along one axis.
  static func of(_ word: Word) throws(NetworkTextError) -> (kind: Kind, isLine: Bool?) {
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
      "dense": "fc", "upsample": "up", "batchnorm": "bn", "pool": "max",
    ]
    let near =
      known[text.lowercased()] ?? nearest(to: text, among: allCases.map(\.rawValue))
    throw word.error(
      "there is no layer \"\(word.text)\"; "
        + (near.map { "did you mean \($0)?" }
          ?? "it must be one of \(allCases.map(\.rawValue).joined(separator: ", "))"))
  }
}

/// The words of one layer, understood.
private struct Options {
  var numbers: [(word: Word, value: Double)] = []
  var sizes: [String: (word: Word, values: [Int])] = [:]
  var flags: [String: Word] = [:]
  var streams: [Word] = []
  /// For a crop: what it must lie over.
  var reference: Word?
  var repeats = 1
  var relu = false

  func has(_ flag: String) -> Bool { flags[flag] != nil }
}

/// Reads statements into layers.
private struct NetworkReader {
  private let statements: [Statement]
  private let size: Size?
  private let channels: Int?
  private let isLine: Bool
  private let given: Set<String>
  private var statedSize: Size?
  private var layers: [Network.Layer] = []
  /// The channels of every layer.
  private var counts: [String: Int] = [:]
  /// What a name in the text stands for: a layer, or the last of several.
  private var meaning: [String: String] = [:]

  init(_ statements: [Statement], channels: Int?, size: Size?) {
    (self.statements, self.channels, self.size) = (statements, channels, size)
    isLine = statements.contains { (try? Kind.of($0.kind))?.isLine == true }
    given = Set(statements.compactMap { $0.name?.text })
  }

  mutating func network(_ name: String) throws(NetworkTextError) -> (Network, Size) {
    var statements = statements[...]
    var stated: Int?
    if let first = statements.first, try Kind.of(first.kind).kind == .input {
      statements = statements.dropFirst()
      stated = try input(first)
    }
    let count = channels ?? stated ?? (isLine ? 1 : 3)
    layers.append(Network.Layer(name: "input", operation: .input(channels: count), inputs: []))
    counts["input"] = count
    meaning["input"] = "input"
    for statement in statements { try add(statement) }
    guard layers.count > 1 else {
      throw NetworkTextError(
        line: 1, column: 1, message: "there is no layer; one is, for instance, conv 64 k3")
    }
    return (described(name), usedSize)
  }

  private func described(_ name: String = "network") -> Network {
    Network(name, layers: layers, isOneDimensional: isLine)
  }

  private var usedSize: Size {
    size ?? statedSize ?? (isLine ? Size(height: 1, width: 16000) : 224)
  }

  /// The channels of `input 3x224x224`, and perhaps the size.
  private mutating func input(_ statement: Statement) throws(NetworkTextError) -> Int {
    let example = isLine ? "input 1 or input 1x16000" : "input 3 or input 3x224x224"
    guard let word = statement.words.first, statement.words.count == 1, statement.name == nil,
      let numbers = Self.numbers(word.text), numbers.allSatisfy({ (1...1_000_000).contains($0) }),
      [1, isLine ? 2 : 3].contains(numbers.count)
    else {
      throw (statement.words.first ?? statement.kind).error(
        "the input is written \(example), each number from 1 to 1000000")
    }
    if numbers.count == 2 { statedSize = Size(height: 1, width: numbers[1]) }
    if numbers.count == 3 { statedSize = Size(height: numbers[1], width: numbers[2]) }
    return numbers[0]
  }

  private mutating func add(_ statement: Statement) throws(NetworkTextError) {
    let (kind, isLine) = try Kind.of(statement.kind)
    if let isLine, isLine != self.isLine {
      throw statement.kind.error(
        "\(statement.kind.text) is along two axes, and other layers along one; write \(kind.rawValue)1d"
      )
    }
    if isLine == nil, self.isLine, !kind.options.filter({ $0 == "k" }).isEmpty {
      throw statement.kind.error(
        "other layers are along one axis; write \(kind.rawValue)1d")
    }
    guard kind != .input else {
      throw statement.kind.error("the input is told before all layers")
    }
    if let name = statement.name { try check(name) }
    let options = try options(of: statement, kind)
    let inputs = try inputs(of: statement, kind, options)
    guard layers.count + options.repeats <= 2000 else {
      throw statement.kind.error("there are more than 2000 layers")
    }
    var reads = inputs
    var named = statement.name?.text
    for number in 1...options.repeats {
      let label = options.repeats > 1 ? named.map { "\($0)_\(number)" } : named
      let operation = try operation(statement, kind, options, reads)
      var name = try append(label, kind, operation, reads, at: statement)
      if options.relu, kind != .conv, kind != .fc {
        name = try append(label.map { "\($0)_relu" }, .relu, .relu, [name], at: statement)
      }
      reads = [name] + inputs.dropFirst()
    }
    if let text = named { meaning[text] = reads[0] }
    named = nil
  }

  /// Refuses a name that is taken, or that could be read as something else.
  private func check(_ name: Word) throws(NetworkTextError) {
    let text = name.text
    guard meaning[text] == nil, counts[text] == nil else {
      throw name.error("there is a layer \(text) already; each has a name of its own")
    }
    guard Self.numbers(text) == nil, Double(text) == nil, Self.option(text) == nil,
      !Self.words.contains(text), !Kind.allCases.contains(where: { $0.rawValue == text })
    else {
      throw name.error("\"\(text)\" means something already; call the layer otherwise")
    }
    guard
      text.unicodeScalars.allSatisfy({
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-./".unicodeScalars.contains($0)
      })
    else {
      throw name.error("\"\(text)\" is no name; letters, digits, _, -, . and / make one")
    }
  }

  @discardableResult
  private mutating func append(
    _ label: String?, _ kind: Kind, _ operation: Network.Operation, _ inputs: [String],
    at statement: Statement
  ) throws(NetworkTextError) -> String {
    var name = label ?? ""
    if label == nil {
      var number = 1
      repeat {
        name = "\(kind.rawValue)\(number)"
        number += 1
      } while counts[name] != nil || given.contains(name)
    } else if counts[name] != nil {
      throw (statement.name ?? statement.kind).error(
        "there is a layer \(name) already; each has a name of its own")
    }
    counts[name] = try channels(of: operation, inputs, at: statement)
    layers.append(Network.Layer(name: name, operation: operation, inputs: inputs))
    meaning[name] = name
    return name
  }

  /// The channels that a layer gives.
  ///
  /// - Throws: `NetworkTextError` if they, or the weights, are more than any network has.
  private func channels(
    of operation: Network.Operation, _ inputs: [String], at statement: Statement
  ) throws(NetworkTextError) -> Int {
    let read = inputs.map { counts[$0]! }
    switch operation {
    case .convolution(let convolution, let outputs, _, _),
      .transposedConvolution(let convolution, let outputs, _):
      let groups = convolution.groups
      guard read[0] % groups == 0, outputs % groups == 0 else {
        throw statement.kind.error(
          "\(groups) groups must divide the \(read[0]) channels that come in and the \(outputs) that "
            + "go out")
      }
      let size = convolution.kernelSize
      // Outputs and inputs are at most 2²⁰ and 2²⁴, so that only the last product may overflow.
      let (count, overflows) = (outputs * (read[0] / groups))
        .multipliedReportingOverflow(by: size.area)
      guard !overflows, count <= 1 << 40 else {
        throw statement.kind.error(
          "\(outputs) kernels of \(read[0] / groups) channels and \(size) cells are more than 2⁴⁰ "
            + "weights")
      }
      return outputs
    case .concatenate:
      let sum = read.reduce(0, +)
      guard sum <= 1 << 24 else {
        throw statement.kind.error("\(sum) channels are more than 2²⁴")
      }
      return sum
    default: return read[0]
    }
  }

  // MARK: Words

  /// Words that say something by themselves in one of the layers.
  private static let words: Set = [
    "same", "same-upper", "same-lower", "valid", "ceil", "caffe", "global", "nobias", "nopad",
    "relu", "bilinear", "nearest", "to", "at", "from",
  ]

  /// `3`, `3x5`, `0,1,0,1`: at most four whole numbers.
  static func numbers(_ text: some StringProtocol) -> [Int]? {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "," }
    guard parts.count <= 4 else { return nil }
    let numbers = parts.compactMap { part in
      part.allSatisfy(\.isASCII) && part.first?.isNumber == true ? Int(part) : nil
    }
    return numbers.count == parts.count ? numbers : nil
  }

  /// An option with its numbers: `k3x5` as `k` and 3, 5.
  static func option(_ text: String) -> (name: String, numbers: [Int])? {
    let letters = text.prefix { $0.isLetter }
    guard ["k", "s", "p", "d", "g", "op", "x"].contains(letters),
      let numbers = numbers(text[letters.endIndex...])
    else { return nil }
    return (String(letters), numbers)
  }

  private func options(
    of statement: Statement, _ kind: Kind
  ) throws(NetworkTextError) -> Options {
    var options = Options()
    var words = statement.words[...]
    while let word = words.popFirst() {
      let text = word.text
      if meaning[text] != nil {
        options.streams.append(word)
      } else if kind == .crop, text == "to" || text == "at" {
        guard let next = words.popFirst() else {
          throw word.error(
            "behind \(text) \(text == "to" ? "the name of a layer" : "a number") is missing")
        }
        if text == "to" {
          guard meaning[next.text] != nil else { throw unknown(next, kind) }
          options.reference = next
        } else {
          guard let numbers = Self.numbers(next.text) else {
            throw next.error("a crop begins at a cell, as in crop a to b at 5")
          }
          options.sizes["at"] = (next, numbers)
        }
      } else if text == "from", kind.inputs == 1...1 {
        continue
      } else if let (name, numbers) = Self.option(text), name == "x" || kind.options.contains(name)
      {
        guard name != "x" else {
          guard numbers.count == 1, (1...1000).contains(numbers[0]), kind.inputs == 1...1 else {
            throw word.error(
              "x repeats a layer that reads one other, from 1 to 1000 times, as in x4")
          }
          options.repeats = numbers[0]
          continue
        }
        guard options.sizes.updateValue((word, numbers), forKey: name) == nil else {
          throw word.error("\(name) is told twice")
        }
      } else if text == "relu", kind != .relu {
        options.relu = true
      } else if kind.options.contains(text), Self.words.contains(text) {
        options.flags[text] = word
      } else if kind.number != nil, let value = Double(text), value.isFinite,
        options.numbers.count < (kind == .lrn ? 3 : 1)
      {
        options.numbers.append((word, value))
      } else {
        throw unknown(word, kind)
      }
    }
    return options
  }

  /// What a word that is not understood could have meant.
  private func unknown(_ word: Word, _ kind: Kind) -> NetworkTextError {
    let text = word.text
    if Double(text) != nil || Self.numbers(text) != nil {
      return word.error(
        kind.number.map { "\(kind.rawValue) is told one number, \($0)" }
          ?? "\(kind.rawValue) takes no number by itself; a kernel is written k3")
    }
    if Self.option(text) != nil || Self.words.contains(text) {
      let known = kind.options.joined(separator: ", ")
      return word.error(
        "\(kind.rawValue) has no \(text)" + (known.isEmpty ? "" : "; it takes \(known)"))
    }
    let letters = String(text.prefix { $0.isLetter })
    let rest = text.dropFirst(letters.count)
    if !letters.isEmpty, Self.numbers(rest) != nil {
      let long = [
        "kernel": "k", "stride": "s", "pad": "p", "padding": "p", "dilation": "d",
        "groups": "g", "n": "", "c": "", "ks": "k",
      ]
      let short = long[letters.lowercased()] ?? ""
      if kind.options.contains(short) {
        return word.error("there is no \"\(text)\"; did you mean \(short)\(rest)?")
      }
    }
    let names = meaning.keys.sorted() + kind.options.filter { $0.count > 2 } + ["relu"]
    let near = nearest(to: text, among: names).map { "; did you mean \($0)?" } ?? ""
    let isNamed = kind.inputs.upperBound > 1 || rest.isEmpty
    return word.error(
      (isNamed ? "there is no layer or word \"\(text)\" here" : "there is no \"\(text)\"") + near)
  }

  private func inputs(
    of statement: Statement, _ kind: Kind, _ options: Options
  ) throws(NetworkTextError) -> [String] {
    var streams = options.streams.map { meaning[$0.text]! }
    let previous = layers.last!.name
    if kind == .crop {
      guard let reference = options.reference, streams.count <= 1 else {
        throw statement.kind.error("a crop is written crop a to b: a is cut to the size of b")
      }
      return [streams.first ?? previous, meaning[reference.text]!]
    }
    if streams.count < kind.inputs.lowerBound { streams.insert(previous, at: 0) }
    guard kind.inputs.contains(streams.count) else {
      throw (options.streams.last ?? statement.kind).error(
        kind.inputs.upperBound == 1
          ? "\(kind.rawValue) reads one layer, and these are \(streams.count)"
          : "\(kind.rawValue) reads from 2 to 64 layers, as in \(kind.rawValue) a b")
    }
    guard kind != .add || streams.count == 2 else {
      throw options.streams[2].error("add reads two layers; add a third to their sum")
    }
    return streams
  }

  // MARK: Layers

  private func operation(
    _ statement: Statement, _ kind: Kind, _ options: Options, _ inputs: [String]
  ) throws(NetworkTextError) -> Network.Operation {
    func number(
      _ range: ClosedRange<Double>, whole: Bool = true, _ index: Int = 0, or usual: Double? = nil
    ) throws(NetworkTextError) -> Double {
      guard index < options.numbers.count else {
        if let usual { return usual }
        throw statement.kind.error("\(kind.rawValue) must be told \(kind.number!)")
      }
      let (word, value) = options.numbers[index]
      guard range.contains(value), !whole || value == value.rounded() else {
        let (low, high) = (range.lowerBound, range.upperBound)
        throw word.error(
          "\(kind.number!) is \(word.text); it must be "
            + (whole ? "a whole number from \(Int(low)) to \(Int(high))" : "from \(low) to \(high)")
        )
      }
      return value
    }
    do {
      switch kind {
      case .input: preconditionFailure("told before")
      case .conv:
        return .convolution(
          try convolution(options, statement, inputs), outputs: Int(try number(1...1_048_576)),
          bias: !options.has("nobias"), relu: options.relu)
      case .convT:
        let forward = try convolution(options, statement, inputs)
        let outputPadding = try pair(options, "op", or: 0)
        return .transposedConvolution(
          try forward.transposed(
            outputPadding: isLine ? Size(height: 0, width: outputPadding.width) : outputPadding),
          outputs: Int(try number(1...1_048_576)), bias: !options.has("nobias"))
      case .max, .avg:
        if options.has("global") {
          return .globalPool(kind == .max ? .maximum : .mean)
        }
        let pooling = try pooling(options, statement, inputs, isMean: kind == .avg)
        return kind == .max ? .maxPool(pooling) : .averagePool(pooling)
      case .fc:
        // Fully connected: a convolution whose kernel covers the whole map.
        let sizes = try described().shapes(input: usedSize)
        let size = sizes[layers.firstIndex { $0.name == inputs[0] }!].size
        return .convolution(
          try Convolution(kernelSize: size), outputs: Int(try number(1...1_048_576)),
          bias: !options.has("nobias"), relu: options.relu)
      case .relu: return .relu
      case .bn: return .batchNormalization
      case .softmax: return .softmax
      case .lrn:
        return .normalization(
          size: Int(try number(1...1001)), alpha: try number(0...1000, whole: false, 1, or: 1e-4),
          beta: try number(0...1000, whole: false, 2, or: 0.75))
      case .drop: return .dropout(probability: try number(0...0.999999, whole: false, or: 0.5))
      case .scale: return .scale(try number(-1e30...1e30, whole: false))
      case .up:
        let factor = Int(try number(1...1024))
        return .upsample(
          factor: isLine ? Size(height: 1, width: factor) : Size(factor),
          options.has("bilinear") ? .bilinear : .nearest)
      case .add: return .sum
      case .cat: return .concatenate
      case .crop:
        guard options.sizes["at"] != nil else { return .crop }
        let offset = try pair(options, "at", or: 0)
        return .crop(offset: isLine ? Size(height: 0, width: offset.width) : offset)
      }
    } catch let error as NetworkTextError {
      throw error
    } catch {
      throw statement.kind.error("\(error)")
    }
  }

  /// Height and width of an option; along one axis both are its one number.
  private func pair(
    _ options: Options, _ name: String, or usual: Int?
  ) throws(NetworkTextError) -> Size {
    guard let (word, numbers) = options.sizes[name] else { return Size(usual ?? 1) }
    guard numbers.count == 1 || numbers.count == 2 && !isLine else {
      throw word.error(
        isLine ? "along one axis \(name) is one number" : "\(name) is one number, or height x width"
      )
    }
    return Size(height: numbers[0], width: numbers.last!)
  }

  private func window(
    _ options: Options, _ statement: Statement, strideIsKernel: Bool
  ) throws(NetworkTextError) -> (kernel: Size, stride: Size, padding: Padding, dilation: Size) {
    guard options.sizes["k"] != nil else {
      throw statement.kind.error(
        "\(statement.kind.text) must be told its kernel size, as in \(statement.kind.text) k3")
    }
    func along(_ size: Size, _ other: Int) -> Size {
      isLine ? Size(height: other, width: size.width) : size
    }
    let kernel = try pair(options, "k", or: nil)
    let stride =
      options.sizes["s"] == nil && strideIsKernel ? kernel : try pair(options, "s", or: 1)
    var padding: Padding = 0
    if let (word, numbers) = options.sizes["p"] {
      switch (numbers.count, isLine) {
      case (1, false): padding = Padding(Size(numbers[0]))
      case (2, false): padding = Padding(Size(height: numbers[0], width: numbers[1]))
      case (4, false):
        padding = Padding(top: numbers[0], left: numbers[1], bottom: numbers[2], right: numbers[3])
      case (1...2, true):
        padding = Padding(top: 0, left: numbers[0], bottom: 0, right: numbers.last!)
      default:
        throw word.error(
          isLine
            ? "p is one number, or before,after"
            : "p is one number, height,width or top,left,bottom,right")
      }
    }
    return (
      along(kernel, 1), along(stride, 1), padding, along(try pair(options, "d", or: 1), 1)
    )
  }

  /// The padding rule that is told by a word.
  private func rule(_ options: Options) throws(NetworkTextError) -> PaddingRule? {
    let rules: [(String, PaddingRule)] = [
      ("same", .same), ("same-upper", .sameUpper), ("same-lower", .sameLower), ("valid", .valid),
    ]
    let told = rules.filter { options.has($0.0) }
    guard let (name, rule) = told.first else { return nil }
    if told.count > 1 || options.sizes["p"] != nil {
      throw options.flags[name]!.error("the padding is told twice")
    }
    return rule
  }

  /// The size of what a layer reads, for paddings and kernels that depend on it.
  private func inputSize(_ inputs: [String]) throws(GeometryError) -> Size {
    let sizes = try described().shapes(input: usedSize)
    return sizes[layers.firstIndex { $0.name == inputs[0] }!].size
  }

  private func convolution(
    _ options: Options, _ statement: Statement, _ inputs: [String]
  ) throws -> Convolution {
    let (kernel, stride, padding, dilation) = try window(
      options, statement, strideIsKernel: false)
    let groups = options.sizes["g"]
    if let groups, groups.values.count != 1 {
      throw groups.word.error("g is one number, as in g4")
    }
    let plain = try Convolution(
      kernelSize: kernel, stride: stride, padding: padding, dilation: dilation,
      groups: groups?.values[0] ?? 1)
    guard let rule = try rule(options) else { return plain }
    let size = rule == .same || rule == .valid ? Size(1) : try inputSize(inputs)
    return try Convolution(
      rows: plain.rows.padded(by: rule, input: size.height),
      columns: plain.columns.padded(by: rule, input: size.width), groups: plain.groups)
  }

  private func pooling(
    _ options: Options, _ statement: Statement, _ inputs: [String], isMean: Bool
  ) throws -> Pooling {
    let (kernel, stride, padding, dilation) = try window(options, statement, strideIsKernel: true)
    if options.has("ceil"), let word = options.flags["caffe"] {
      throw word.error("the rounding is told twice")
    }
    let plain = try Pooling(
      kernelSize: kernel, stride: stride, padding: padding, dilation: dilation,
      rounding: options.has("caffe") ? .caffe : options.has("ceil") ? .ceil : .floor,
      countIncludePad: isMean && !options.has("nopad"))
    guard let rule = try rule(options) else { return plain }
    let size = try inputSize(inputs)
    return Pooling(
      rows: try plain.rows.padded(by: rule, input: size.height),
      columns: try plain.columns.padded(by: rule, input: size.width),
      countIncludePad: plain.countIncludePad)
  }
}
