import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

@Suite struct SafetensorsTests {
  private func open(_ name: String) throws -> WeightFile {
    try WeightFile.open(ArrayFixtures.path("weights/\(name).safetensors"))
  }

  @Test func `every number format that safetensors writes`() throws {
    let file = try open("dtypes")
    #expect(file.format == .safetensors)
    #expect(Set(file.entries.map(\.name)) == Set(ElementType.allCases.map(\.description)))
    for entry in file.entries {
      #expect(entry.type.description == entry.name)
      #expect(entry.shape == [3])
      #expect(
        try entry.values() == (entry.name == "BOOL" ? [0, 1, 1] : [0, 1, 2]), "\(entry.name)")
    }
  }

  @Test func `small floats are widened as PyTorch widens them`() throws {
    let file = try open("small-floats")
    for name in ["e5m2", "e4m3", "f16", "bf16"] {
      let entry = try #require(file[name])
      let ours = try entry.values()
      let theirs = try #require(file["\(name).wide"]).values()
      #expect(ours.count == theirs.count)
      for (index, (a, b)) in zip(ours, theirs).enumerated() {
        // The bits of a value that is not a number may differ.
        #expect(a.bitPattern == b.bitPattern || a.isNaN && b.isNaN, "\(name) \(index)")
      }
    }
  }

  @Test func `entries come in the order of their data`() throws {
    let file = try open("plain")
    #expect(Set(file.entries.map(\.name)) == ["a", "b", "c.d"])
    #expect(file["a"]?.shape == [0, 4])
    #expect(try file["a"]?.values() == [])
    #expect(try file["b"]?.tensor() == Tensor(shape: [2, 3], elements: [0, 1, 2, 3, 4, 5]))
    #expect(file["d"] == nil)
  }

  @Test func `free text is read with its escapes`() throws {
    let metadata = try open("dtypes").metadata
    #expect(metadata.first { $0.key == "quote" }?.value == "a \"b\" \\ é")
    #expect(metadata.first { $0.key == "format" }?.value == "pt")
  }

  @Test func `aligned floats are read in place`() throws {
    let file = FileContents(try ArrayFixtures.bytes("weights/plain.safetensors"), name: "x")
    let entry = try #require(try WeightFile.open(file)["b"])
    let isInside = try entry.withUnsafeFloats { floats in
      let address = UnsafeRawPointer(floats.baseAddress!)
      return file.withBytes { $0.baseAddress! <= address && address < $0.baseAddress! + $0.count }
    }
    #expect(isInside)
  }

  /// The opened file whose header is this JSON and whose data has this many bytes.
  private func open(_ json: String, data: Int) throws -> WeightFile {
    let text = Array(json.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
    let bytes = length + text + [UInt8](repeating: 0, count: data)
    return try WeightFile.open(FileContents(bytes, name: "x"))
  }

  @Test func `an unaligned tensor is copied and has its values`() throws {
    let json = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#
    for spaces in 0..<4 {
      let file = try open(json + String(repeating: " ", count: spaces), data: 8)
      #expect(try file["a"]?.withUnsafeFloats { Array($0) } == [0, 0], "\(spaces) spaces")
    }
  }

  @Test func `malformed headers are refused with the reason`() {
    let a = #""a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#
    let cases: [(json: String, reason: String)] = [
      (#"{"#, "expected a text in quotes at byte 9"),
      (#"{\#(a)"#, "expected '}'"),
      (#"{\#(a),}"#, "expected a text in quotes"),
      (#"{\#(a)} x"#, "goes on after the closing brace"),
      (#"{\#(a),\#(a)}"#, "has the name a twice"),
      (#"{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}"#, "has the dtype F4, which is not"),
      (
        #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, "a has 8 bytes of data, and its"
      ),
      (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, "a whole number from 0"),
      (#"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, "expected ']'"),
      (#"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#, "a whole number from 0"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, "has the data_offsets [8, 0]"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#, "expected two from 0 to 8"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "begins at byte 4, expected 0"),
      (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "end at byte 4 of the data"),
      (#"{"a":{"dtype":"F32","shape":[2]}}"#, "needs the fields"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}"#, "has the field 'x'"),
      (#"{\#(a),"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, "begins at byte 4, exp"),
      (#"{"a":{"dtype":"U8","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"#, "more cells"),
      (#"{"a":{"dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,8]}}"#, "needs over"),
      (#"{"\u12":{}}"#, "four hexadecimal digits"),
      (#"{"\ud800":{}}"#, "pair of surrogates"),
      (#"{"__metadata__":{"a":1}}"#, "expected a text in quotes"),
    ]
    for (json, reason) in cases {
      let problem = sentence { try open(json, data: 8) }
      #expect(problem.contains(reason), "\(json) gave: \(problem)")
    }
  }

  @Test func `a header longer than allowed or than the file is refused`() throws {
    for (length, reason) in [
      (UInt64.max, "at most 100000000"), (100_000_001, "at most 100000000"), (99, "and 2 bytes"),
    ] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
      let file = FileContents(bytes + Array("{}".utf8), name: "x")
      #expect(sentence { try WeightFile.open(file) }.contains(reason))
    }
  }
}
