public enum AtomicLoadOrdering: Sendable { case relaxed, acquiring, sequentiallyConsistent }
extension AtomicLoadOrdering {}
public enum AtomicStoreOrdering: Sendable { case relaxed, releasing, sequentiallyConsistent }
public enum AtomicUpdateOrdering: Sendable { case relaxed, acquiring, releasing, acquiringAndReleasing, sequentiallyConsistent }
@available(macOS 15.0, *)
public struct Atomic<Value>: ~Copyable, @unchecked Sendable {
  public init(_ v: consuming Value) {}
  public borrowing func load(ordering: AtomicLoadOrdering) -> Value { fatalError() }
  public borrowing func store(_ v: consuming Value, ordering: AtomicStoreOrdering) {}
}
@available(macOS 15.0, *)
extension Atomic where Value == Int {
  @discardableResult public borrowing func wrappingAdd(_ v: Int, ordering: AtomicUpdateOrdering) -> (oldValue: Int, newValue: Int) { fatalError() }
}
@available(macOS 15.0, *)
public struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
  public init(_ v: consuming sending Value) {}
  public borrowing func withLock<Result: ~Copyable, E: Error>(_ body: (inout sending Value) throws(E) -> sending Result) throws(E) -> sending Result { fatalError() }
}
