internal import Dispatch
internal import Platform
internal import Synchronization
internal import Tensors

/// Memory for floats that begins at a cache line; large ones begin at a large page and ask for more of
/// them, which spares the processor most of its address look-ups.
public final class Buffer: @unchecked Sendable {
  /// The first float.
  public let pointer: UnsafeMutablePointer<Float>
  /// The number of floats.
  public let count: Int

  /// Whoever frees the memory, if it is not this buffer's own.
  private let owner: AnyObject?

  /// Memory that belongs to `owner`, to be read only.
  public init(mapped pointer: UnsafePointer<Float>, count: Int, owner: AnyObject) {
    self.pointer = UnsafeMutablePointer(mutating: pointer)
    self.count = count
    self.owner = owner
  }

  /// Memory for `count` floats, not initialized.
  public init(count: Int) {
    precondition(count >= 0 && count <= Int.max / 8, "a buffer of \(count) floats is too large")
    self.count = count
    owner = nil
    let line = 64
    let bytes = max(count * 4, line)
    let isLarge = bytes >= 2 * largePage
    var memory: UnsafeMutableRawPointer?
    let status = posix_memalign(&memory, isLarge ? largePage : line, bytes)
    guard status == 0, let memory else {
      fatalError("out of memory: a buffer of \(bytes) bytes was refused")
    }
    if isLarge { askForLargePages(memory, bytes) }
    pointer = memory.bindMemory(to: Float.self, capacity: bytes / 4)
  }

  deinit {
    if owner == nil { free(pointer) }
  }

  /// Fills floats `range` (default: all) with zeros.
  public func clear(_ range: Range<Int>? = nil) {
    let range = range ?? 0..<count
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    memset(pointer + range.lowerBound, 0, range.count * 4)
  }

  /// Gives the memory of floats that are not needed any more back to the system, as far as it fills pages;
  /// they are lost.
  package func forget(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count && owner == nil)
    giveBack(
      pages(of: UnsafeRawBufferPointer(start: pointer + range.lowerBound, count: range.count * 4)))
  }
}

/// Asks for large pages for memory that nobody has written yet, if it fills some.
package func askForLargePages(_ memory: UnsafeMutableBufferPointer<Float>) {
  let pages = pages(of: UnsafeRawBufferPointer(memory))
  guard pages.count >= 2 * largePage else { return }
  askForLargePages(UnsafeMutableRawPointer(mutating: pages.baseAddress!), pages.count)
}

/// `a / b` rounded up.
func ceilDivide(_ a: Int, _ b: Int) -> Int { (a + b - 1) / b }

/// The threads that work, and the memory that they need meanwhile: it grows to what the largest
/// operation asks for and is used again by all others.
public final class Workspace {
  /// The threads that share the work.
  public let threads: Threads
  private var buffer = Buffer(count: 0)
  private var mapBuffer = Buffer(count: 0)

  /// A workspace for these threads.
  public init(threads: Threads = .all) {
    self.threads = threads
  }

  /// At least so many floats of scratch memory.
  func scratch(_ count: Int) -> UnsafeMutablePointer<Float> {
    if buffer.count < count { buffer = Buffer(count: count) }
    return buffer.pointer
  }

  /// A map that lasts until the next one is asked for.
  func temporaryMap(channels: Int, size: Size) -> FeatureMap {
    let count = FeatureMap.count(channels: channels, size: size)
    if mapBuffer.count < count { mapBuffer = Buffer(count: count) }
    return FeatureMap(channels: channels, size: size, in: mapBuffer, at: 0)
  }
}

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

  /// Into how many tasks work is cut, where it is enough for that: so many that the others do not wait long
  /// for a core that is slower, as some are in phones and laptops, or busy with something else.
  var tasks: Int { 8 * count }

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
