import Interchange
import Networks
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
}
