// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours agrees to. Warnings are errors.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, dependencies: [Target.Dependency] = [], path: String? = nil) -> Target {
  .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

func tests(
  of name: String, dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
    swiftSettings: strict)
}

let package = Package(
  name: "convbook",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "convbook", targets: ["convbook"]),
    .library(name: "Primitives", targets: ["Tensors", "ConvolutionArithmetic", "Primitives"]),
  ],
  targets: [
    // Dependencies point one way: from the bottom of this list to the top.
    module("Tensors"),
    module("ConvolutionArithmetic", dependencies: ["Tensors"]),
    module("Primitives", dependencies: ["Tensors", "ConvolutionArithmetic"]),

    module("Interchange", dependencies: ["Tensors"]),

    module("CommandLineKit"),
    module(
      "LessonKit",
      dependencies: ["CommandLineKit", "Tensors", "ConvolutionArithmetic", "Primitives"]),
    module(
      "Lessons", dependencies: ["LessonKit", "Tensors", "ConvolutionArithmetic", "Primitives"],
      path: "Lessons"),

    // The exercises. Attempts and Solutions see only what an attempt may use.
    module("ExerciseKit", dependencies: ["Tensors"]),

    .executableTarget(
      name: "convbook",
      dependencies: [
        "Tensors",
        "ConvolutionArithmetic",
        "Primitives",
        "Interchange",
        "CommandLineKit",
        "LessonKit",
        "Lessons",
      ],
      swiftSettings: strict),

    tests(of: "Tensors"),
    tests(of: "ConvolutionArithmetic", dependencies: ["Tensors"]),
    tests(of: "Interchange", dependencies: ["Tensors"], exclude: ["Fixtures"]),
    tests(
      of: "Primitives", dependencies: ["Tensors", "ConvolutionArithmetic", "Interchange"],
      exclude: ["Fixtures"]),
    tests(of: "CommandLineKit"),
    tests(of: "convbook"),
    tests(of: "LessonKit", dependencies: ["Tensors", "ConvolutionArithmetic", "Primitives"]),
    tests(of: "Lessons", dependencies: ["LessonKit"]),
  ],
  swiftLanguageModes: [.v6]
)
