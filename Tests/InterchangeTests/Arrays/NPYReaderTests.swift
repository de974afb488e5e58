import Tensors
import Testing

@testable import Interchange

@Suite struct NPYReaderTests {
  static let formats = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]

  @Test(arguments: formats, ["little", "big"])
  func `every number format in both byte orders`(format: String, order: String) throws {
    let array = try NPYReader.read(path: ArrayFixtures.path("npy/\(format)-\(order).npy"))
    let sign = format.hasPrefix("u") ? 1 : -1
    let expected = (0..<6).map { sign * ($0 * 3 + 1) }
    #expect(array.shape == [2, 3])
    #expect(array.exactly(Int.self)?.elements == expected)
    #expect(array.rounded(to: Float.self).elements == expected.map(Float.init))
    #expect(array.exactly(Double.self)?.elements == expected.map(Double.init))
  }

  @Test func `truth values are 0 and 1`() throws {
    let array = try NPYReader.read(path: ArrayFixtures.path("npy/b1.npy"))
    #expect(array.values == .uint8([1, 0, 1, 0, 1, 0]))
  }

  @Test func `doubles keep every bit, and only what fits is exact`() throws {
    let array = try NPYReader.read(path: ArrayFixtures.path("npy/fractions.npy"))
    #expect(array.values == .float64([0.1, 1e300, -0.0, .infinity, .leastNonzeroMagnitude]))
    #expect(array.exactly(Float.self) == nil)
    #expect(array.exactly(Int.self) == nil)
    #expect(array.rounded(to: Float.self).elements == [0.1, .infinity, 0, .infinity, 0])
  }

  @Test func `a scalar has rank 0 and one value`() throws {
    let array = try NPYReader.read(path: ArrayFixtures.path("npy/scalar.npy"))
    #expect(array.shape == [])
    #expect(array.values == .float32([2.5]))
  }

  @Test func `an empty array keeps its shape`() throws {
    let array = try NPYReader.read(path: ArrayFixtures.path("npy/empty.npy"))
    #expect(array.shape == [0, 7])
    #expect(array.values == .float32([]))
  }

  @Test func `columns first become rows first`() throws {
    let array = try NPYReader.read(path: ArrayFixtures.path("npy/columns-first.npy"))
    #expect(array.shape == [2, 3, 4])
    #expect(array.exactly(Int.self)?.elements == Array(0..<24))
  }

  @Test(arguments: 1...3) func `every version of the format`(version: Int) throws {
    let array = try NPYReader.read(path: ArrayFixtures.path("npy/version\(version).npy"))
    #expect(array.exactly(Int.self)?.elements == [1, 4, 7, 10, 13, 16])
  }

  @Test func `a missing file, a folder and a malformed file are different errors`() throws {
    #expect(throws: FileProblem.self) { try NPYReader.read(path: "/nowhere/x.npy") }
    #expect(throws: FileProblem.self) { try NPYReader.read(path: ArrayFixtures.path("npy")) }
    #expect(throws: InterchangeError.self) {
      try NPYReader.read(path: ArrayFixtures.path("make_npy.py"))
    }
  }

  /// A version 1 file with this header text and this number of data bytes.
  private func file(_ header: String, data: [UInt8]) -> FileContents {
    let text = Array(header.utf8)
    let start = NPYHeader.magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
    return FileContents(start + text + data, name: "x.npy")
  }

  private func problem(_ header: String, data: Int = 0) -> String {
    sentence {
      try NPYReader.read(file(header, data: [UInt8](repeating: 0, count: data)))
    }
  }

  @Test func `a shape beyond the file is refused before anything is allocated`() {
    let extents = [1_000_000_000_000_000, 4]
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000, 4), }"
    #expect(
      problem(header, data: 8)
        == "x.npy: its shape \(Shape(extents)) of <f4 needs \(extents[0] * 4 * 4) bytes of data, "
        + "and the file has 8")
    let beyond = "{'descr': '<f8', 'fortran_order': False, 'shape': (4000000000000000000,), }"
    #expect(problem(beyond, data: 8).contains("needs over \(Int.max) bytes"))
  }

  @Test func `what is no array is called what it is`() {
    func problem(_ bytes: [UInt8]) -> String {
      do {
        _ = try bytes.withUnsafeBytes { (bytes) throws in try NPYHeader(bytes, total: bytes.count) }
        return ""
      } catch { return "\(error)" }
    }
    #expect(problem([]) == "it is empty")
    #expect(problem(Array("PK\u{3}\u{4} and more".utf8)).contains("an archive"))
  }

  @Test func `malformed headers are refused with the reason`() {
    let cases: [(header: String, reason: String)] = [
      ("", "expected '{'"),
      ("{'descr': '<f4', 'fortran_order': False}", "needs the keys"),
      ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}", "once each"),
      ("{'descr': '<f4', 'fortran_order': 0, 'shape': ()}", "expected True or False"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (2)}", "a comma is missing"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}", "a whole number from 0"),
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
        "a whole number"
      ),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': ()} x", "goes on"),
      ("{'descr': '|f4', 'fortran_order': False, 'shape': ()}", "number format is '|f4'"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': 1}", "the key 'more'"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': ()}", "needs 4 bytes"),
    ]
    for (header, reason) in cases {
      #expect(problem(header).contains(reason), "\(header) gave: \(problem(header))")
    }
  }

  @Test func `number formats that are no plain numbers are refused`() throws {
    let structured = sentence { try NPYReader.read(path: ArrayFixtures.path("npy/structured.npy")) }
    #expect(structured.contains("structured types are not read"))
    let complex = sentence { try NPYReader.read(path: ArrayFixtures.path("npy/complex.npy")) }
    #expect(complex.contains("number format is '<c8'"))
  }

  @Test func `an unsigned value that no Int holds is refused`() {
    let header = "{'descr': '<u8', 'fortran_order': False, 'shape': (), }"
    let ones = [UInt8](repeating: 0xFF, count: 8)
    let problem = sentence { try NPYReader.read(file(header, data: ones)) }
    #expect(problem.contains("above \(Int.max)"))
  }
}
