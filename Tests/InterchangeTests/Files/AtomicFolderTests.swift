internal import Interchange
internal import Testing

@Suite struct AtomicFolderTests {
  @Test func `what is written appears with the commit, all at once`() throws {
    let test = try TestFolder()
    let folder = try AtomicFolder(creating: test.path + "/new/")
    try folder.makeFolder("in")
    try folder.write([1, 2], to: "in/a")
    #expect(!FilePlace.exists(test.path + "/new"))
    try folder.commit()
    #expect(test.everything == ["new", "new/in", "new/in/a"])
    #expect(try FileBytes.read(test.path + "/new/in/a") == [1, 2])
  }

  @Test func `without a commit nothing remains`() throws {
    let test = try TestFolder()
    try test.makeFolder("empty")
    do {
      let folder = try AtomicFolder(creating: test.path + "/empty")
      try folder.makeFolder("in")
      try folder.write([1, 2], to: "in/a")
      #expect(test.everything.count == 4)
    }
    #expect(test.everything == ["empty"])
  }

  @Test func `an empty folder is filled, any other is left alone`() throws {
    let test = try TestFolder()
    try test.makeFolder("empty")
    try AtomicFolder(creating: test.path + "/empty").commit()
    #expect(test.everything == ["empty"])

    try AtomicFile.write([1], to: test.path + "/empty/a")
    let full = test.path + "/empty"
    for (path, words) in [
      (full, "the folder \(full) is not empty; give a folder that is not there yet"),
      (full + "/a", "\(full)/a cannot be made a folder: it is a file"),
    ] {
      #expect(throws: FileProblem.cannotWrite(words)) { try AtomicFolder(creating: path) }
    }
    #expect(throws: FileProblem.self) { try AtomicFolder(creating: test.path + "/none/a") }
    #expect(test.everything == ["empty", "empty/a"])
  }
}
