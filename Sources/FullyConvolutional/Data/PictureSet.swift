/// Pictures with their labels, read one by one when they are needed.
///
/// ```swift
/// let training = PictureSet.scenes(count: 400, seed: 1)
/// for index in shuffledIndices(count: training.count, seed: 1, epoch: 0) {
///   let picture = try training.read(index)
///   …
/// }
/// ```
public struct PictureSet: Sendable {
  /// The number of pictures.
  public let count: Int
  /// What the classes are called; label `i` is the class of the `i`-th name.
  public let classNames: [String]
  /// What one picture is called in a message: its file, or `picture 3`.
  public let name: @Sendable (Int) -> String
  /// Reads or draws one picture, of `0..<count`: the same for the same index, from any thread.
  public let read: @Sendable (Int) throws -> LabeledPicture

  /// The number of classes; labels are below it, or 255 where they are ignored.
  public var classes: Int { classNames.count }

  /// A set whose pictures `read` makes when they are asked for.
  ///
  /// - Parameter name: what a picture is called in a message, such as its file.
  public init(
    count: Int, classNames: [String],
    name: @escaping @Sendable (Int) -> String = { "picture \($0)" },
    read: @escaping @Sendable (Int) throws -> LabeledPicture
  ) {
    precondition(count >= 0, "\(count) pictures; there cannot be fewer than none")
    precondition(
      (1...255).contains(classNames.count),
      "\(classNames.count) classes; a label tells from 1 to 255")
    (self.count, self.classNames) = (count, classNames)
    (self.name, self.read) = (name, read)
  }

  /// A set of these pictures.
  public init(_ pictures: [LabeledPicture], classNames: [String]) {
    self.init(count: pictures.count, classNames: classNames) { pictures[$0] }
  }
}
