@testable import Interchange

/// The array and weight files made by other programs.
enum ArrayFixtures {
  /// The path of the fixture called `name`.
  static func path(_ name: String) -> String {
    Fixtures.path("Arrays/\(name)")
  }

  /// The bytes of the fixture called `name`.
  static func bytes(_ name: String) throws -> [UInt8] {
    try Fixtures.bytes("Arrays/\(name)")
  }
}

/// The sentence of the error that `body` throws, or what came instead of one.
func sentence(_ body: () throws -> some Any) -> String {
  do {
    let result = try body()
    return "no error but \(result)"
  } catch {
    return "\(error)"
  }
}
