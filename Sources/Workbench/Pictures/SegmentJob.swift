import Interchange

/// One picture and the files that come out of it.
struct SegmentJob: Equatable {
  /// The picture's path.
  let picture: String
  /// The label map, if it is asked for.
  var labels: String?
  /// The picture under half-transparent labels, if it is asked for.
  var overlay: String?
  /// The folder of the heat maps, if they are asked for.
  var heatmaps: String?
  /// The folders that are made, unless they are there.
  var folders: [String] = []

  /// The heat map of one class: `cat-08-bottle.png` in ``heatmaps``.
  func heatmap(of index: Int, name: String, classes: Int) -> String? {
    let number = String(index)
    let width = String(classes - 1).count
    let zeros = String(repeating: "0", count: max(0, width - number.count))
    return heatmaps.map {
      FilePath.joined($0, "\(FilePlace.stem(of: picture))-\(zeros)\(number)-\(safe(name)).png")
    }
  }

  private func safe(_ name: String) -> String {
    String(name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
  }
}

extension PictureFile.Content {
  /// Refuses a path at which this cannot be written.
  ///
  /// - Throws: `ExitStatus` 64 for an ending that means another kind of file, `FileProblem`
  func check(_ path: String) throws {
    guard PictureFile.canBeWritten(path, with: self) else {
      let what = self == .picture ? "a picture" : "a label map"
      let endings = PictureFile.endings(for: self).map { ".\($0)" }.joined(separator: " or ")
      throw ExitStatus.usage(
        "\(path) ends in .\(FilePlace.ending(of: path)), but \(what) is written as \(endings); "
          + "give a name that ends so")
    }
    try FilePlace.checkOutput(path)
  }
}
