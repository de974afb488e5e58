/// One `--name` that a command understands.
struct Option: Equatable, Sendable {
  /// The name without its dashes: `kernel`.
  let name: String
  /// What stands for the value in the help, `K`; nil for an option that takes none.
  let value: String?
  /// What it does, in a few words.
  let help: String

  /// An option that takes a value: `--kernel K`.
  init(_ name: String, _ value: String, _ help: String) {
    (self.name, self.value, self.help) = (name, value, help)
  }

  /// An option that is there or not: `--ceil-mode`.
  static func flag(_ name: String, _ help: String) -> Option {
    Option(name: name, value: nil, help: help)
  }

  private init(name: String, value: String?, help: String) {
    (self.name, self.value, self.help) = (name, value, help)
  }

  /// `--kernel K` or `--ceil-mode`.
  var usage: String {
    value.map { "--\(name) \($0)" } ?? "--\(name)"
  }
}
