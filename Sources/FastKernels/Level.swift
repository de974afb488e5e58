package import KernelInterface
internal import KernelsBaseline
internal import Platform

// Machines of other architectures leave these out.
#if canImport(KernelsAVX2)
  internal import KernelsAVX2
  internal import KernelsAVX512
#endif

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
  public static let available = levels(with: processorFeatures)

  /// The levels that a processor with these features can run, lowest first.
  static func levels(with features: Set<String>) -> [Level] {
    var levels = [Level.baseline]
    #if canImport(KernelsAVX2)
      let haswell: Set<String> = ["avx2", "fma", "bmi1", "bmi2", "f16c"]
      let skylake: Set<String> = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
      if features.isSuperset(of: haswell) {
        levels.append(.avx2)
        if features.isSuperset(of: skylake) { levels.append(.avx512) }
      }
    #endif
    return levels
  }

  /// The highest available level, or the highest that `CONVBOOK_KERNELS` (baseline, avx2, avx512)
  /// allows.
  public static let best: Level = {
    let limit = wanted.flatMap { Level(rawValue: $0) }
    return available.last { $0 <= limit ?? .avx512 } ?? .baseline
  }()

  /// What `CONVBOOK_KERNELS` says and is no level; nil if it is one, or nothing is said.
  public static var unknown: String? {
    wanted.flatMap { $0.isEmpty || Level(rawValue: $0) != nil ? nil : $0 }
  }

  private static var wanted: String? { getenv("CONVBOOK_KERNELS").map { String(cString: $0) } }

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
#if canImport(KernelsAVX2)
  private let avx2Table = KernelsAVX2.kernelTable()
  private let avx512Table = KernelsAVX512.kernelTable()
#else
  private let avx2Table = baselineTable
  private let avx512Table = baselineTable
#endif

/// Returns the floating-point operations per second of nothing but multiply-adds in registers, two
/// for each, on so many threads at once: what a product is measured against.
///
/// The best of several short runs: a busy machine gives less, never more.
public func fmaPeak(
  threads: Threads = .all, rounds: Int = 5_000_000, level: Level = .best
) -> Double {
  let table = level.table
  let results = Buffer(count: 64 * threads.count)
  for i in 0..<results.count { results.pointer[i] = 0.5 }
  // Many tasks, because some cores may be slower than others: whoever has done one takes the next.
  let tasks = threads.count == 1 ? 1 : 16 * threads.count
  let share = max(1, rounds * threads.count / tasks)
  var best = Double.infinity
  for _ in 0..<5 {
    let start = now()
    threads.run(tasks) { _, worker in
      let result = results.pointer + worker * 64
      result[0] = 0.5
      result[1] = 0.25
      table.multiplyAdds(result, share, 0, 0, 0, result)
    }
    best = min(best, now() - start)
  }
  return 2 * Double(table.multiplyAddsPerRound) * Double(share) * Double(tasks) / best
}

/// Returns the bytes per second that so many threads read at once from more memory than caches hold: what
/// the moving of maps and weights is measured against.
///
/// The best of several runs, as for ``fmaPeak(threads:rounds:level:)``.
public func readingPeak(threads: Threads = .all) -> Double {
  let (task, tasks) = (1 << 20, 64)
  let memory = Buffer(count: task * tasks)
  memory.clear()
  let sums = Buffer(count: 16 * tasks)
  var best = Double.infinity
  for _ in 0..<5 {
    let start = now()
    threads.run(tasks) { number, _ in
      KernelsBaseline.sum(memory.pointer + number * task, task, sums.pointer + 16 * number)
    }
    best = min(best, now() - start)
  }
  return 4 * Double(task * tasks) / best
}

/// Seconds from a clock that never goes back.
private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
