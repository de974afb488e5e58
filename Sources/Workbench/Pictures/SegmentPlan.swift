import Interchange

/// All pictures of one run, and where everything goes; what cannot work is refused before any work.
struct SegmentPlan {
  let jobs: [SegmentJob]
  /// Pictures of the folders whose kind is not read.
  let leftOut: [String]
  /// Everything that is read: no output may replace it.
  private let inputs: [String]

  /// Where the outputs go, as typed.
  struct Outputs {
    var labels: String?
    var overlay: String?
    var heatmaps: String?
  }

  /// One picture gives `outputs` as files; several, or a folder, give files in those folders, named
  /// after the picture.
  ///
  /// - Parameters:
  ///   - operands: pictures and folders of pictures.
  ///   - other: further inputs that no output may replace.
  /// - Throws: `ExitStatus` 64 if two outputs are one file, or an output is an input;
  ///   `FileProblem` for folders that are not there or hold no picture.
  init(_ operands: [String], _ outputs: Outputs, other: [String]) throws {
    guard !operands.isEmpty else {
      throw ExitStatus.usage("which picture? Write convbook segment IMAGE --weights F")
    }
    let found = try operands.map(Self.pictures)
    let pictures = found.flatMap(\.read)
    leftOut = found.flatMap(\.leftOut)
    inputs = pictures + other
    let isMany = pictures.count > 1 || operands.contains(where: FilePlace.isFolder)
    try Self.check(outputs, isMany: isMany)
    let folders = (isMany ? [outputs.labels, outputs.overlay] : []) + [outputs.heatmaps]
    jobs = pictures.map { picture in
      func place(_ path: String?) -> String? {
        isMany ? path.map { FilePlace.joined($0, "\(FilePlace.stem(of: picture)).png") } : path
      }
      return SegmentJob(
        picture: picture, labels: place(outputs.labels), overlay: place(outputs.overlay),
        heatmaps: outputs.heatmaps, folders: folders.compactMap { $0.map(Self.trimmed) })
    }
    try checkLocations()
  }

  /// The endings of the files that are taken from a folder.
  private static let endings = [
    "png", "jpg", "jpeg", "jpe", "jfif", "ppm", "pgm", "pbm", "pnm",
  ]
  /// The endings of pictures that are not read; they are named, so that nobody misses them later.
  private static let otherEndings = [
    "webp", "gif", "bmp", "dib", "tif", "tiff", "heic", "heif", "avif", "jp2", "j2k", "jpx", "jxl",
    "pam", "pfm", "ico", "tga", "psd", "svg", "exr", "hdr", "dng", "cr2", "nef", "arw", "raw",
    "qoi",
  ]

  private static func pictures(_ operand: String) throws -> (read: [String], leftOut: [String]) {
    guard FilePlace.isFolder(operand) else { return ([operand], []) }
    let files = try FilePlace.names(in: operand).map { FilePlace.joined(operand, $0) }
      .filter(FilePlace.isFile)
    let read = files.filter { endings.contains(FilePlace.ending(of: $0)) }
    let leftOut = files.filter { otherEndings.contains(FilePlace.ending(of: $0)) }
    guard !read.isEmpty else {
      throw FileProblem.cannotOpen(
        "the folder \(operand) holds no picture that is read; names that end in "
          + "\(listed(endings)) are looked for"
          + (leftOut.isEmpty ? "" : ", and \(advice(leftOut))"))
    }
    return (read, leftOut)
  }

  /// What is said of pictures that are left out: how many, the first names, and what to do.
  static func advice(_ leftOut: [String]) -> String {
    let names = leftOut.prefix(10).joined(separator: ", ")
    let more = leftOut.count > 10 ? " and \(leftOut.count - 10) more" : ""
    let (are, they) =
      leftOut.count == 1
      ? ("picture of another kind is", "it") : ("pictures of other kinds are", "them")
    return
      "\(leftOut.count) \(are) left out (\(names)\(more)); save \(they) as PNG, for instance with "
      + "ImageMagick: convert OLD NEW.png"
  }

  private static func check(_ outputs: Outputs, isMany: Bool) throws {
    for (option, path, content) in [
      ("output", outputs.labels, PictureFile.Content.labels),
      ("overlay", outputs.overlay, .picture),
    ] {
      guard let path else { continue }
      if isMany {
        try checkFolder(path, for: "--\(option) of several pictures")
      } else {
        try content.check(path)
      }
    }
    if let folder = outputs.heatmaps { try checkFolder(folder, for: "--heatmaps") }
    if isMany, let labels = outputs.labels, let overlay = outputs.overlay,
      FilePlace.location(of: trimmed(labels)) == FilePlace.location(of: trimmed(overlay))
    {
      throw ExitStatus.usage(
        "--output and --overlay are the same folder, \(labels), and their files have the same names; "
          + "give two folders")
    }
  }

  /// A folder that is there, or can be made.
  private static func checkFolder(_ path: String, for purpose: String) throws {
    if FilePlace.exists(path) {
      try FilePlace.checkFolder(path, for: purpose)
    } else {
      try FilePlace.checkOutput(trimmed(path))
    }
  }

  /// The path of a folder without slashes at its end.
  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return path
  }

  /// Refuses outputs that would replace an input or each other.
  private func checkLocations() throws(ExitStatus) {
    let inputs = InputFiles(inputs)
    var writerOf: [String: String] = [:]
    for job in jobs {
      for path in [job.labels, job.overlay].compactMap(\.self) {
        try inputs.checkReplacement(by: path)
        let location = FilePlace.location(of: path)
        if let other = writerOf.updateValue(job.picture, forKey: location) {
          let both =
            other == job.picture ? "two outputs of \(other)" : "\(other) and \(job.picture)"
          throw .usage(
            "\(both) would write the same file, \(path)"
              + (other == job.picture ? "" : "; rename one of them"))
        }
      }
    }
    try checkHeatmaps()
  }

  /// Refuses heat maps that would replace an input or another output; their names are those of the
  /// classes, which the weights tell.
  func checkHeatmaps(of names: [String]) throws(ExitStatus) {
    guard jobs.contains(where: { $0.heatmaps != nil }) else { return }
    var used: [String: String] = [:]
    for path in inputs + jobs.flatMap({ [$0.labels, $0.overlay].compactMap(\.self) }) {
      used[FilePlace.location(of: path)] = path
    }
    for job in jobs {
      for index in names.indices {
        let path = job.heatmap(of: index, name: names[index], classes: names.count)
        if let path, let other = used[FilePlace.location(of: path)] {
          throw .usage(
            "the heat map \(path) would replace \(other); give the heat maps another folder")
        }
      }
    }
  }

  /// Heat maps are named after the picture and the class: no two pictures may share a name.
  private func checkHeatmaps() throws(ExitStatus) {
    var pictureOf: [String: String] = [:]
    for job in jobs where job.heatmaps != nil {
      if let other = pictureOf.updateValue(job.picture, forKey: FilePlace.stem(of: job.picture)) {
        throw .usage(
          "the heat maps of \(other) and \(job.picture) would have the same names; "
            + "segment them one by one")
      }
    }
  }
}

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
      FilePlace.joined($0, "\(FilePlace.stem(of: picture))-\(zeros)\(number)-\(safe(name)).png")
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
