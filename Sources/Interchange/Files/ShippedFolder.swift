internal import Platform

/// A folder that came with the book: the weights of its networks, the scripts of its pages.
public struct ShippedFolder: Sendable {
  private let name: String
  private let path: String
  private let source: String?

  // A program that is given away holds no path of the machine that built it.
  #if DEBUG
    /// A folder of this name beside an installed program, at this path of the book's own folder, and, in
    /// builds for debugging, beside the source that asks for it.
    public init(_ name: String, inBook path: String, source: String = #filePath) {
      (self.name, self.path, self.source) = (name, path, source)
    }
  #else
    /// A folder of this name beside an installed program, and at this path of the book's own folder.
    public init(_ name: String, inBook path: String) {
      (self.name, self.path, source) = (name, path, nil)
    }
  #endif

  /// The path of a file in it; nil if there is none.
  public func file(_ name: String) -> String? {
    candidates(forProgram: FilePlace.resolved(programPath))
      .map { FilePlace.joined($0, name) }.first(where: FilePlace.isFile)
  }

  /// Where it is; nil if it was moved away.
  public var found: String? {
    candidates(forProgram: FilePlace.resolved(programPath)).first(where: FilePlace.isFolder)
  }

  /// The sentence for something of it that is not there, with the way out.
  public func missing(_ what: String) -> String {
    "\(what), which came with the book, cannot be found; put the folder \(name) back beside the program, in "
      + FilePlace.folder(of: FilePlace.resolved(programPath))
  }

  /// Where it may lie: beside an installed program or in the `share` beside its `bin`; in the book's
  /// folder, for a program that was built there; and beside the source.
  package func candidates(forProgram program: String) -> [String] {
    let beside = FilePlace.folder(of: program)
    var places = [
      FilePlace.joined(beside, name),
      FilePlace.joined(FilePlace.folder(of: beside), "share/convbook/\(name)"),
    ]
    var above = beside
    while above != "/", above != "." {
      above = FilePlace.folder(of: above)
      places.append(FilePlace.joined(above, path))
    }
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return places + (source.map { [FilePlace.joined(FilePlace.folder(of: $0), last)] } ?? [])
  }
}
