import ConvolutionArithmetic
import Tensors

/// The words of one layer, understood.
struct TextOptions {
  var numbers: [(word: TextWord, value: Double)] = []
  var sizes: [String: (word: TextWord, values: [Int])] = [:]
  var flags: [String: TextWord] = [:]
  /// The channels that are chosen.
  var range: (word: TextWord, values: Range<Int>)?
  var streams: [TextWord] = []
  /// For a crop: what it must lie over. What else is made as large as another: that one.
  var reference: TextWord?
  var repeats: Int?
  var relu = false

  func has(_ flag: String) -> Bool { flags[flag] != nil }
}

extension NetworkReader {
  /// Words that say something by themselves in one of the layers.
  static let words: Set = [
    "same", "same-upper", "same-lower", "valid", "ceil", "caffe", "global", "nobias", "nopad",
    "relu", "bilinear", "nearest", "align", "shared", "reflect", "edge", "to", "at", "from",
    "center",
  ]

  /// `3`, `3x5`, `0,1,0,1`: at most four whole numbers.
  static func numbers(_ text: some StringProtocol) -> [Int]? {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "," }
    guard parts.count <= 4 else { return nil }
    let numbers = parts.compactMap { part in
      part.allSatisfy { $0.isASCII } && part.first?.isNumber == true ? Int(part) : nil
    }
    return numbers.count == parts.count ? numbers : nil
  }

  /// `0:32`, the last not among them, as Python writes it.
  static func range(_ text: String) -> Range<Int>? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { numbers($0) }
    guard parts.count == 2, parts.allSatisfy({ $0?.count == 1 }), let first = parts[0]?.first,
      let end = parts[1]?.first, first < end
    else { return nil }
    return first..<end
  }

  /// An option with its numbers: `k3x5` as `k` and 3, 5.
  static func option(_ text: String) -> (name: String, numbers: [Int])? {
    let letters = text.prefix { $0.isLetter }
    guard ["k", "s", "p", "d", "g", "op", "x"].contains(letters),
      let numbers = numbers(text[letters.endIndex...])
    else { return nil }
    return (String(letters), numbers)
  }

  /// Whether the letter of an option means something for a kind.
  private func means(_ option: String, _ kind: TextKind) -> Bool {
    option == "x" ? kind.inputs == 1...1 : kind.options.contains(option)
  }

  func options(
    of statement: TextStatement, _ kind: TextKind
  ) throws(NetworkTextError) -> TextOptions {
    var options = TextOptions()
    var words = statement.words[...]
    func next(behind word: TextWord, _ what: String) throws(NetworkTextError) -> TextWord {
      guard let next = words.popFirst() else {
        throw word.error("behind \(word.text) \(what) is missing")
      }
      return next
    }
    func layer(behind word: TextWord) throws(NetworkTextError) -> TextWord {
      let next = try next(behind: word, "the name of a layer")
      let name = next.text
      guard meaning[name] == nil else { return next }
      guard !given.contains(name) else { throw unknown(next, kind) }
      throw next.error(
        "behind \(word.text) stands the name of a layer, and there is no \(name)"
          + (nearest(to: name, among: meaning.keys.sorted()).map { "; did you mean \($0)?" } ?? ""))
    }
    while let word = words.popFirst() {
      let text = word.text
      var isRepeated = false
      // A layer may be called p5; where p5 could be padding, it is one only behind "from".
      let isOption = Self.option(text).map { means($0.name, kind) } ?? false
      if meaning[text] != nil, !isOption {
        options.streams.append(word)
      } else if text == "from", kind.inputs == 1...1 {
        options.streams.append(try layer(behind: word))
      } else if text == "to", [.crop, .up, .pad].contains(kind) {
        isRepeated = options.reference != nil
        options.reference = try layer(behind: word)
      } else if text == "at", [.crop, .cut, .pad].contains(kind) {
        let cell = try next(behind: word, "a number")
        guard let numbers = Self.numbers(cell.text) else {
          throw cell.error("it begins at a cell, as in crop a to b at 5, or cut 8x8 at 2,3")
        }
        isRepeated = options.sizes.updateValue((cell, numbers), forKey: text) != nil
      } else if kind == .cut, options.sizes["size"] == nil, let numbers = Self.numbers(text) {
        options.sizes["size"] = (word, numbers)
      } else if kind == .channels, options.range == nil, let range = Self.range(text) {
        options.range = (word, range)
      } else if let (name, numbers) = Self.option(text), name == "x" || kind.options.contains(name)
      {
        guard name != "x" else {
          guard numbers.count == 1, (1...1000).contains(numbers[0]), kind.inputs == 1...1 else {
            throw Self.wrongRepeats(word)
          }
          guard options.repeats == nil else { throw word.error("x is told twice") }
          options.repeats = numbers[0]
          continue
        }
        guard numbers.allSatisfy(Self.range(of: name).contains) else {
          throw Self.wrongNumber(word, name)
        }
        guard options.sizes.updateValue((word, numbers), forKey: name) == nil else {
          throw word.error("\(name) is told twice")
        }
      } else if text == "relu", kind != .relu {
        isRepeated = options.relu
        options.relu = true
      } else if kind.options.contains(text), Self.words.contains(text) {
        isRepeated = options.flags.updateValue(word, forKey: text) != nil
        for (one, other) in Self.choices {
          guard options.has(one), let word = options.flags[other] else { continue }
          throw word.error("\(kind.rawValue) is either \(one) or \(other), not both")
        }
      } else if let value = Double(text), value.isFinite,
        options.numbers.count < kind.numbers.count
      {
        options.numbers.append((word, value))
      } else {
        throw unknown(word, kind)
      }
      if isRepeated { throw word.error("\(text) is told twice") }
    }
    return options
  }

  /// Words of which a layer takes one.
  private static let choices = [
    ("ceil", "caffe"), ("bilinear", "nearest"), ("reflect", "edge"),
  ]

  /// What an option may be told.
  private static func range(of option: String) -> ClosedRange<Int> {
    (option == "p" || option == "op" ? 0 : 1)...largestExtent
  }

  private static func wrongRepeats(_ word: TextWord) -> NetworkTextError {
    word.error("x repeats a layer that reads one other, from 1 to 1000 times, as in x4")
  }

  private static func wrongNumber(_ word: TextWord, _ option: String) -> NetworkTextError {
    let (told, range) = (word.text.dropFirst(option.count), range(of: option))
    guard told.split(whereSeparator: { $0 == "x" || $0 == "," }).count <= 4 else {
      return word.error(
        "\(option) is \(told); it is told at most \(option == "p" ? "four" : "two") numbers")
    }
    return word.error(
      "\(option) is \(told); it is told whole numbers from "
        + "\(range.lowerBound) to \(range.upperBound), as in \(option)3")
  }

  /// What a word that is not understood could have meant.
  func unknown(_ word: TextWord, _ kind: TextKind) -> NetworkTextError {
    let text = word.text
    if given.contains(text) {
      return word.error("the layer \(text) is not there yet; a layer reads those before it")
    }
    if let number = Double(text), !number.isFinite {
      return word.error("\(text) is no number that a layer is told")
    }
    if Double(text) != nil || Self.numbers(text) != nil {
      let (names, count) = (kind.numbers.joined(separator: ", "), kind.numbers.count)
      return word.error(
        count > 0
          ? "\(kind.rawValue) is told \(count == 1 ? "one number" : "at most \(count) numbers"), \(names)"
          : kind.options.contains("k")
            ? "\(kind.rawValue) takes no number by itself; a kernel is written k3"
            : "no number may stand here; " + expected(by: kind))
    }
    if Self.option(text) != nil || Self.words.contains(text) {
      let known = kind.options.joined(separator: ", ")
      return word.error(
        "\(kind.rawValue) has no \(text)" + (known.isEmpty ? "" : "; it takes \(known)"))
    }
    let letters = String(text.prefix { $0.isLetter })
    let rest = text.dropFirst(letters.count)
    if kind.options.contains(text), text.count <= 2 {
      return word.error("behind \(text) a number is missing, as in \(text)3")
    }
    if letters == "x", kind.inputs == 1...1 { return Self.wrongRepeats(word) }
    if kind.options.contains(letters), letters.count <= 2, !rest.isEmpty {
      return Self.wrongNumber(word, letters)
    }
    if !letters.isEmpty, rest.isEmpty || Self.numbers(rest) != nil {
      let long = [
        "kernel": "k", "stride": "s", "pad": "p", "padding": "p", "dilation": "d",
        "groups": "g", "n": "", "c": "", "ks": "k",
      ]
      let short = long[letters.lowercased()] ?? ""
      if kind.options.contains(short) {
        return word.error(
          "there is no \"\(text)\"; "
            + (rest.isEmpty
              ? "it is written \(short)3, in one word" : "did you mean \(short)\(rest)?"))
      }
    }
    let names = meaning.keys.sorted() + kind.options.filter { $0.count > 2 } + ["relu"]
    let isNamed = kind.inputs.upperBound > 1 || rest.isEmpty
    return word.error(
      (isNamed ? "there is no layer or word \"\(text)\" here" : "there is no \"\(text)\"") + "; "
        + (nearest(to: text, among: names).map { "did you mean \($0)?" } ?? expected(by: kind)))
  }

  /// What may stand behind the word of a layer.
  private func expected(by kind: TextKind) -> String {
    let layers = meaning.keys.sorted()
    let names = layers.count > 8 ? "" : " (\(layers.joined(separator: ", ")))"
    let own = kind == .channels ? ["0:32"] : kind == .cut ? ["8x8", "at 2,3"] : []
    let options =
      own + kind.options + (kind == .relu ? [] : ["relu"]) + (kind.inputs == 1...1 ? ["x4"] : [])
    let words = kind.numbers + ["a layer before it" + names] + options
    return "\(kind.rawValue) takes \(words.joined(separator: ", "))"
  }

  func inputs(
    of statement: TextStatement, _ kind: TextKind, _ options: TextOptions
  ) throws(NetworkTextError) -> [String] {
    var streams = options.streams.map { meaning[$0.text]! }
    let previous = layers.last!.name
    if let reference = options.reference, kind != .crop {
      guard streams.count <= 1 else {
        throw statement.kind.error(
          "\(kind.rawValue) a to b reads one layer, and these are \(streams.count)")
      }
      return [streams.first ?? previous, meaning[reference.text]!]
    }
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
    return streams
  }
}
