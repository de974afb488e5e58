import Interchange
import LessonKit

/// What was missed in quizzes and is to be asked again: soon after it was missed, and farther apart each
/// time it is known. It counts in questions, not in days.
struct QuizMemory: Equatable, Sendable {
  struct Missed: Equatable, Sendable {
    let topic: QuizTopic
    let key: UInt64
    /// How many times in a row it was right since.
    var right = 0
    /// After how many questions in all it is asked again.
    var due: Int
  }

  /// How many questions were answered in all.
  private(set) var asked = 0
  private(set) var missed: [Missed] = []
  /// Lines that are none of these, as they stood.
  private var otherLines: [String] = []

  /// How many questions lie between two times that one is asked: after it was missed, known once, twice.
  /// Known three times it is not asked any more.
  static let distances = [3, 9, 27]

  /// Nothing missed.
  init() {}

  /// The question that has waited longest, of those that are due.
  func due(where isMeant: (Missed) -> Bool = { _ in true }) -> Missed? {
    missed.filter { $0.due <= asked && isMeant($0) }.min { $0.due < $1.due }
  }

  func has(_ question: QuizQuestion) -> Bool { place(of: question) != nil }

  private func place(of question: QuizQuestion) -> Int? {
    missed.firstIndex { $0.topic == question.topic && $0.key == question.key }
  }

  /// Notes an answer.
  mutating func note(_ question: QuizQuestion, isRight: Bool) {
    asked += 1
    let place = place(of: question)
    guard isRight else {
      let again = Missed(
        topic: question.topic, key: question.key, due: asked + Self.distances[0])
      if let place { missed[place] = again } else { missed.append(again) }
      return
    }
    guard let place else { return }
    missed[place].right += 1
    let right = missed[place].right
    if right < Self.distances.count {
      missed[place].due = asked + Self.distances[right]
    } else {
      missed.remove(at: place)
    }
  }
}

extension QuizMemory {
  private static let firstLine = "convbook quiz 1"
  private static let comment = "# Questions to be asked again. Delete this file to forget them."

  /// The file's text.
  var text: String {
    ([Self.firstLine, Self.comment, "asked \(asked)"]
      + missed.map { "\($0.topic.rawValue) \($0.key) right=\($0.right) due=\($0.due)" } + otherLines)
      .map { $0 + "\n" }.joined()
  }

  /// Reads a file's text; a line that cannot be understood stays as it is.
  init(text: String) {
    for line in text.split(whereSeparator: \.isNewline).map(String.init)
    where line != Self.firstLine && line != Self.comment {
      let words = line.split(separator: " ").map(String.init)
      func number(_ word: Int, _ name: String) -> Int? {
        guard word < words.count, words[word].hasPrefix(name) else { return nil }
        return Int(words[word].dropFirst(name.count)).flatMap {
          (0..<1 << 40).contains($0) ? $0 : nil
        }
      }
      if words.count == 2, words[0] == "asked", let count = number(1, "") {
        asked = count
      } else if words.count == 4, let topic = QuizTopic(rawValue: words[0]),
        let key = UInt64(words[1]),
        let right = number(2, "right="), right < Self.distances.count, let due = number(3, "due=")
      {
        missed.append(Missed(topic: topic, key: key, right: right, due: due))
      } else {
        otherLines.append(line)
      }
    }
  }
}

/// The file in which it is kept: `.convbook/quiz` in the package folder, beside the progress.
struct QuizFile: Sendable {
  let folder: String
  var path: String { "\(folder)/quiz" }

  init(_ book: BookFolder) { folder = book.ownFolder }

  /// What is kept; nothing where the file is not there or cannot be read.
  func read() -> QuizMemory {
    (try? Files.read(path)).map { QuizMemory(text: $0) } ?? QuizMemory()
  }

  /// Changes what is kept, under a lock, so that a second quiz loses nothing; a sentence where it cannot.
  func update(_ change: (inout QuizMemory) -> Void) -> (memory: QuizMemory, remark: String?) {
    var memory = read()
    do {
      try Files.makeFolder(folder)
      let lock = try FolderLock(folder, patience: 5)
      defer { withExtendedLifetime(lock) {} }
      memory = read()
      change(&memory)
      try Files.write(memory.text, to: path)
      return (memory, nil)
    } catch {
      change(&memory)
      return (memory, "what was missed is not kept: \(error)")
    }
  }
}
