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

    // The exercises. Attempts and Solutions see only what an attempt may use, and take the
    // compiler's defaults, so that a learner's file needs no ceremony.
    module("ExerciseKit", dependencies: ["Tensors"]),
    .target(
      name: "Attempts", dependencies: ["ExerciseKit", "Tensors"], path: "Exercises/Attempts"),
    .target(
      name: "Solutions", dependencies: ["ExerciseKit", "Tensors"], path: "Exercises/Solutions",
      swiftSettings: [.treatAllWarnings(as: .error)]),
    module(
      "Checks",
      dependencies: ["ExerciseKit", "LessonKit", "Tensors", "ConvolutionArithmetic", "Primitives"],
      path: "Exercises/Checks"),
    module(
      "Practice",
      dependencies: ["CommandLineKit", "ExerciseKit", "ConvolutionArithmetic", "Tensors"]),
    .executableTarget(
      name: "exercise-runner", dependencies: ["Attempts", "Checks", "ExerciseKit"]),

    .executableTarget(
      name: "convbook",
      dependencies: [
        "CommandLineKit", "LessonKit", "Lessons", "Checks", "ExerciseKit", "Practice", "Tensors",
        "ConvolutionArithmetic", "Primitives", "Interchange",
      ],
      swiftSettings: strict),

    tests(of: "Tensors"),
    tests(of: "ConvolutionArithmetic", dependencies: ["Tensors"]),
    tests(of: "Interchange", dependencies: ["Tensors"], exclude: ["Fixtures"]),
    tests(of: "Primitives", dependencies: ["Tensors", "ConvolutionArithmetic"]),
    tests(of: "CommandLineKit"),
    tests(of: "convbook"),
    tests(of: "LessonKit", dependencies: ["Tensors", "ConvolutionArithmetic", "Primitives"]),
    tests(of: "Lessons", dependencies: ["LessonKit"]),
    tests(of: "ExerciseKit", dependencies: ["Tensors"]),
    tests(of: "Attempts", dependencies: ["Checks", "ExerciseKit", "Practice", "exercise-runner"]),
    tests(of: "Solutions", dependencies: ["Checks", "ExerciseKit"]),
    tests(of: "Checks", dependencies: ["ExerciseKit", "LessonKit", "Lessons", "Practice"]),
    tests(of: "Practice", dependencies: ["Checks", "ExerciseKit", "convbook"]),
  ],
  swiftLanguageModes: [.v6]
)
