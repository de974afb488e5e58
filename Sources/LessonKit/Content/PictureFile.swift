/// A picture that goes with a lesson as a file: `convbook lesson N --pictures DIR` writes it.
///
/// Its bytes are made when they are asked for, so that reading a lesson does not wait for them.
public struct PictureFile: Sendable {
  /// The file's name: `truth.png`.
  public let name: String
  /// What it shows, in a few words.
  public let shows: String
  private let make: @Sendable () -> [UInt8]

  /// A file whose bytes `make` gives, the same at every call.
  public init(_ name: String, shows: String, make: @escaping @Sendable () -> [UInt8]) {
    (self.name, self.shows, self.make) = (name, shows, make)
  }

  /// What the file holds.
  public var bytes: [UInt8] { make() }

  /// The one sentence that a lesson's text has for its files.
  static func sentence(_ files: [PictureFile]) -> String {
    "With `--pictures DIR` this lesson writes "
      + files.map { "`\($0.name)`" }.joined(separator: ", ") + "."
  }
}

extension [Step] {
  /// The picture files among them, in order.
  public var files: [PictureFile] {
    flatMap { step -> [PictureFile] in
      if case .files(let files) = step { files } else { [] }
    }
  }
}
