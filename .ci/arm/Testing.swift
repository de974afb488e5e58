// What the tests of kernels and primitives use of Swift Testing, as plain functions: the library itself
// cannot be had for Arm in the toolchain's version. `plain-tests` writes the tests so that they call these.

/// The issues so far, of all tests.
nonisolated(unsafe) public private(set) var issues = 0

public struct Comment: ExpressibleByStringInterpolation, CustomStringConvertible, Sendable {
  public let description: String
  public init(stringLiteral value: String) { description = value }
}

public protocol CustomTestStringConvertible {
  var testDescription: String { get }
}

public struct SourceLocation: Sendable {
  public let file: String
  public let line: Int
  public init(file: String = #fileID, line: Int = #line) { (self.file, self.line) = (file, line) }
}

public struct ExpectationFailed: Error {}

public enum Issue {
  public static func record(
    _ comment: Comment? = nil, sourceLocation: SourceLocation = SourceLocation()
  ) {
    issues += 1
    print(
      "  \(sourceLocation.file):\(sourceLocation.line): \(comment?.description ?? "not as expected")"
    )
  }
}

public func expect(
  _ condition: Bool, _ comment: @autoclosure () -> Comment? = nil, file: String = #fileID,
  line: Int = #line
) {
  if !condition { Issue.record(comment(), sourceLocation: SourceLocation(file: file, line: line)) }
}

public func require(_ condition: Bool, _ comment: @autoclosure () -> Comment? = nil) throws {
  if !condition { throw ExpectationFailed() }
}

public func require<T>(_ value: T?, _ comment: @autoclosure () -> Comment? = nil) throws -> T {
  guard let value else { throw ExpectationFailed() }
  return value
}

@discardableResult
public func expect<E: Error, R>(
  throws type: E.Type, _ comment: @autoclosure () -> Comment? = nil, file: String = #fileID,
  line: Int = #line, performing expression: () throws -> R
) -> E? {
  do { _ = try expression() } catch let error as E { return error } catch {}
  Issue.record(comment(), sourceLocation: SourceLocation(file: file, line: line))
  return nil
}

public func expect<E: Error & Equatable, R>(
  throws expected: E, _ comment: @autoclosure () -> Comment? = nil, file: String = #fileID,
  line: Int = #line, performing expression: () throws -> R
) {
  do { _ = try expression() } catch let error as E where error == expected { return } catch {}
  Issue.record(comment(), sourceLocation: SourceLocation(file: file, line: line))
}

/// Runs a test, names it if an issue came, and counts it.
public func run(_ name: String, _ test: () throws -> Void) {
  let before = issues
  do { try test() } catch { Issue.record("threw \(error)") }
  if issues > before { print("✘ \(name)") }
}

public func run<Arguments: Sequence>(
  _ name: String, _ arguments: Arguments, _ test: (Arguments.Element) throws -> Void
) {
  for argument in arguments {
    let shown = (argument as? any CustomTestStringConvertible)?.testDescription ?? "\(argument)"
    run("\(name) with \(shown)") { try test(argument) }
  }
}
