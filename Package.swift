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

#if arch(x86_64)
  let isIntel = true
#else
  let isIntel = false
#endif

/// The inner loops, compiled once per instruction set from one source (the other folders hold
/// symbolic links to KernelsBaseline) and chosen at run time. They are always optimized, so that
/// debug builds compute at full speed.
func kernels(
  _ name: String, machine: String? = nil, defines: [String] = [], path: String? = nil
) -> Target {
  let optimized = ["-Ounchecked", "-enforce-exclusivity=unchecked"]
  let wide = isIntel ? machine.map { ["-Xcc", "-march=\($0)"] } ?? [] : []
  return .target(
    name: name, dependencies: ["KernelInterface"], path: path,
    exclude: name == "KernelsBaseline" ? ["generate-tiles.py"] : [],
    swiftSettings: strict + [.unsafeFlags(optimized + wide)]
      + (isIntel || path != nil ? defines.map { .define($0) } : []))
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

    module(
      "FullyConvolutional", dependencies: ["Tensors", "ConvolutionArithmetic", "Primitives"]),
    module("KernelInterface"),
    kernels("KernelsBaseline"),
    kernels("KernelsAVX2", machine: "haswell", defines: ["FUSED", "TILE_6x16"]),
    kernels("KernelsAVX512", machine: "skylake-avx512", defines: ["FUSED", "TILE_14x32"]),
    module(
      "FastKernels",
      dependencies: [
        "Tensors", "ConvolutionArithmetic", "KernelInterface", "KernelsBaseline", "KernelsAVX2",
        "KernelsAVX512",
      ]),

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
        "FullyConvolutional",
      ],
      swiftSettings: strict),

    tests(of: "Tensors"),
    tests(of: "ConvolutionArithmetic", dependencies: ["Tensors"]),
    tests(of: "Interchange", dependencies: ["Tensors"], exclude: ["Fixtures"]),
    // The widest tile without its instructions: tests its logic on every machine.
    kernels("KernelsWide", defines: ["TILE_14x32"], path: "Tests/KernelsWide"),
    tests(
      of: "FastKernels",
      dependencies: ["Tensors", "ConvolutionArithmetic", "KernelInterface", "KernelsWide"]),
    tests(of: "Primitives", dependencies: ["Tensors", "ConvolutionArithmetic"]),
    tests(of: "FullyConvolutional", dependencies: ["Tensors", "ConvolutionArithmetic"]),
    tests(of: "CommandLineKit"),
    tests(of: "convbook"),
    tests(of: "LessonKit", dependencies: ["Tensors", "ConvolutionArithmetic", "Primitives"]),
    tests(of: "Lessons", dependencies: ["LessonKit", "ConvolutionArithmetic"]),
  ],
  swiftLanguageModes: [.v6]
)
