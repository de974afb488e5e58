import Interchange
import Networks
import Primitives
import Training

extension PictureSet {
  /// The pictures of one list of a folder in PASCAL VOC's layout.
  ///
  /// All files must be there; they are opened only when a picture is read.
  ///
  /// - Parameters:
  ///   - folder: the folder that holds JPEGImages, SegmentationClass and ImageSets/Segmentation.
  ///   - set: the list, such as `train` or `val`.
  ///   - classNames: what the labels mean; a label beyond them is an error when it is read.
  ///   - ignored: the label that stands for no class; nil for none.
  /// - Throws: `FileProblem` or `InterchangeError`, as ``Interchange/VOCFolder/entries(of:)``.
  static func voc(
    _ folder: String, set: String, classNames: [String] = ClassNames.voc, ignored: UInt8? = 255
  ) throws -> PictureSet {
    let entries = try VOCFolder(folder).entries(of: set)
    return PictureSet(
      count: entries.count, classNames: classNames, name: { entries[$0].picture }
    ) { index in
      let (picture, labels) = try entries[index].read(classes: classNames.count, ignored: ignored)
      return LabeledPicture(picture, labels)
    }
  }

  /// What looks like masks whose foreground is ignored, by some of the labels; nil if nothing does.
  static func maskWarning(_ folder: String, set: String, classes: Int) throws -> String? {
    let entries = try VOCFolder(folder).entries(of: set)
    var tally = Tally(classes: classes, ignoring: 255)
    for index in stride(from: 0, to: entries.count, by: max(1, entries.count / 16)) {
      let labels = try entries[index].readLabels(classes: classes).labels
      try tally.add(truth: labels, labels: labels.map { $0 == 255 ? 0 : $0 })
    }
    return tally.warning(
      way: "write them with labels from 0 to \(classes - 1), for 255 is never learned")
  }
}
