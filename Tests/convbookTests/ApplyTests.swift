import Interchange
import Tensors
import Testing

@Suite struct ApplyTests {
  @Test(arguments: ["y.png", "y.npz", "y.txt"]) func `an array has no other kind of file`(
    name: String
  ) throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [1, 1, 2, 2], [1, 2, 3, 4])
    let outcome = try fixture.run("apply max-pool --input x.npy --kernel 2 --output \(name)")
    #expect(outcome.code == 64)
    #expect(outcome.error.contains("\(name): an array is written, as .npy"), "\(outcome.error)")
    #expect(!fixture.files.contains(name))
    #expect(try fixture.run("apply max-pool --input x.npy --kernel 2 --output y").code == 0)
  }

  @Test(arguments: ["reference", "fast"])
  func `a convolution of maps, with asymmetric padding and a bias`(engine: String) throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [1, 1, 2, 2], [1, 2, 3, 4])
    try fixture.save("w.npy", [1, 1, 2, 2], [1, 10, 100, 1000])
    try fixture.save("b.npy", [1], [0.5])
    let outcome = try fixture.run(
      "apply conv --input x.npy --weight w.npy --bias b.npy --padding 0,1,1,0 --output y.npy "
        + "--engine \(engine)")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.isEmpty && outcome.error.isEmpty)
    #expect(
      try fixture.load("y.npy")
        == NumericArray(
          shape: [1, 1, 2, 2],
          values: .float32([
            1 * 10 + 3 * 1000 + 0.5, 1 * 1 + 2 * 10 + 3 * 100 + 4 * 1000 + 0.5,
            3 * 10 + 0.5, 3 * 1 + 4 * 10 + 0.5,
          ])))
  }

  @Test(arguments: ["reference", "fast"])
  func `a transposed convolution of sequences`(engine: String) throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [1, 1, 2], [1, 2])
    try fixture.save("w.npy", [1, 1, 3], [1, 2, 3])
    let outcome = try fixture.run(
      "apply conv-transpose --input x.npy --weight w.npy --stride 2 --padding 1 "
        + "--output-padding 1 --output y.npy --engine \(engine)")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(
      try fixture.load("y.npy")
        == NumericArray(
          shape: [1, 1, 4], values: .float32([1 * 2, 1 * 3 + 2 * 1, 2 * 2, 2 * 3])))
  }

  @Test(
    arguments: [
      ("max-pool --kernel 2", [1, 1, 1, 1], [6]),
      ("max-pool --kernel 2 --ceil-mode", [1, 1, 2, 2], [6, 7, 10, 11]),
      ("avg-pool --kernel 2,1 --stride 1", [1, 1, 2, 3], [3, 4, 5, 7, 8, 9]),
      ("avg-pool --kernel 3 --padding 1 --stride 3", [1, 1, 1, 1], [(1 + 2 + 5 + 6) / 4]),
      (
        "avg-pool --kernel 3 --padding 1 --stride 3 --count-include-pad", [1, 1, 1, 1],
        [(1 + 2 + 5 + 6) / 9]
      ),
    ] as [(String, [Int], [Float])])
  func pooling(line: String, shape: [Int], values: [Float]) throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [1, 1, 3, 3], [1, 2, 3, 5, 6, 7, 9, 10, 11])
    let outcome = try fixture.run("apply \(line) --input x.npy --output y.npy")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(
      try fixture.load("y.npy") == NumericArray(shape: Shape(shape), values: .float32(values)))
  }

  @Test func `interpolation, a linear layer, softmax and argmax`() throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [1, 1, 2], [0, 4])
    try fixture.save("w.npy", [3, 2], [1, 0, 0, 1, 1, 1])
    #expect(try fixture.run("apply bilinear --input x.npy --scale 2 --output a.npy").code == 0)
    #expect(try fixture.load("a.npy").values == .float32([0, 1, 3, 4]))
    #expect(
      try fixture.run("apply linear --input x.npy --weight w.npy --output b.npy").code == 0)
    #expect(try fixture.load("b.npy").values == .float32([0, 4, 4]))
    #expect(try fixture.run("apply softmax --input x.npy --axis 1 --output c.npy").code == 0)
    #expect(try fixture.load("c.npy").values == .float32([1, 1]))
    #expect(try fixture.run("apply argmax --input x.npy --axis -1 --output d.npy").code == 0)
    #expect(try fixture.load("d.npy") == NumericArray(shape: [1, 1], values: .int64([1])))
  }

  @Test func `other number formats, byte orders and Fortran's order are read`() throws {
    let fixture = try Fixture()
    try fixture.save("w.npy", [1, 1, 1, 1], [1])
    try fixture.save(
      "big.npy", header: "{'descr': '>i4', 'fortran_order': False, 'shape': (1, 1, 1, 2), }",
      data: [0, 0, 1, 0, 0, 0, 0, 7])
    try fixture.save(
      "fortran.npy", header: "{'descr': '|u1', 'fortran_order': True, 'shape': (1, 1, 2, 2), }",
      data: [1, 3, 2, 4])
    for (name, values) in [("big", [256, 7]), ("fortran", [1, 2, 3, 4])] as [(String, [Float])] {
      let outcome = try fixture.run(
        "apply conv --input \(name).npy --weight w.npy --output y.npy")
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(try fixture.load("y.npy").values == .float32(values))
    }
  }

  @Test(arguments: ["reference", "fast"])
  func `infinities and not-a-numbers pass through`(engine: String) throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", [1, 1, 1, 4], [1, .infinity, .nan, 2])
    try fixture.save("w.npy", [1, 1, 1, 1], [-1])
    let outcome = try fixture.run(
      "apply conv --input x.npy --weight w.npy --output y.npy --engine \(engine)")
    #expect(outcome.code == 0, "\(outcome.error)")
    let values = try fixture.load("y.npy").rounded(to: Float.self).elements
    #expect(values[0] == -1 && values[1] == -.infinity && values[2].isNaN && values[3] == -2)
  }
}
