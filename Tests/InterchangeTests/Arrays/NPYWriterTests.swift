import Tensors
import Testing

@testable import Interchange

@Suite struct NPYWriterTests {
  @Test func `the bytes are those that NumPy writes`() throws {
    let ramp = Tensor<Int>(shape: [2, 3], elements: (0..<6).map { -($0 * 3 + 1) })
    #expect(NPYWriter.encode(ramp) == (try ArrayFixtures.bytes("npy/i8-little.npy")))
    #expect(
      NPYWriter.encode(ramp.map(Float.init)) == (try ArrayFixtures.bytes("npy/f4-little.npy")))
    #expect(
      NPYWriter.encode(ramp.map(Double.init)) == (try ArrayFixtures.bytes("npy/f8-little.npy")))
    let scalar = Tensor<Float>(shape: [], elements: [2.5])
    #expect(NPYWriter.encode(scalar) == (try ArrayFixtures.bytes("npy/scalar.npy")))
  }

  @Test func `data begins at a multiple of 64 for every rank`() throws {
    for rank in 0...8 {
      let tensor = Tensor<Float>(shape: Shape(Array(repeating: 1, count: rank)), elements: [7])
      let bytes = NPYWriter.encode(tensor)
      #expect(bytes.count % 64 == 4, "rank \(rank)")
      let back = try NPYReader.read(FileContents(bytes, name: "x.npy"))
      #expect(back.shape == tensor.shape, "rank \(rank)")
      #expect(back.values == .float32([7]), "rank \(rank)")
    }
  }

  @Test func `a folder that does not exist is a writing problem`() {
    #expect(throws: FileProblem.self) {
      try NPYWriter.write(Tensor<Float>(shape: [1], elements: [0]), to: "/nowhere/x.npy")
    }
  }
}
