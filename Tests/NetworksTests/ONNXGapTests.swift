import Interchange
import Networks
import Tensors
import Testing
import WeightFiles

/// What is said of nodes that are valid and not of the book, and of those that are not valid.
@Suite struct ONNXGapTests: ONNXWriting {
  /// What the notes say of a graph with an input (1, 4, 4, 4).
  private func note(_ graph: [UInt8], opset: Int = 18) throws -> String {
    let network = try read(model(graph, opset: opset, input: [1, 4, 4, 4]))
    return network.notes.joined(separator: "\n")
  }

  private func problem(of graph: [UInt8]) -> String {
    problem(model(graph, opset: 18, input: [1, 4, 4, 4]))
  }

  @Test func `an attribute that the book lacks is told with what it has`() throws {
    let kernel = ints("kernel_shape", [2, 2])
    let scales = floats("f", [4], [1, 1, 2, 2])
    let cases: [([UInt8], String)] = [
      (
        node("Concat", ["x", "x"], "y", name: "c", attributes: [int("axis", 2)]),
        "Concat (c) has axis 2, the rows, of 4×4×4; the book puts channels behind each other"
      ),
      (
        node("Softmax", ["x"], "y", name: "s", attributes: [int("axis", -1)]),
        "Softmax (s) has axis -1, the columns, of 4×4×4; the book has it over the channels"
      ),
      (
        node("Resize", ["x", "", "f"], "y", name: "r", attributes: [text("mode", "cubic")])
          + scales,
        "Resize (r) has mode cubic; the book has nearest and linear"
      ),
      (
        node("Pad", ["x", "p"], "y", name: "p") + numbers("p", [0, 1, 0, 0, 0, 0, 0, 0]),
        "Pad (p) adds 1 and 0 along axis 1, the channels, of 4×4×4; the book adds rows and columns"
      ),
      (
        node("Slice", ["x", "a", "b", "a", "c"], "y", name: "s") + numbers("a", [3])
          + numbers("b", [0]) + numbers("c", [-1]),
        "Slice (s) has the step -1; the book cuts with steps above 0"
      ),
      (
        node("Transpose", ["x"], "y", name: "t", attributes: [ints("perm", [0, 1, 3, 2])]),
        "Transpose (t) turns the axes of 4×4×4 to the order"
      ),
      (
        node("ReduceMean", ["x"], "y", name: "m", attributes: [ints("axes", [3])]),
        "goes over the axes [3] of 4×4×4; the book has it over rows and columns together"
      ),
      (
        node("Add", ["x", "n"], "y", name: "a") + floats("n", [4], [1, 2, 3, 4]),
        "Add (a) joins 4×4×4 with (4) numbers; the book joins maps with one number, or one for each channel"
      ),
      (node("Rotate", ["x"], "y", name: "z"), "Rotate (z) is no operation of the book"),
    ]
    for (graph, sentence) in cases {
      let note = try note(graph)
      #expect(note.contains(sentence), "\(note)")
    }
    let places =
      field(
        1,
        field(1, "x") + field(2, "a") + field(2, "i") + field(3, "m") + field(4, "MaxPool")
          + field(5, kernel)) + node("Add", ["a", "i"], "y")
    #expect(try note(places).contains("MaxPool (m) gives the places of the largest cells too"))
  }

  @Test func `a graph that no reader could run is an error with its node and numbers`() {
    let pool = node("MaxPool", ["x"], "a", attributes: [ints("kernel_shape", [1, 1])])
    let cases: [([UInt8], String)] = [
      (
        node("Add", ["x", "n"], "y", name: "n") + floats("n", [3, 1, 1], [1, 2, 3]),
        "the node n (Add) joins (1, 4, 4, 4) and (3, 1, 1), which do not go together: 4 and 3 cells along "
          + "axis 1"
      ),
      (
        node("Concat", ["x", "x"], "y", name: "n", attributes: [int("axis", 7)]),
        "the node n (Concat) names the axis 7 of (1, 4, 4, 4)"
      ),
      (
        node("Softmax", ["x"], "y", name: "n", attributes: [int("axis", 4)]),
        "the node n (Softmax) names the axis 4"
      ),
      (
        node("Resize", ["x", "", "f"], "y", name: "n") + floats("f", [4], [1, 1, 0, 2]),
        "the node n (Resize) has the factor 0.0; each must be above 0"
      ),
      (
        node("Resize", ["x", "", "f"], "y", name: "n") + floats("f", [4], [1, 1, .nan, 2]),
        "the node n (Resize) has the factor nan"
      ),
      (
        node("Resize", ["x", "", "", "s"], "y", name: "n") + numbers("s", [1, 4, 0, 4]),
        "the node n (Resize) makes 0 cells"
      ),
      (
        node("MaxPool", ["x"], "y", name: "n", attributes: [ints("kernel_shape", [-2, -2])]),
        "the node n (MaxPool): the kernel size is -2"
      ),
      (
        node("MaxPool", ["x"], "y", name: "n", attributes: [ints("kernel_shape", [2])]),
        "the node n (MaxPool) has kernel_shape [2], which is for 1 axis, and reads (1, 4, 4, 4)"
      ),
      (
        node("Conv", ["x", "w"], "y", name: "n", attributes: [int("group", 3)])
          + floats("w", [3, 1, 1, 1], [1, 2, 3]),
        "the node n (Conv) reads 4 channels, and its weights (3, 1, 1, 1) in 3 groups are for 3"
      ),
      (
        node("Conv", ["x", "w"], "y", name: "n", attributes: [int("group", 2)])
          + floats("w", [3, 2, 1, 1], [1, 2, 3, 4, 5, 6]),
        "2 groups must divide its 4 input channels and 3 outputs"
      ),
      (
        node("DepthToSpace", ["x"], "y", name: "n", attributes: [int("blocksize", 3)]),
        "makes blocks of 3×3 of 4 channels, which 9 does not divide"
      ),
      (
        pool + node("Gather", ["a", "i"], "y", name: "n", attributes: [int("axis", 1)])
          + numbers("i", [4]),
        "the node n (Gather) asks for a cell that is not among 4"
      ),
    ]
    for (graph, sentence) in cases {
      let problem = problem(of: graph)
      #expect(problem.contains(sentence), "\(problem)")
      #expect(problem.hasPrefix("m.onnx"), "\(problem)")
    }
  }

  @Test func `streams of different sizes are told with what helps`() {
    let graph =
      node("MaxPool", ["x"], "a", attributes: [ints("kernel_shape", [2, 2])])
      + node("Add", ["x", "a"], "y", name: "join")
    let problem = problem(of: graph)
    #expect(problem.contains("different sizes, 4×4 and 3×3; crop the one or pad the other"))
    #expect(problem.contains("convbook fit"))
  }

  @Test func `constants of more numbers than are computed are told`() throws {
    let graph =
      node("ConstantOfShape", ["s"], "c") + node("Conv", ["x", "c"], "y", name: "n")
      + numbers("s", [1 << 20, 4, 3, 3])
    #expect(try note(graph).contains("makes (1048576, 4, 3, 3) numbers out of constants"))
  }

  @Test func `a model of more layers than a network may have is refused`() {
    let graph = (0...Network.mostLayers).flatMap { index in
      node(
        "Relu", [index == 0 ? "x" : "a\(index)"],
        index == Network.mostLayers ? "y" : "a\(index + 1)")
    }
    #expect(problem(of: graph).contains("more than 2000 layers"))
  }

  @Test func `a model without nodes gives what it reads, and in its order`() throws {
    let read = try read(model([], input: [1, 4, 5, 6], output: "x"))
    #expect(read.size == Size(height: 5, width: 6))
    #expect(read.network.inputChannels == 4)
    #expect(read.notes == [])
  }
}
