internal import Tensors

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

  /// Bytes of scratch memory held now.
  public var byteCount: Int { (buffer.count + mapBuffer.count) * 4 }
}
