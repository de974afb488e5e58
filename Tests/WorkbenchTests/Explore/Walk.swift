import LessonKit

@testable import Workbench

/// Somebody who explores: keys in, lines out, without a terminal.
struct Walk {
  var exploration: Exploration
  var (width, height) = (80, 24)

  /// `explore` with these words.
  init(_ line: String, width: Int = 80, height: Int = 24) throws {
    let words = line.split(separator: " ").map(String.init)
    exploration = try Exploration(typed: Arguments(words, for: exploreCommand))
    (self.width, self.height) = (width, height)
  }

  /// Presses the key of each letter; what the last one did.
  @discardableResult mutating func press(_ letters: String) -> Exploration.Effect {
    letters.map { exploration.press(.character($0)) }.last ?? .nothing
  }

  @discardableResult mutating func press(_ keys: Key...) -> Exploration.Effect {
    keys.map { exploration.press($0) }.last ?? .nothing
  }

  /// The lines as a terminal without colour shows them.
  var lines: [String] {
    ExplorationDrawing(exploration: exploration, width: width, height: height).lines.map {
      $0.text(color: false)
    }
  }

  var text: String { lines.joined(separator: "\n") }
  var title: String { lines[0] }
  /// The sum, on the line that begins with the cell; where it is broken, its beginning.
  var sum: String { lines.last { $0.hasPrefix(" output") && $0.contains(" = ") } ?? "" }
}
