import CommandLineKit
import Interchange

/// All pictures of one run, and where everything goes; what cannot work is refused before any work.
struct SegmentPlan {
  let jobs: [SegmentJob]

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
    let pictures = try operands.flatMap(Self.pictures)
    let isMany = pictures.count > 1 || operands.contains(where: FilePlace.isFolder)
    try Self.check(outputs, isMany: isMany)
    jobs = pictures.map { picture in
      func place(_ path: String?) -> String? {
        isMany ? path.map { FilePath.joined($0, "\(FilePlace.stem(of: picture)).png") } : path
      }
      return SegmentJob(
        picture: picture, labels: place(outputs.labels), overlay: place(outputs.overlay),
        heatmaps: outputs.heatmaps)
    }
    try checkLocations(inputs: pictures + other)
  }

  /// The endings of the files that are taken from a folder.
  private static let endings = ["png", "jpg", "jpeg", "jpe", "ppm", "pgm", "pbm", "pnm"]

  private static func pictures(_ operand: String) throws -> [String] {
    guard FilePlace.isFolder(operand) else { return [operand] }
    let names = try FilePlace.names(in: operand).filter {
      endings.contains(FilePlace.ending(of: $0))
        && !FilePlace.isFolder(FilePath.joined(operand, $0))
    }
    guard !names.isEmpty else {
      throw FileProblem.cannotOpen(
        "the folder \(operand) holds no picture; names that end in \(listed(endings)) are looked for"
      )
    }
    return names.map { FilePath.joined(operand, $0) }
  }

  private static func check(_ outputs: Outputs, isMany: Bool) throws {
    for (option, path) in [("output", outputs.labels), ("overlay", outputs.overlay)] {
      guard let path else { continue }
      if isMany {
        try FilePlace.checkFolder(path, for: "--\(option) of several pictures")
      } else {
        try FilePlace.checkOutput(path)
      }
    }
    if let folder = outputs.heatmaps { try FilePlace.checkFolder(folder, for: "--heatmaps") }
  }

  /// Refuses outputs that would replace an input or each other.
  private func checkLocations(inputs: [String]) throws(ExitStatus) {
    var inputAt: [String: String] = [:]
    for input in inputs { inputAt[FilePlace.location(of: input)] = input }
    var writerOf: [String: String] = [:]
    for job in jobs {
      for path in [job.labels, job.overlay].compactMap(\.self) {
        let location = FilePlace.location(of: path)
        if let input = inputAt[location] {
          throw .usage("\(path) would replace the input \(input); give the output another name")
        }
        if let other = writerOf.updateValue(job.picture, forKey: location) {
          let both =
            other == job.picture ? "two outputs of \(other)" : "\(other) and \(job.picture)"
          throw .usage("\(both) would write the same file, \(path)")
        }
      }
    }
    try checkHeatmaps()
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
