// swift-tools-version: 6.3
import PackageDescription

/// What every target of ours agrees to. Warnings are errors.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func module(
  _ name: String, dependencies: [Target.Dependency] = [], path: String? = nil,
  exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: strict)
}

/// The arithmetic that lessons, exercises and tests do all day, so many times that it is optimized in
/// debug builds too.
///
/// - Parameter compact: whether a release build optimizes it for size; see ``compact(_:)``.
func arithmetic(
  _ name: String, dependencies: [Target.Dependency] = [], path: String? = nil,
  exclude: [String] = [], compact: Bool = false
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: exclude,
    swiftSettings: strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]
      + (compact ? [.unsafeFlags(["-Osize"], .when(configuration: .release))] : []))
}

/// What a person reads or types: in a release build, optimizing it would take minutes of the build and
/// give back milliseconds. The loops over pixels and weights lie in the modules below.
func page(
  _ name: String, dependencies: [Target.Dependency] = [], path: String? = nil,
  exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: path, exclude: exclude,
    swiftSettings: strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))])
}

/// What has loops over bytes or maps, and much beside them: in a release build for size, which takes two
/// thirds of the time and costs the loops nothing that can be measured.
func compact(
  _ name: String, dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude,
    swiftSettings: strict + [.unsafeFlags(["-Osize"], .when(configuration: .release))])
}

func tests(
  of name: String, dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
    swiftSettings: strict)
}

/// Whether the program is for Intel's processors: those of the machine that builds, unless the
/// environment names others in `CONVBOOK_ARCHITECTURE`, which a build for another machine has to do.
#if arch(x86_64)
  let isIntel = Context.environment["CONVBOOK_ARCHITECTURE"] ?? "x86_64" == "x86_64"
#else
  let isIntel = Context.environment["CONVBOOK_ARCHITECTURE"] == "x86_64"
#endif

/// The inner loops, compiled once per instruction set from one source (the other folders hold
/// symbolic links to Kernels/Baseline) and chosen at run time. They are always optimized, so that
/// debug builds compute at full speed.
func kernels(_ name: String, flags: [String] = [], defines: [String] = []) -> Target {
  .target(
    name: "Kernels\(name)", dependencies: ["KernelInterface", "Platform"],
    path: "Sources/Kernels/\(name)",
    swiftSettings: optimized + [.unsafeFlags(flags.flatMap { ["-Xcc", $0] })]
      + defines.map { .define($0) })
}

/// Builtin has the instruction that fetches memory before it is needed.
let optimized: [SwiftSetting] =
  strict + [
    .enableExperimentalFeature("BuiltinModule"),
    .unsafeFlags(["-Ounchecked", "-enforce-exclusivity=unchecked"]),
  ]

/// Those that Intel's architecture has beside its baseline; on others they would be the same code once
/// more. Macs do not tell whether they have `movbe`, which numbers here do not need.
let wideKernels =
  isIntel
  ? [
    kernels("AVX2", flags: ["-march=haswell", "-mno-movbe"], defines: ["FUSED", "TILE_6x16"]),
    kernels(
      "AVX512", flags: ["-march=skylake-avx512", "-mno-movbe"], defines: ["FUSED", "TILE_14x32"]),
  ] : []

let package = Package(
  name: "convbook",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "convbook", targets: ["convbook"]),
    .library(name: "Primitives", targets: ["Tensors", "ConvolutionArithmetic", "Primitives"]),
  ],
  targets: [
    // Every module stands before those that build on it; the wide kernels, which a machine may not have,
    // are added at the end.
    arithmetic("Tensors"),
    module("Platform", path: "Sources/Interchange/Platform"),
    compact("ConvolutionArithmetic", dependencies: ["Tensors"]),
    arithmetic("Primitives", dependencies: ["Platform", "Tensors", "ConvolutionArithmetic"]),

    compact(
      "Interchange", dependencies: ["Platform", "Tensors"], exclude: ["Platform", "Weights"]),
    page(
      "WeightFiles", dependencies: ["Interchange", "Platform", "Tensors"],
      path: "Sources/Interchange/Weights"),

    arithmetic("GIF", path: "Sources/LessonKit/GIF", compact: true),
    page(
      "LessonKit", dependencies: ["Tensors", "ConvolutionArithmetic", "Primitives", "GIF"],
      exclude: ["GIF"]),
    // The exercises. Attempts and Solutions see only what an attempt may use, and take the
    // compiler's defaults, so that a learner's file needs no ceremony.
    page("ExerciseKit", dependencies: ["Platform", "Tensors"], path: "Exercises/Kit"),
    .target(
      name: "Attempts", dependencies: ["ExerciseKit", "Tensors"], path: "Exercises/Attempts"),
    .target(
      name: "Solutions", dependencies: ["ExerciseKit", "Tensors"], path: "Exercises/Solutions",
      swiftSettings: [.treatAllWarnings(as: .error)]),
    page(
      "Exercises",
      dependencies: [
        "ExerciseKit", "LessonKit", "Platform", "Tensors", "ConvolutionArithmetic", "Primitives",
      ],
      path: "Exercises/Checks"),
    .executableTarget(
      name: "exercise-runner", dependencies: ["Attempts", "ExerciseKit", "Tensors"],
      path: "Exercises/Runner"),

    module("KernelInterface", path: "Sources/Kernels/Interface"),
    kernels("Baseline"),
    compact(
      "FastKernels",
      dependencies: [
        "Platform", "Tensors", "ConvolutionArithmetic", "Primitives", "KernelInterface",
        "KernelsBaseline",
      ] + wideKernels.map { .byName(name: $0.name) }),

    page(
      "Networks",
      dependencies: [
        "Tensors", "ConvolutionArithmetic", "Primitives", "FastKernels", "Interchange",
        "WeightFiles",
      ]),
    arithmetic(
      "Training",
      dependencies: [
        "Platform", "Tensors", "ConvolutionArithmetic", "Primitives", "FastKernels", "Interchange",
        "WeightFiles", "Networks",
      ],
      // Found from the program's place; as resources of the package they would bring all of Foundation.
      exclude: ["TrainedWeights"]),

    // What the pages of `convbook book` ask; Module is compiled with it and the modules above to
    // WebAssembly, by .ci/build-web-module.
    page(
      "LiveBook",
      dependencies: ["LessonKit", "Networks", "Tensors", "ConvolutionArithmetic", "Primitives"],
      exclude: ["Module"]),

    page(
      "Lessons",
      dependencies: [
        "LessonKit", "Tensors", "ConvolutionArithmetic", "Primitives", "FastKernels",
        "Interchange", "Networks", "Training",
      ],
      path: "Lessons"),

    page(
      "Workbench",
      dependencies: [
        "Platform", "Tensors", "ConvolutionArithmetic", "Primitives", "LessonKit", "LiveBook",
        "Lessons", "ExerciseKit", "Exercises", "FastKernels", "Interchange", "WeightFiles",
        "Networks", "Training",
      ],
      // Found from the program's place, as the trained weights are.
      exclude: ["LiveBook/Assets"]),
    .executableTarget(
      name: "convbook", dependencies: ["Platform", "Workbench"], swiftSettings: strict),

    tests(of: "Tensors"),
    tests(of: "Platform"),
    tests(of: "ConvolutionArithmetic", dependencies: ["Tensors"]),
    tests(of: "Interchange", dependencies: ["Tensors", "WeightFiles"], exclude: ["Fixtures"]),
    // The widest tile without its instructions: tests its logic on every machine. A test target,
    // though it holds no test, so that `swift build` leaves it out.
    .testTarget(
      name: "KernelsWide", dependencies: ["KernelInterface", "Platform"],
      swiftSettings: optimized + [.define("TILE_14x32")]),
    tests(
      of: "FastKernels",
      dependencies: [
        "Tensors", "ConvolutionArithmetic", "Primitives", "KernelInterface", "KernelsWide",
      ]),
    tests(
      of: "Networks",
      dependencies: [
        "Tensors", "ConvolutionArithmetic", "Primitives", "FastKernels", "Interchange",
        "WeightFiles",
      ],
      exclude: ["Fixtures"]),
    tests(
      of: "Training",
      dependencies: [
        "Tensors", "ConvolutionArithmetic", "Primitives", "FastKernels", "Interchange",
        "WeightFiles", "Networks",
      ],
      exclude: ["Fixtures"]),
    tests(
      of: "Primitives", dependencies: ["Tensors", "ConvolutionArithmetic", "Interchange"],
      exclude: ["Fixtures"]),
    tests(
      of: "convbook",
      dependencies: [
        "ConvolutionArithmetic", "FastKernels", "Interchange", "WeightFiles", "Networks",
        "Platform", "Primitives", "Tensors", "Training", "Workbench",
      ],
      exclude: ["Fixtures"]),
    tests(
      of: "LessonKit", dependencies: ["Tensors", "ConvolutionArithmetic", "Primitives", "GIF"]),
    tests(
      of: "LiveBook",
      dependencies: ["LessonKit", "Lessons", "Networks", "Tensors", "ConvolutionArithmetic"],
      exclude: ["Browser"]),
    tests(of: "ExerciseKit", dependencies: ["Tensors"]),
    tests(
      of: "Attempts",
      dependencies: ["ExerciseKit", "Exercises", "Platform", "Workbench", "exercise-runner"]),
    tests(
      of: "Exercises",
      dependencies: [
        "ExerciseKit", "LessonKit", "Lessons", "Solutions", "Tensors", "Workbench",
      ]),
    tests(
      of: "Workbench",
      dependencies: [
        "ConvolutionArithmetic", "ExerciseKit", "Exercises", "LessonKit", "Platform", "Tensors",
        "convbook",
      ]),
    .testTarget(
      name: "MutationTests",
      dependencies: ["ExerciseKit", "Exercises", "Workbench", "convbook"], exclude: ["equal.txt"],
      swiftSettings: strict),
    tests(
      of: "Lessons",
      dependencies: [
        "LessonKit", "Tensors", "ConvolutionArithmetic", "Primitives", "FastKernels",
        "Interchange", "Networks", "Training", "ExerciseKit", "Exercises", "Workbench",
      ]),
  ] + wideKernels,
  swiftLanguageModes: [.v6]
)
