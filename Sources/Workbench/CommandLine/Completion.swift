import Networks

/// What a shell may offer where a word is being typed.
enum Completion: Equatable {
  /// Any of a few words; `orFile` where the path of a file can stand there, too.
  case words([String], orFile: Bool)
  /// The path of a file.
  case file
  /// The path of a folder.
  case folder
  /// A number or a text, for which there is nothing to offer.
  case nothing

  /// The words of the offer.
  var words: [String] {
    if case .words(let words, _) = self { words } else { [] }
  }

  /// Whether files belong to the offer.
  var offersFiles: Bool {
    switch self {
    case .file: true
    case .words(_, let orFile): orFile
    case .folder, .nothing: false
    }
  }
}

extension Option {
  /// What may stand as the value. It is read from the help, which has its words and says what the
  /// placeholder is for; nil for a flag.
  var completion: Completion? {
    guard let value else { return nil }
    let words = alternatives(in: help)
    if !words.isEmpty { return .words(words, orFile: false) }
    return switch value {
    case "F": .file
    case "DIR", "FOLDER": .folder
    case "NET": .words(NetworkName.allCases.map(\.rawValue), orFile: true)
    default: .nothing
    }
  }
}

extension Command {
  /// What the first operand may be; after it, another such one where there may be any number.
  var completion: Completion {
    switch operands {
    case "OP", "[OP]": .words(Operation.allCases.map(\.rawValue), orFile: false)
    case "NET": .words(NetworkName.allCases.map(\.rawValue), orFile: true)
    case "IMAGE...", "IN [OUT]": .file
    case let operands where operands.contains("|"):
      .words(operands.split(separator: "|").map(String.init), orFile: false)
    default: .nothing
    }
  }
}

/// The words of `terminal, markdown or json`, at the beginning of a help or after a colon; what stands in
/// brackets may explain them. None if there is no such list.
func alternatives(in help: String) -> [String] {
  var text = ""
  var depth = 0
  for character in help {
    if character == "(" { depth += 1 }
    if character == ",", text.last == " " { text.removeLast() }
    if depth == 0, character != " " || text.last != " " { text.append(character) }
    if character == ")" { depth -= 1 }
  }
  for part in text.split(separator: ":") {
    var words: [String] = []
    var isLast = false
    for word in part.split(separator: " ") {
      if word == "or", !words.isEmpty, !isLast {
        isLast = true
        continue
      }
      let name = word.prefix { $0.isLowercase || $0.isNumber || $0 == "-" }
      guard !name.isEmpty, words.isEmpty ? name.first!.isLetter : true else { break }
      let rest = word.dropFirst(name.count)
      words.append(String(name))
      if isLast { return rest.isEmpty || [",", ";"].contains(rest) ? words : [] }
      // Only the word before "or" goes without a comma.
      guard rest == "," || rest.isEmpty else { break }
      if rest.isEmpty, !part.contains("\(name) or ") { break }
    }
  }
  return []
}
