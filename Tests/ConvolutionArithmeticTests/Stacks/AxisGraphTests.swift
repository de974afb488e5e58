import ConvolutionArithmetic
import Foundation
import Tensors
import Testing

@Suite struct AxisGraphTests {
  @Test func `a join sees what any of its streams sees`() throws {
    var graph = AxisGraph()
    let three = graph.add(
      try AxisLayer("3", Window(kernelSize: 3, padding: 1)), reading: graph.input)
    let five = graph.add(
      try AxisLayer("5", Window(kernelSize: 5, padding: 2)), reading: graph.input)
    for order in [[three, five], [five, three], [graph.input, five], [five, graph.input]] {
      let join = graph.join(order)
      #expect(try graph.receptiveField(of: join).size == 5)
    }
    // One stream lies two cells further on: from the first cell of one to the last of the other.
    let crop = graph.add(try .crop("crop", offset: 2), reading: three)
    let apart = graph.join([three, crop])
    #expect(try graph.receptiveField(of: apart).size == 2 + 3)
  }

  @Test func `a join's first cell lies in the middle of what it sees, in whichever order`() throws {
    // Inputs 0 to 3 of a pool of 4, and 0 to 1 of a convolution of 2: together 0 to 3.
    var graph = AxisGraph()
    let wide = graph.add(try AxisLayer("4", Window(kernelSize: 4, stride: 4)), reading: graph.input)
    let narrow = graph.add(
      try AxisLayer("2", Window(kernelSize: 2, stride: 4)), reading: graph.input)
    for order in [[wide, narrow], [narrow, wide]] {
      let join = graph.join(order)
      let field = try graph.receptiveField(of: join)
      #expect(field.start == Fraction(0 + 3, 2) && field.size == 4 && field.jump == 4)
    }
    // The input itself, and one cell further on: 0 to 1.
    let next = graph.add(try .crop("next", offset: 1), reading: graph.input)
    for order in [[graph.input, next], [next, graph.input]] {
      let join = graph.join(order)
      #expect(try graph.receptiveField(of: join).start == Fraction(1, 2))
    }
  }

  @Test func `where phases differ there is a range`() throws {
    func field(_ layers: AxisLayer...) throws -> ReceptiveField { try layers.receptiveField() }
    let pool = try AxisLayer("pool", Window(kernelSize: 2, stride: 2))
    let up = try AxisLayer("up", Window(kernelSize: 4, stride: 2, padding: 1).transposed())
    let conv = try AxisLayer("conv", Window(kernelSize: 2))
    #expect(try field(pool).text == "2")
    // Two of the coarse cells, then two or three.
    #expect(try field(pool, up).text == "4")
    #expect(try field(pool, up, conv).text == "4 or 6")
    #expect(try field(pool, up, conv).range == 4...6)
    let up3 = try AxisLayer("up", Window(kernelSize: 5, stride: 3).transposed())
    let few = try AxisLayer("few", Window(kernelSize: 1, stride: 4).transposed())
    #expect(try field(up3).text == "1 or 2")
    #expect(try field(up3, few, conv).text == "0–2")
  }

  @Test func `the field goes from the first cell to the last, and dilation leaves holes`() throws {
    var graph = AxisGraph()
    let dilated = graph.add(
      try AxisLayer("conv", Window(kernelSize: 3, dilation: 2)), reading: graph.input)
    #expect(try graph.inputsSeen(by: 5...5, of: dilated).runs == [5...5, 7...7, 9...9])
    #expect(try graph.receptiveField(of: dilated).size == 5)
    #expect(try graph.inputsSeen(by: 5...6, of: dilated).runs == [5...10])
    // Stamps of one cell with stride 4: the dilated kernel, which meets every second cell, meets a
    // stamp at cells 0 and 4 or at 2, or runs through the gaps and meets none.
    let far = graph.add(
      try AxisLayer("far", Window(kernelSize: 1, stride: 4).transposed()), reading: graph.input)
    let through = graph.add(
      try AxisLayer("dilated", Window(kernelSize: 3, dilation: 2)), reading: far)
    #expect(try graph.receptiveField(of: through).sizeByPhase == [2, 0, 1, 0])
  }

  @Test func `the fields of many layers are found in one pass`() throws {
    // 1,000 residual blocks of two windows of three cells, each joined with what it reads.
    var graph = AxisGraph()
    var x = graph.input
    let window = try AxisLayer("conv", Window(kernelSize: 3, padding: 1))
    for _ in 0..<1000 {
      let first = graph.add(window, reading: x)
      let second = graph.add(window, reading: first)
      x = graph.join([x, second])
    }
    let fields = graph.receptiveFields()
    #expect(fields.count == 1 + 3 * 1000)
    #expect(try fields.last!.get().sizeByPhase == [1 + 1000 * (2 + 2)])
    #expect(try fields[1 + 3 * 500].get() == graph.receptiveField(of: graph.nodes[1 + 3 * 500]))
  }

  @Test func `streams of different jumps cannot be one field`() throws {
    var graph = AxisGraph()
    let half = graph.add(
      try AxisLayer("pool", Window(kernelSize: 2, stride: 2)), reading: graph.input)
    let sum = graph.join([half, graph.input])
    #expect(throws: GeometryError.self) { try graph.receptiveField(of: sum) }
  }

  /// Random graphs of all kinds of layers: the taps of each, followed cell by cell over maps that are
  /// long enough for borders not to matter in the middle, tell what is seen. 100 graphs, and 400 with
  /// CONVBOOK_MAINTAINER=1.
  @Test func `what is seen equals following the taps, through random graphs`() throws {
    var random = SplitMix64(seed: 5)
    var gaps = 0
    var ranges = 0
    let count = ProcessInfo.processInfo.environment["CONVBOOK_MAINTAINER"] == nil ? 100 : 400
    for number in 0..<count {
      let drawn = try RandomGraph(using: &random)
      for node in drawn.graph.nodes.dropFirst() {
        let field = try drawn.graph.receptiveField(of: node)
        let sets = drawn.seen[node]!
        for cell in drawn.middle(of: node, phases: field.sizeByPhase.count) {
          let walked = try drawn.graph.inputsSeen(by: cell...cell, of: node)
          let counted = sets[cell].sorted()
          #expect(walked.runs.flatMap { Array($0) } == counted, "graph \(number), \(drawn.text)")
          let extent = counted.last.map { $0 - counted[0] + 1 } ?? 0
          #expect(
            field.sizeByPhase[cell % field.sizeByPhase.count] == extent,
            "graph \(number), cell \(cell) of \(drawn.text)")
          if extent > counted.count { gaps += 1 }
        }
        if field.range.count > 1 { ranges += 1 }
      }
    }
    // That the graphs are not all simple ones.
    #expect(gaps > count / 4 && ranges > count / 4)
  }
}

/// A graph of random layers and joins, and for each cell of each layer the inputs that it sees, counted.
private struct RandomGraph {
  var graph = AxisGraph()
  var seen: [AxisGraph.Node: [Set<Int>]] = [:]
  private var jumps: [AxisGraph.Node: Fraction] = [:]
  private var starts: [AxisGraph.Node: Fraction] = [:]
  private(set) var text = ""
  private let length = 420

  init(using random: inout SplitMix64) throws {
    seen[graph.input] = (0..<length).map { [$0] }
    (jumps[graph.input], starts[graph.input]) = (1, 0)
    for _ in 0..<random.integer(in: 2...6) { try addLayer(using: &random) }
  }

  /// As many cells as there are phases, or 12, around the one that looks at the middle of the input.
  func middle(of node: AxisGraph.Node, phases: Int) -> Range<Int> {
    let cell = ((Fraction(length / 2) - starts[node]!) / jumps[node]!).floor
    let count = min(phases, 12)
    return max(0, cell - count / 2)..<max(0, cell - count / 2) + count
  }

  private mutating func addLayer(using random: inout SplitMix64) throws {
    let input = graph.nodes[random.integer(in: 0...graph.nodes.count - 1)]
    let kernelSize = random.integer(in: 1...4)
    let (stride, dilation) = (random.integer(in: 1...3), random.integer(in: 1...3))
    let padding = random.integer(in: 0...2)
    let sets = seen[input]!
    var output: [Set<Int>]
    let node: AxisGraph.Node
    switch random.integer(in: 0...4) {
    case 0, 1:
      let window = try Window(
        kernelSize: kernelSize, stride: stride, dilation: dilation, padding: padding)
      let axis = try window.axis(input: sets.count)
      output = (0..<axis.outputSize).map { cell in
        axis.taps(ofOutput: cell).reduce(into: []) { $0.formUnion(sets[$1.input]) }
      }
      node = graph.add(AxisLayer("window", window), reading: input)
      text += "window \(window), "
    case 2, 3:
      guard jumps[input]! > Fraction(1, 4) else { return }
      let up = try Window(
        kernelSize: kernelSize, stride: stride, dilation: dilation,
        padding: min(padding, dilation * (kernelSize - 1))
      ).transposed()
      let axis = try up.axis(input: sets.count)
      output = (0..<axis.inputSize).map { cell in
        axis.taps(ofInput: cell).reduce(into: []) { $0.formUnion(sets[$1.output]) }
      }
      node = graph.add(AxisLayer("up", up), reading: input)
      text += "up \(up), "
    default:
      // A stream that moves as this one does.
      guard let other = graph.nodes.last(where: { $0 != input && jumps[$0] == jumps[input] }) else {
        return
      }
      let others = seen[other]!
      output = (0..<min(sets.count, others.count)).map { sets[$0].union(others[$0]) }
      node = graph.join([input, other])
      text += "join, "
    }
    let back = try graph.coordinateMap(of: node).inverse()
    (jumps[node], starts[node], seen[node]) = (back.scale, back.shift, output)
  }
}
