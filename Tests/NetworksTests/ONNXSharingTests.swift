import Interchange
import Networks
import Testing

/// Tensors that several layers have together count once, as in PyTorch.
@Suite struct ONNXSharingTests: ONNXWriting {
  private func table(_ graph: [UInt8], channels: Int = 1) throws -> NetworkTable {
    let read = try read(model(graph, input: [1, channels, 4, 4]))
    return try NetworkTable(read.network, input: read.size)
  }

  private var kernel: [UInt8] { floats("w", [1, 1, 1, 1], [2]) }

  @Test func `a module that is called twice`() throws {
    let table = try table(
      node("Conv", ["x", "w", "b"], "a") + node("Conv", ["a", "w", "b"], "y") + kernel
        + floats("b", [1], [1]))
    #expect(table.rows.map(\.parameters) == [0, 1 + 1, 0])
    #expect(table.rows.map(\.sharedWith) == [[], [], ["a"]])
    #expect(table.parameters == 1 + 1)
  }

  @Test func `kernels that are tied, each with a bias of its own`() throws {
    let table = try table(
      node("Conv", ["x", "w", "b"], "a") + node("Identity", ["w"], "v")
        + node("Conv", ["a", "v", "c"], "y") + kernel + floats("b", [1], [1])
        + floats("c", [1], [1]))
    #expect(table.rows.map(\.parameters) == [0, 1 + 1, 1])
    #expect(table.parameters == 1 + 1 + 1)
  }

  @Test func `biases of zeros that an exporter keeps once are two`() throws {
    let table = try table(
      node("Conv", ["x", "w", "b"], "a") + node("Conv", ["a", "v", "b"], "y") + kernel
        + floats("v", [1, 1, 1, 1], [3]) + floats("b", [1], [0]))
    #expect(table.parameters == 2 + 2)
  }

  @Test func `normalizations are one if all four lists are, and those are four`() throws {
    func norms(_ lists: [String]) -> [UInt8] {
      node("BatchNormalization", ["x"] + lists, "a")
        + node("BatchNormalization", ["a"] + lists, "y")
        + Set(lists).sorted().flatMap { floats($0, [1], [1]) }
    }
    #expect(try table(norms(["s", "b", "m", "v"])).parameters == 2)
    // Those that were not trained have ones and zeros, of which an exporter keeps one each.
    #expect(try table(norms(["s", "b", "b", "s"])).parameters == 2 + 2)
  }
}
