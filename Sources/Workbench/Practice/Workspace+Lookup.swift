import Tensors
import ExerciseKit

extension Workspace {
  /// The exercise that was typed: its number, its name or its file.
  ///
  /// - Throws: ``PracticeError/unknown(_:)`` with the nearest name.
  func exercise(_ typed: String) throws(PracticeError) -> any AnyExercise {
    if let number = Int(typed) {
      guard exercises.indices.contains(number - 1) else {
        throw .unknown(
          "there is no exercise \(number); they are numbered from 1 to \(exercises.count)")
      }
      return exercises[number - 1]
    }
    let stem = typed.split(separator: "/").last ?? ""
    let name = stem.hasSuffix(".swift") ? String(stem.dropLast(6)) : String(stem)
    if let found = exercises.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return found
    }
    let near = nearest(to: name, among: exercises.map(\.name))
    throw .unknown(
      "there is no exercise \"\(typed)\"; "
        + (near.map { "did you mean \($0)?" } ?? "convbook exercises lists them all"))
  }
}
