import Interchange
import Lessons

/// Writes every lesson and the index as Markdown pages into a folder.
func writePages(to folder: String) throws {
  let pages = try LessonPages.all()
  for name in pages.keys.sorted() {
    try AtomicFile.write(Array(pages[name]!.utf8), to: "\(folder)/\(name)")
  }
  printOut("\(pages.count) pages written to \(folder)")
}
