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
  let operands: [String]
  /// The values of the options that were given; the value of a flag is empty.
  private let values: [String: String]

  /// Sorts `words` by what `command` understands.
  ///
  /// `--name value` and `--name=value` are the same; after `--` everything is an operand.
  ///
  /// - Throws: ``ExitStatus`` 64 for an unknown option (with the nearest name), a missing value, a
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
      } else if let attached {
        values[name] = attached
      } else if let next = rest.first, !next.hasPrefix("--") {
        values[name] = next
        rest.removeFirst()
      } else {
        throw .usage("--\(name) has no value; write \(option.usage), where it is \(option.help)")
      }
    }
    guard operands.count <= command.mostOperands else {
      let extra = operands[command.mostOperands]
      let expected =
        command.operands.isEmpty ? "no operands" : "\(command.operands) and no more operands"
      throw .usage("\"\(extra)\" is one too many: \(command.name) takes \(expected)")
    }
    self.operands = operands
    self.values = values
  }

  /// The value of an option, or nil if it was not given.
  subscript(name: String) -> String? { values[name] }

  /// Whether an option was given.
  func has(_ name: String) -> Bool { values[name] != nil }

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
