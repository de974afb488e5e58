internal import Dispatch
internal import Platform
internal import Synchronization

/// How many threads share the work.
///
/// Work is cut into tasks whose results do not depend on who does them: any number of threads gives
/// the same bits.
public struct Threads: Sendable, Hashable {
  /// The number of threads, at least 1.
  public let count: Int

  /// So many threads.
  public init(_ count: Int) {
    precondition(count >= 1, "the number of threads is \(count); it must be 1 or more")
    self.count = count
  }

  /// One thread for each processor that this process may use.
  public static let all = Threads(usableProcessors)

  /// Runs tasks `0 ..< tasks`, each once; a worker takes the next task when it has done one.
  package func run(_ tasks: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    let workers = min(count, tasks)
    if workers <= 1 {
      withoutDenormals { for task in 0..<tasks { body(task, 0) } }
      return
    }
    let next = Atomic<Int>(0)
    withoutActuallyEscaping(body) { body in
      // Tasks write to different memory: whoever gives the work sees to that.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        withoutDenormals {
          while true {
            let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if task >= tasks { break }
            body(task, worker)
          }
        }
      }
    }
  }
}
