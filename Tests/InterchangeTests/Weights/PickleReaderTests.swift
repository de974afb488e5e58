import Testing

@testable import Interchange
@testable import WeightFiles

@Suite struct PickleReaderTests {
  /// The pickle of protocol 2 that consists of these pieces.
  private func read(_ pieces: [UInt8]..., limit: Int = PickleReader.mostValues) throws -> Pickle {
    let bytes = [0x80, 2] + Array(pieces.joined())
    return try bytes.withUnsafeBytes { try PickleReader.read($0, in: 0..<$0.count, limit: limit) }
  }

  private func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func text(_ text: String) -> [UInt8] {
    [UInt8(ascii: "X"), UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
  }

  @Test func `numbers`() throws {
    guard case .int(-2) = try read(ascii("J"), [0xFE, 0xFF, 0xFF, 0xFF], ascii(".")).root else {
      Issue.record("J")
      return
    }
    guard case .int(-256) = try read([0x8A, 2, 0, 0xFF], ascii(".")).root else {
      Issue.record("LONG1")
      return
    }
    guard case .double(1.5) = try read(ascii("G"), [0x3F, 0xF8, 0, 0, 0, 0, 0, 0], ascii(".")).root
    else {
      Issue.record("G")
      return
    }
  }

  @Test func `a name cannot smuggle terminal commands into a message`() {
    let whole = sentence { try StateDict(try read(ascii("cos\u{1B}[2J\nsystem\n)R."))) }
    #expect(whole.contains("it holds a whole os\\x1B[2J.system"), "\(whole)")
    let inside = sentence {
      try StateDict(try read(ascii("}"), text("a\u{1B}"), ascii("cos\u{1B}\nx\n)Rs.")))
    }
    #expect(inside.contains("'a\\x1B' (os\\x1B.x)"), "\(inside)")
  }

  @Test func `operations of protocol 0, and buffers outside, are refused by their code`() {
    for code in [UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "P"), 0x97, 0x98, 0xFF] {
      let problem = sentence { try read([code], ascii(".")) }
      let digits = String(code, radix: 16, uppercase: true)
      #expect(problem.contains("operation 0x\(digits) at byte 2"), "\(problem)")
    }
  }

  @Test func `a list that contains itself is read and does no harm`() throws {
    let pickle = try read(ascii("]q"), [0], ascii("h"), [0], ascii("a."))
    guard case .list(let number) = pickle.root, case .list(number) = pickle.sequences[number][0]
    else {
      Issue.record("expected a list in itself")
      return
    }
  }

  @Test func `a dict that nests itself is no state dict`() throws {
    let pickle = try read(
      ascii("}q"), [0], text("model_state_dict"), ascii("h"), [0], ascii("s."))
    #expect(sentence { try StateDict(pickle) }.contains("holds no tensors"))
  }

  @Test func `ten thousand lists in each other are read without recursion`() throws {
    let depth = 10_000
    let open = [UInt8](repeating: UInt8(ascii: "]"), count: depth)
    let close = [UInt8](repeating: UInt8(ascii: "a"), count: depth - 1)
    #expect(try read(open, close, ascii(".")).sequences.count == depth)
  }

  @Test func `too many values are refused`() throws {
    func nones(_ count: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "N"), count: count) }
    #expect(sentence { try read(nones(11), limit: 10) }.contains("more than 10 values"))
    #expect(sentence { try read(nones(10), ascii("."), limit: 10) }.contains("9 values left over"))
  }

  @Test func `values are not taken from below a mark, nor from an empty stack`() {
    let cases: [(pickle: String, reason: String)] = [
      ("a.", "takes more values"), ("N(.", "takes more values"), ("t.", "needs a mark"),
      ("NN.", "1 values left over"), ("NNa.", "no list"), ("]NNs.", "no dict"),
      ("}(Nu.", "half of a pair"), ("hA.", "never put"), ("NNb.", "none"), ("NNR.", "no tuple"),
      ("N)R.", "be called"),
      ("NQ.", "outside of it"), ("X", "needs 4 more bytes"), ("cos", "does not end"),
    ]
    for (pickle, reason) in cases {
      let problem = sentence { try read(ascii(pickle)) }
      #expect(problem.contains(reason), "\(pickle) gave: \(problem)")
    }
  }

  /// A dict with one tensor of a storage of four floats.
  private func tensor(offset: UInt8, extents: [UInt8], strides: [UInt8]) throws -> WeightEntry {
    func tuple(_ values: [UInt8]) -> [UInt8] {
      ascii("(") + values.flatMap { [UInt8(ascii: "K"), $0] } + ascii("t")
    }
    let pickle = try read(
      ascii("}"), text("a"), ascii("ctorch._utils\n_rebuild_tensor_v2\n(("), text("storage"),
      ascii("ctorch\nFloatStorage\n"), text("0"), text("cpu"), ascii("K"), [4], ascii("tQK"),
      [offset], tuple(extents), tuple(strides), [0x89], ascii("ccollections\nOrderedDict\n)RtRs."))
    let block = ByteBlock(.memory([0, 1, 2, 3]))
    let (name, tensor) = try StateDict(pickle).tensors[0]
    return try tensor.entry(name, path: "x", block: block, byteOrder: .little)
  }

  @Test func `a tensor must lie in its storage`() throws {
    #expect(try tensor(offset: 1, extents: [3], strides: [1]).values() == [1, 2, 3])
    #expect(
      sentence { try tensor(offset: 2, extents: [3], strides: [1]) }.contains("offset 2, which"))
    #expect(
      sentence { try tensor(offset: 0, extents: [3], strides: [2]) }.contains("more than its"))
    #expect(sentence { try tensor(offset: 0, extents: [1], strides: []) }.contains("does not"))
    let bomb = sentence { try tensor(offset: 0, extents: [200, 200, 200], strides: [0, 0, 0]) }
    #expect(bomb.contains("repeats the 4 elements"))
  }
}
