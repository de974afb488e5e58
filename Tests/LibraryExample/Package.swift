// swift-tools-version: 6.3
import PackageDescription

// A package that depends on convbook's library: by path, or by version where CONVBOOK_REPOSITORY names
// a repository.
let convbook: Package.Dependency =
  if let repository = Context.environment["CONVBOOK_REPOSITORY"] {
    .package(url: repository, from: "0.9.0")
  } else {
    .package(name: "convbook", path: "../..")
  }

let package = Package(
  name: "LibraryExample",
  platforms: [.macOS(.v15)],
  dependencies: [convbook],
  targets: [
    .executableTarget(
      name: "Example", dependencies: [.product(name: "Primitives", package: "convbook")])
  ])
