internal import LessonKit

/// The words of this field that the book uses, each with the lesson that explains it.
public enum Glossary {
  /// A word and what it means.
  public struct Term: Sendable {
    /// The word, as one looks it up.
    public let word: String
    /// Other forms in which it is met. Plurals in -s and -es need not be listed.
    public let otherForms: [String]
    /// The lesson that explains it.
    public let lesson: Int
    /// What it means, in one sentence.
    public let meaning: String

    /// The word in all its forms, plurals too, each as its parts in small letters.
    let forms: Set<[String]>

    init(_ word: String, _ otherForms: String..., lesson: Int, _ meaning: String) {
      (self.word, self.otherForms, self.lesson) = (word, otherForms, lesson)
      self.meaning = meaning
      forms = Set(
        ([word] + otherForms).flatMap { form -> [[String]] in
          let parts = Glossary.parts(of: form)
          return ["", "s", "es"].map { parts.dropLast() + [parts.last! + $0] }
        })
    }
  }

  /// All terms, by the alphabet.
  public static let all = terms.sorted { $0.word.lowercased() < $1.word.lowercased() }

  /// The terms of which `text` is a form, whatever its capitals.
  public static func terms(named text: String) -> [Term] {
    let parts = parts(of: text)
    return all.filter { $0.forms.contains(parts) }
  }

  /// The terms in whose meaning `text` stands, word for word: other programs' names for them, and parts.
  public static func terms(mentioning text: String) -> [Term] {
    let parts = parts(of: text)
    guard !parts.isEmpty else { return [] }
    return all.filter { term in
      let words = Self.parts(of: term.meaning) + [""] + Self.parts(of: term.word)
      return words.indices.contains { words[$0...].starts(with: parts) }
    }
  }

  /// The terms in the texts of a lesson, in order, that a later lesson explains.
  ///
  /// A word may come early if that text, or one before it, says where it is explained: "pooling layers
  /// (lesson 8)".
  public static func early(in texts: [String], of lesson: Int) -> [(term: Term, text: String)] {
    var named: Set<Int> = []
    return texts.flatMap { text in
      let parts = parts(of: text)
      let present = Set(parts)
      named.formUnion(lessons(namedIn: parts, of: lesson))
      return all.filter {
        $0.lesson > lesson && !named.contains($0.lesson) && stands($0, in: parts, present)
      }.map { ($0, text) }
    }
  }

  /// Whether a term stands in `text`, in any form.
  public static func uses(_ term: Term, in text: String) -> Bool {
    let parts = parts(of: text)
    return stands(term, in: parts, Set(parts))
  }

  private static func stands(
    _ term: Term, in parts: [String], _ present: Set<String>
  ) -> Bool {
    // Most terms are ruled out by their words alone, in whatever order.
    term.forms.contains { form in
      form.allSatisfy(present.contains)
        && parts.indices.contains { parts[$0...].starts(with: form) }
    }
  }

  /// Its words in small letters: letters, digits, and hyphens between them.
  private static func parts(of text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
      .map(String.init)
  }

  /// The numbers in "lesson 8", "lessons 28 and 29", "lessons 22 to 31", "the next lesson".
  private static func lessons(namedIn parts: [String], of lesson: Int) -> Set<Int> {
    var numbers: Set<Int> = []
    for (index, part) in parts.enumerated() where part == "lesson" || part == "lessons" {
      if index > 0, parts[index - 1] == "next" { numbers.insert(lesson + 1) }
      let behind = parts[(index + 1)...].prefix(3)
      guard let first = behind.first.flatMap({ Int($0) }) else { continue }
      let second = behind.count == 3 ? Int(behind.last!) : nil
      switch (part, behind.dropFirst().first, second) {
      case ("lessons", "and", let second?): numbers.formUnion([first, second])
      case ("lessons", "to", let second?) where first <= second:
        numbers.formUnion(first...second)
      default: numbers.insert(first)
      }
    }
    return numbers
  }
}

extension Glossary {
  /// The command that writes the page.
  public static let command = "swift run convbook glossary --format markdown > Docs/Glossary.md"

  /// Terms as a page; all of them are the page in Docs.
  public static func page(of terms: [Term] = all) -> String {
    let lines =
      [
        "# Glossary", "",
        "The words of this field, each with the lesson that explains it. `convbook glossary WORD` shows "
          + "one.", "This page is made by `\(command)`; edit `Lessons/GlossaryTerms.swift`.", "",
        "| word | meaning | lesson |", "|---|---|---|",
      ]
      + terms.map { term in
        let page = LessonIndex.lesson(term.lesson).map { "\($0.pageStem).md" } ?? ""
        return "| \(term.word) | \(term.meaning) | [\(term.lesson)](Lessons/\(page)) |"
      }
    return lines.joined(separator: "\n") + "\n"
  }
}
