internal import KernelsAVX2
internal import KernelsAVX512
internal import KernelsBaseline
internal import Platform

package import KernelInterface

/// An instruction set for which the kernels are compiled.
///
/// The kernels are the same source at every level; the result differs in the last bits only (a fused
/// multiply-add rounds once where two instructions round twice).
public enum Level: String, CaseIterable, Sendable, Comparable {
  /// What every machine of the architecture has: SSE2 on Intel, NEON on ARM.
  case baseline
  /// 256-bit registers and fused multiply-add.
  case avx2
  /// 512-bit registers, and 32 of them.
  case avx512

  /// The levels that this machine and its operating system can run, lowest first.
  public static let available: [Level] = {
    let features = processorFeatures()
    var levels = [Level.baseline]
    let haswell: Set<String> = ["avx2", "fma", "bmi1", "bmi2", "movbe", "f16c"]
    let skylake: Set<String> = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
    if features.isSuperset(of: haswell) {
      levels.append(.avx2)
      if features.isSuperset(of: skylake) { levels.append(.avx512) }
    }
    return levels
  }()

  /// The highest available level, or the highest that `CONVBOOK_KERNELS` (baseline, avx2, avx512)
  /// allows.
  public static let best: Level = {
    let limit = getenv("CONVBOOK_KERNELS").flatMap { Level(rawValue: String(cString: $0)) }
    return available.last { $0 <= limit ?? .avx512 } ?? .baseline
  }()

  /// Lower levels need less of the machine.
  public static func < (a: Level, b: Level) -> Bool {
    a.order < b.order
  }

  private var order: Int {
    switch self {
    case .baseline: 0
    case .avx2: 1
    case .avx512: 2
    }
  }

  /// This level, or a lower one whose panels of outputs fit so many outputs so much better that it does
  /// fewer multiplications at no less speed: 8 or 16 outputs fill half of a panel of 32 at most.
  public func fitting(outputs: Int) -> Level {
    guard self == .avx512, (1...16).contains(outputs % 32) else { return self }
    return outputs <= 16 ? .avx2 : self
  }

  /// The kernels of this level.
  package var table: KernelTable {
    switch self {
    case .baseline: baselineTable
    case .avx2: avx2Table
    case .avx512: avx512Table
    }
  }
}

private let baselineTable = KernelsBaseline.kernelTable()
private let avx2Table = KernelsAVX2.kernelTable()
private let avx512Table = KernelsAVX512.kernelTable()

/// The features of the processor whose registers the operating system also saves.
private func processorFeatures() -> Set<String> {
  #if arch(x86_64) && os(Linux)
    // The kernel lists a feature only if it has enabled its registers. One processor's entry will do.
    guard let file = fopen("/proc/cpuinfo", "r") else { return [] }
    defer { fclose(file) }
    var text = [UInt8](repeating: 0, count: 8192)
    let count = fread(&text, 1, text.count, file)
    for line in String(decoding: text[..<count], as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("flags") {
      return Set(line.split(separator: " ").map(String.init))
    }
    return []
  #elseif arch(x86_64) && os(macOS)
    var features: Set<String> = []
    for (name, key) in [
      ("avx2", "avx2_0"), ("fma", "fma"), ("bmi1", "bmi1"), ("bmi2", "bmi2"), ("movbe", "movbe"),
      ("f16c", "f16c"), ("avx512f", "avx512f"), ("avx512bw", "avx512bw"),
      ("avx512cd", "avx512cd"), ("avx512dq", "avx512dq"), ("avx512vl", "avx512vl"),
    ] {
      var value: Int32 = 0
      var size = MemoryLayout<Int32>.size
      if sysctlbyname("hw.optional." + key, &value, &size, nil, 0) == 0, value != 0 {
        features.insert(name)
      }
    }
    return features
  #else
    return []
  #endif
}
