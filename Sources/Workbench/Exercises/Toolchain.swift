/// What is needed to compile an attempt: the compiler, and the modules and objects of the book as
/// they were built.
struct Toolchain {
  /// The compiler.
  let compiler: String
  /// The folder with the book's modules.
  let modules: String
  /// The object files of the book's modules, without the program itself.
  let objects: [String]

  /// Those of the modules that an attempt may use.
  var objectsForAttempts: [String] {
    objects.filter { object in
      Toolchain.modulesForAttempts.contains {
        object.contains("/\($0).build/") || object.hasSuffix("/\($0).o")
      }
    }
  }

  /// What an attempt may import of the book, and what that needs.
  static let modulesForAttempts = ["Tensors", "ExerciseKit", "Platform"]

  /// The compiler on the PATH and the modules beside this program, or those of the package's build.
  ///
  /// - Throws: ``ExerciseError/cannotRun(_:)`` that says what is missing.
  init(root: String) throws(ExerciseError) {
    guard let compiler = Environment.program("swiftc") else {
      throw .cannotRun(
        "swiftc is not on the PATH; checking an exercise needs the Swift toolchain, because it "
          + "compiles your file")
    }
    let products = "\(root)/.build/out/Products"
    let places =
      [Environment.programFolder, "\(root)/.build/debug", "\(root)/.build/release"]
      + Files.names(in: products).map { "\(products)/\($0)" }
    for place in places {
      guard let built = try Toolchain.build(in: place) else { continue }
      self.compiler = compiler
      (modules, objects) = built
      return
    }
    throw .cannotRun(
      "the book's modules are not built in \(root)/.build; "
        + "run swift build --product convbook there first")
  }

  /// Where a build left the modules and their objects: SwiftPM's own build system keeps them in folders,
  /// the newer one and Xcode put one object for each module beside the program.
  static func build(
    in place: String
  ) throws(ExerciseError) -> (modules: String, objects: [String])? {
    let list = "\(place)/convbook.product/Objects.LinkFileList"
    if Files.exists(list), Files.exists("\(place)/Modules/ExerciseKit.swiftmodule") {
      // The list names the place where the book was built, which need not be the place where it is
      // now; and it quotes names with blanks.
      let objects = try Files.read(list).split(separator: "\n").compactMap { line -> String? in
        let path = String(line.filter { !"'\"\\".contains($0) })
        let parts = path.split(separator: "/").suffix(2)
        return parts.first == "convbook.build"
          ? nil : "\(place)/" + parts.joined(separator: "/")
      }
      return ("\(place)/Modules", objects)
    }
    guard Files.exists("\(place)/ExerciseKit.o"), Files.exists("\(place)/ExerciseKit.swiftmodule")
    else { return nil }
    let objects = Files.names(in: place).filter { $0.hasSuffix(".o") && $0 != "convbook.o" }
    return (place, objects.map { "\(place)/\($0)" })
  }
}
