import Interchange
import Tensors

/// What is said about a segmented picture: every class with its pixels and its mean score.
struct SegmentReport {
  let job: SegmentJob
  let segmentation: Segmentation
  let heatmaps: [String]
  /// The names of the classes.
  let names: [String]

  /// The picture's name and size, then a line for each class that occurs.
  var text: String {
    let (labels, counts) = (segmentation.labels, segmentation.counts)
    var lines = ["\(job.picture.visible): \(labels.height)×\(labels.width) pixels, height first"]
    let width = counts.present.map { names[$0].visible.count }.max() ?? 0
    for index in counts.present {
      let number = left(String(index), 5)
      let share = left(decimal(100 * counts.share(of: index), places: 2), 8)
      let score = left(decimal(segmentation.meanScores[index], places: 3), 9)
      lines.append(
        "\(number)  \(padded(names[index].visible, to: width))\(share) %   mean score\(score)")
    }
    let written = [job.labels, job.overlay].compactMap(\.self)
    if !written.isEmpty { lines.append("  written: \(written.joined(separator: ", ").visible)") }
    if let folder = job.heatmaps {
      lines.append("  \(heatmaps.count) heat maps in \(folder.visible)")
    }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    let labels = segmentation.labels
    let classes = names.indices.map { index in
      JSON.object([
        ("class", .integer(index)), ("name", .string(names[index])),
        ("pixels", .integer(segmentation.counts.pixels[index])),
        ("share", .number(segmentation.counts.share(of: index))),
        ("meanScore", .number(segmentation.meanScores[index])),
      ])
    }
    return .object([
      ("picture", .string(job.picture)), ("height", .integer(labels.height)),
      ("width", .integer(labels.width)),
      ("output", job.labels.map(JSON.string) ?? .null),
      ("overlay", job.overlay.map(JSON.string) ?? .null),
      ("heatmaps", .array(heatmaps.map(JSON.string))), ("classes", .array(classes)),
    ])
  }

  private func left(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}

/// How many pixels of a label map each class has.
struct LabelCounts: Equatable {
  /// For each class, its pixels.
  let pixels: [Int]
  /// All pixels of the map.
  private let all: Int

  /// The pixels of each of so many classes; other labels are left out.
  init(_ map: LabelMap, classes: Int) {
    pixels = Array(map.pixelsOfLabels.prefix(classes))
    all = map.labels.count
  }

  /// The part of the picture that a class has, from 0 to 1.
  func share(of index: Int) -> Double {
    Double(pixels[index]) / Double(all)
  }

  /// The classes that occur, those with the most pixels first.
  var present: [Int] {
    pixels.indices.filter { pixels[$0] > 0 }
      .sorted { (pixels[$1], $0) < (pixels[$0], $1) }
  }
}
