import Interchange
import Networks
import Tensors
import Training

/// Many scenes as a data set in PASCAL VOC's folders.
struct SceneFolder {
  let path: String
  let count: Int
  let seed: UInt64
  let size: Size

  /// The data set that `--voc` and `--count` ask for.
  ///
  /// - Throws: `ExitStatus` 64 if the count is none, or options for one scene are given.
  init(_ arguments: Arguments, path: String, seed: UInt64, size: Size) throws(ExitStatus) {
    if let option = ["output", "labels", "show"].first(where: arguments.has) {
      throw .usage("--\(option) goes with one scene, and --voc writes many; leave out one of them")
    }
    // Both lists have a picture from five on.
    count = try arguments.integer("count", in: 5...100_000) ?? 100
    (self.path, self.seed, self.size) = (path, seed, size)
  }

  /// The list of a scene: every fifth is kept for judging.
  private func list(of index: Int) -> String { index % 5 == 4 ? "val" : "train" }

  private func number(in list: String) -> Int {
    (0..<count).count { self.list(of: $0) == list }
  }

  /// Writes all scenes; the folder appears when they are complete.
  ///
  /// - Throws: `FileProblem`; `ExitStatus` 130 after Ctrl-C.
  func write() throws {
    let writer = try VOCFolderWriter(path)
    let scenes = PictureSet.scenes(count: count, seed: seed, size: size)
    let digits = String(count - 1).count
    let progress = PictureProgress(total: count)
    defer { progress.clear() }
    EndSignal.watch()
    for index in 0..<count {
      if EndSignal.hasCome {
        throw ExitStatus(code: 130, "stopped; nothing of \(path) was kept")
      }
      progress.show(done: index, name: path)
      let number = String(index)
      let id = "scene-" + String(repeating: "0", count: digits - number.count) + number
      let (picture, labels) = try scenes.read(index).files
      try writer.add(id, picture, labels, to: list(of: index))
    }
    try writer.commit()
  }

  var text: String {
    "\(path.visible): \(count) scenes of \(size) pixels, height first; \(number(in: "train")) in the "
      + "list train, \(number(in: "val")) in val"
  }

  var json: JSON {
    .object([
      ("folder", .string(path)), ("seed", .unsigned(seed)), ("count", .integer(count)),
      ("train", .integer(number(in: "train"))), ("val", .integer(number(in: "val"))),
      ("height", .integer(size.height)), ("width", .integer(size.width)),
    ])
  }
}
