import Interchange
import LessonKit
import Tensors

/// Writes the pictures of a lesson into a folder, which is made if it isn't there, and returns the
/// sentence that says so.
///
/// - Throws: `ExitStatus` 64 if the lesson has none; `FileProblem` if they can't be written.
func writePictures(of lesson: Lesson, _ steps: [Step], to folder: String) throws -> String {
  let files = steps.files
  guard !files.isEmpty else {
    throw ExitStatus.usage("lesson \(lesson.number) has no pictures to write; leave out --pictures")
  }
  try FilePlace.makeFolder(folder)
  for file in files { try AtomicFile.write(file.bytes, to: FilePath.joined(folder, file.name)) }
  return "\(files.count) pictures written to \(folder.visible)"
}
