internal import KernelInterface

/// A step of gradient descent with momentum and weight decay: what `GradientDescent` of Primitives does,
/// in Float and fast.
///
///     v ← momentum · v + (gradient + decay · w)
///     w ← w − rate · v
public func descend(
  weights: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>,
  gradient: UnsafePointer<Float>, count: Int, rate: Float, momentum: Float, decay: Float,
  threads: Threads = .all, level: Level = .best
) {
  var job = DescentJob(
    weights: weights, velocity: velocity, gradient: gradient, rate: rate, momentum: momentum,
    decay: decay)
  let kernel = level.table.descend
  withUnsafePointer(to: &job) { job in
    threads.run(ceilDivide(count, 1 << 16)) { task, _ in
      kernel(job, task << 16, min((task + 1) << 16, count), 0, 0, weights)
    }
  }
}

/// sum[i] += numbers[i]
public func add(
  _ numbers: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int,
  threads: Threads = .all, level: Level = .best
) {
  pairwise(sum, numbers, count, threads, level.table.addElements)
}

/// Shares a kernel over pairs of numbers among threads.
func pairwise(
  _ elements: UnsafeMutablePointer<Float>, _ others: UnsafePointer<Float>, _ count: Int,
  _ threads: Threads, _ kernel: Kernel
) {
  var job = PairJob(elements: elements, others: others)
  withUnsafePointer(to: &job) { job in
    threads.run(ceilDivide(count, 1 << 16)) { task, _ in
      kernel(job, task << 16, min((task + 1) << 16, count), 0, 0, elements)
    }
  }
}
