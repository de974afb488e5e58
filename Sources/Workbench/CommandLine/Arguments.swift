import Interchange
import Tensors

/// What was typed after a command's name, sorted into operands and options.
///
/// ```swift
/// // convbook size conv --kernel 3 --ceil-mode
/// arguments.operands           // ["conv"]
/// arguments["kernel"]          // "3"
/// arguments.has("ceil-mode")   // true
/// ```
struct Arguments: Equatable, Sendable {
  /// What was typed without dashes, in order.
  var operands: [String]
  /// The name of the command.
  let command: String
  /// The values of the options that were given; the value of a flag is empty.
  private var values: [String: String]

  /// Sorts `words` by what `command` understands.
  ///
  /// `--name value` and `--name=value` are the same; after `--` everything is an operand.
  ///
  /// - Throws: ``ExitStatus`` 64 for an unknown option (with the nearest name), a missing or empty value, a
  ///   value for a flag, an option given twice, or too many operands.
  init(_ words: some Sequence<String>, for command: Command) throws(ExitStatus) {
    var operands: [String] = []
    var values: [String: String] = [:]
    var rest = Array(words)[...]
    var optionsEnded = false
    while let word = rest.popFirst() {
      guard !optionsEnded, Self.looksLikeOption(word) else {
        operands.append(word)
        continue
      }
      guard word != "--" else {
        optionsEnded = true
        continue
      }
      let (name, attached) = Self.split(word)
      guard let option = command.options.first(where: { $0.name == name }) else {
        throw Self.unknown(word, name, command)
      }
      guard values[name] == nil else {
        throw .usage("--\(name) is given twice; give it once")
      }
      if option.value == nil {
        guard attached == nil else {
          throw .usage("--\(name) takes no value, but \"\(attached!)\" was given")
        }
        values[name] = ""
      } else if let value = attached
        ?? (rest.first?.hasPrefix("--") == false ? rest.popFirst() : nil)
      {
        guard !value.isEmpty else {
          throw .usage("--\(name) is empty; write \(option.usage), where it is \(option.help)")
        }
        values[name] = value
      } else {
        throw .usage("--\(name) has no value; write \(option.usage), where it is \(option.help)")
      }
    }
    guard operands.count <= command.mostOperands else {
      let extra = operands[command.mostOperands]
      let expected =
        command.operands.isEmpty ? "no operands" : "\(command.operands) and no more operands"
      let hint =
        command.operands == "NET" && !operands[0].contains(" ")
        ? "; a network in words stands in quotes" : ""
      throw .usage("\"\(extra)\" is one too many: \(command.name) takes \(expected)\(hint)")
    }
    self.operands = operands
    self.command = command.name
    self.values = values
  }

  /// The value of an option, or nil if it was not given.
  subscript(name: String) -> String? { values[name] }

  /// Whether an option was given.
  func has(_ name: String) -> Bool { values[name] != nil }

  /// The same with another value of an option, or without it.
  func setting(_ name: String, to value: String?) -> Arguments {
    var result = self
    result.values[name] = value
    return result
  }

  /// The names of all options that were given, in alphabetical order.
  var given: [String] { values.keys.sorted() }

  private static func looksLikeOption(_ word: String) -> Bool {
    // "-" alone and "-3" are operands.
    guard word.hasPrefix("-"), let second = word.dropFirst().first else { return false }
    return second == "-" || second.isLetter
  }

  private static func split(_ word: String) -> (name: String, value: String?) {
    let body = word.drop { $0 == "-" }
    guard word.hasPrefix("--"), let equals = body.firstIndex(of: "=") else {
      return (word.hasPrefix("--") ? String(body) : "", nil)
    }
    return (String(body[..<equals]), String(body[body.index(after: equals)...]))
  }

  private static func unknown(_ word: String, _ name: String, _ command: Command) -> ExitStatus {
    let typed = name.isEmpty ? String(word.drop { $0 == "-" }) : name
    if let nearest = nearest(to: typed, among: command.options.map(\.name) + ["help"]) {
      return .usage(
        "\(command.name) has no option \(name.isEmpty ? word : "--\(name)"); "
          + "did you mean --\(nearest)?")
    }
    return .usage(
      "\(command.name) has no option \(name.isEmpty ? word : "--\(name)"); "
        + "see convbook \(command.name) --help")
  }
}

extension Arguments {
  /// The value of an option as a whole number in a range, or nil if it was not given.
  ///
  /// - Throws: ``ExitStatus`` 64 if it is not a whole number or outside the range.
  func integer(
    _ name: String, in range: ClosedRange<Int> = Int.min...Int.max
  ) throws(ExitStatus) -> Int? {
    guard let text = self[name] else { return nil }
    return try wholeNumber(text, "--\(name)", in: range)
  }

  /// The value of an option as where random numbers begin, any 64 bits; nil if it was not given.
  ///
  /// - Throws: ``ExitStatus`` 64 if it is not a whole number or does not fit.
  func seed(_ name: String) throws(ExitStatus) -> UInt64? {
    guard let text = self[name] else { return nil }
    guard let seed = UInt64(text) else {
      throw .usage(
        "--\(name) is \"\(text)\"; it must be a whole number from 0 to \(UInt64.max)")
    }
    return seed
  }

  /// An operand as a whole number in a range, or nil if it was not given.
  ///
  /// - Throws: ``ExitStatus`` 64 if it is not a whole number or outside the range.
  func integer(
    operand position: Int, named name: String, in range: ClosedRange<Int> = Int.min...Int.max
  ) throws(ExitStatus) -> Int? {
    guard position < operands.count else { return nil }
    return try wholeNumber(operands[position], name, in: range)
  }

  /// The value of an option as a number in a range, or nil if it was not given: `0.01`, `2.5e-5`.
  ///
  /// - Throws: ``ExitStatus`` 64 if it is no number or outside the range.
  func number(
    _ name: String, in range: ClosedRange<Double>
  ) throws(ExitStatus) -> Double? {
    guard let text = self[name] else { return nil }
    let isPlain = text.utf8.allSatisfy { "0123456789.eE+-".utf8.contains($0) }
    guard isPlain, let value = Double(text), value.isFinite else {
      throw .usage("--\(name) is \"\(text)\"; it must be a number such as 0.01 or 2.5e-5")
    }
    guard range.contains(value) else {
      throw .usage(
        "--\(name) is \(text); it must be from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// The value of an option as one of a few words, or nil if it was not given.
  ///
  /// - Throws: ``ExitStatus`` 64 with the nearest word if it is none of them.
  func choice(_ name: String, of words: [String]) throws(ExitStatus) -> String? {
    guard let text = self[name] else { return nil }
    guard words.contains(text) else {
      let suggestion = nearest(to: text, among: words).map { "; did you mean \($0)?" } ?? ""
      throw .usage(
        "--\(name) is \"\(text)\"; it must be \(listed(words))\(suggestion)")
    }
    return text
  }

  /// The value of an option that the command cannot do without.
  ///
  /// - Throws: ``ExitStatus`` 64 if it was not given.
  func required(_ name: String, _ meaning: String) throws(ExitStatus) -> String {
    guard let text = self[name] else {
      throw .usage("--\(name) is missing: \(meaning)")
    }
    return text
  }
}

/// `text` as a whole number within `range`.
///
/// - Throws: ``ExitStatus`` 64 with the sentence "`name` is …; it must be …".
func wholeNumber(
  _ text: some StringProtocol, _ name: String, in range: ClosedRange<Int> = Int.min...Int.max
) throws(ExitStatus) -> Int {
  let isWhole =
    !text.isEmpty
    && text.utf8.enumerated().allSatisfy { position, byte in
      (0x30...0x39).contains(byte)
        || (position == 0 && text.utf8.count > 1 && (byte == 0x2D || byte == 0x2B))
    }
  guard isWhole else {
    throw .usage("\(name) is \"\(text)\"; it must be a whole number\(bounds(range))")
  }
  guard let value = Int(text) else {
    throw .usage(
      "\(name) is \(text); it must be from \(range.lowerBound) to \(range.upperBound)")
  }
  guard range.contains(value) else {
    throw .usage("\(name) is \(text); it must be\(bounds(range))")
  }
  return value
}

private func bounds(_ range: ClosedRange<Int>) -> String {
  switch (range.lowerBound, range.upperBound) {
  case (.min, .max): ""
  case (let least, .max): " at least \(least)"
  case (.min, let most): " at most \(most)"
  case (let least, let most): " from \(least) to \(most)"
  }
}

/// `a`, `a or b`, `a, b or c`.
func listed(_ words: [String]) -> String {
  guard words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " or " + words[words.count - 1]
}

/// Writes several files one after the other. If one fails, the sentence says which are there by then: they
/// are whole, and are kept.
struct OutputFiles {
  private var written: [String] = []

  /// Writes one file.
  ///
  /// - Throws: what `write` throws, as an `ExitStatus` if there are files before it.
  mutating func write(_ path: String, _ write: () throws -> Void) throws {
    do {
      try write()
    } catch {
      guard !written.isEmpty, let status = error as? ExitStatus ?? exitStatus(of: error) else {
        throw error
      }
      throw ExitStatus(
        code: status.code,
        "\(status.description); \(written.summary) \(written.count == 1 ? "was" : "were") written "
          + "before, and \(written.count == 1 ? "is" : "are") kept")
    }
    written.append(path)
  }
}
