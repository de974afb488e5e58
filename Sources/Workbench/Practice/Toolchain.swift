/// What is needed to compile an attempt: the compiler, and the modules and objects of the book as
/// they were built.
struct Toolchain {
  /// The compiler.
  let compiler: String
  /// The folder with the book's modules.
  let modules: String
  /// The object files of the book's modules, without the program itself.
  let objects: [String]

  /// The compiler on the PATH and the modules beside this program, or those of the package's build.
  ///
  /// - Throws: ``PracticeError/cannotRun(_:)`` that says what is missing.
  init(root: String) throws(PracticeError) {
    guard let compiler = Environment.program("swiftc") else {
      throw .cannotRun(
        "swiftc is not on the PATH; checking an exercise needs the Swift toolchain, because it "
          + "compiles your file")
    }
    let places = [Environment.programFolder, "\(root)/.build/debug", "\(root)/.build/release"]
    let list = "convbook.product/Objects.LinkFileList"
    guard
      let built = places.first(where: {
        Files.exists("\($0)/\(list)") && Files.exists("\($0)/Modules/ExerciseKit.swiftmodule")
      })
    else {
      throw .cannotRun(
        "the book's modules are not built in \(root)/.build; "
          + "run swift build --product convbook there first")
    }
    self.compiler = compiler
    modules = "\(built)/Modules"
    // The list names the place where the book was built, which need not be the place where it is now;
    // and it quotes names with blanks.
    objects = try Files.read("\(built)/\(list)").split(separator: "\n").compactMap { line in
      let path = String(line.filter { !"'\"\\".contains($0) })
      let place = path.split(separator: "/").suffix(2)
      return place.first == "convbook.build" ? nil : "\(built)/" + place.joined(separator: "/")
    }
  }

  /// What an attempt may import of the book, and what that needs.
  static let modulesForAttempts = ["Tensors", "ExerciseKit", "Platform"]

  /// The object files of these.
  var objectsForAttempts: [String] {
    objects.filter { object in
      Toolchain.modulesForAttempts.contains { object.contains("/\($0).build/") }
    }
  }
}
