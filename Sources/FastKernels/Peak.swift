internal import KernelInterface
internal import Platform

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
  var best = Double.infinity
  for _ in 0..<5 {
    let start = now()
    threads.run(threads.count) { task, _ in
      let result = results.pointer + task * 64
      result[0] = 0.5
      result[1] = 0.25
      table.multiplyAdds(result, rounds, 0, 0, 0, result)
    }
    best = min(best, now() - start)
  }
  return 2 * Double(table.multiplyAddsPerRound) * Double(rounds) * Double(threads.count) / best
}

/// Seconds from a clock that never goes back.
private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
