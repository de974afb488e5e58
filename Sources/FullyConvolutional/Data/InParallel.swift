import FastKernels

/// Calls `body` for `0..<count`, several threads at once, and returns the results in order.
///
/// - Throws: the error of the first that failed.
func inParallel<Value: Sendable>(
  _ count: Int, threads: Threads, _ body: (Int) throws -> Value
) throws -> [Value] {
  var results = [Result<Value, any Error>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    nonisolated(unsafe) let (results, body) = (results, body)
    threads.run(count) { task, _ in
      results[task] = Result { try body(task) }
    }
  }
  return try results.map { try $0!.get() }
}
