/// What is needed to compile an attempt: the compiler, and the modules and objects of the book as
/// they were built.
struct Toolchain {
  /// The compiler.
  let compiler: String
  /// The folder with the book's modules.
  let modules: String
  /// The object files that an attempt's check is linked with, one a line, quoted for the linker.
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
        Files.exists("\($0)/\(list)") && Files.exists("\($0)/Modules/Checks.swiftmodule")
      })
    else {
      throw .cannotRun(
        "the book's modules are not built in \(root)/.build; "
          + "run swift build --product convbook there first")
    }
    self.compiler = compiler
    modules = "\(built)/Modules"
    objects = try Files.read("\(built)/\(list)").split(separator: "\n").map(String.init).filter {
      !$0.contains("/convbook.build/")
    }
  }
}
