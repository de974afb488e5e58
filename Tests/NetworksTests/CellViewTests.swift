import ConvolutionArithmetic
import Networks
import Tensors
import Testing

@Suite struct CellViewTests {
  private func line(_ text: String, cell: Int, of layer: String, length: Int) throws -> CellView {
    let (network, size) = try Network.described(
      by: text, size: Size(height: 1, width: length))
    return try CellView(of: network, layer: layer, row: 0, column: cell, picture: size)
  }

  private func counts(_ view: CellView) -> [Int?] {
    (0..<view.picture.width).map { view.paths(row: 0, column: $0).integer }
  }

  @Test func `two layers of three cells see five, the middle one three times`() throws {
    let view = try line("conv1d 1 k3; conv1d 1 k3", cell: 1, of: "conv2", length: 7)
    #expect(counts(view) == [0, 1, 2, 3, 2, 1, 0])
    #expect(view.seen?.columns == 1...5 && view.paths.integer == 3 * 3 && view.most.integer == 3)
  }

  @Test func `what begins in the padding is told apart, and zeros further up count for nothing`()
    throws
  {
    let view = try line("conv1d 1 k3 p1; conv1d 1 k3 p1", cell: 0, of: "conv2", length: 4)
    // Of conv1's cells −1, 0 and 1 the first is no cell; 0 sees −1 to 1, and 1 sees 0 to 2.
    #expect(counts(view) == [2, 2, 1, 0] && view.paths(row: 0, column: -1).integer == 1)
    #expect(view.pathsFromPadding.integer == 1 && view.reach?.columns == -1...2)
    #expect(view.seen?.columns == 0...2)
  }

  @Test func `both streams of a join count`() throws {
    let text = "a = conv1d 1 k3 p1; b = conv1d 1 k1 from input; add a b"
    #expect(counts(try line(text, cell: 2, of: "add1", length: 5)) == [0, 1, 2, 1, 0])
    #expect(counts(try line(text, cell: 2, of: "b", length: 5)) == [0, 0, 1, 0, 0])
  }

  @Test func `a hundred layers have 3¹⁰⁰ paths`() throws {
    let view = try line("conv1d 1 k3 p1 x100", cell: 150, of: "conv100", length: 301)
    #expect(view.paths.description == "515377520732011331036461129765621272702107522001")
    #expect(view.paths.integer == nil && view.pathsFromPadding.isZero)
    #expect(view.seen?.columns == 50...250 && view.paths(row: 0, column: 50).integer == 1)
    #expect(view.paths(row: 0, column: 51).integer == 100)
    let share = view.paths(row: 0, column: 150).share(of: view.most)
    #expect(share == 1)
  }

  /// Each layer's cells know how often each pixel leads to them, from the picture on.
  @Test func `the paths of 60 random networks are those that are counted forwards`() throws {
    var random = SplitMix64(seed: 41)
    var (joins, number) = (0, 0)
    while number < 60 {
      let (network, picture) = Network.random(using: &random)
      // Of these the cells do not depend on the picture, which the counting below relies on.
      let isPlain = network.layers.allSatisfy { layer in
        switch layer.operation {
        case .globalPool, .resize, .pad: false
        default: true
        }
      }
      guard isPlain else { continue }
      number += 1
      let last = network.layers.last!
      let counted = try forward(network, picture)[last.name]!
      joins += network.layers.count { $0.inputs.count > 1 }
      let size = try network.shapes(input: picture).last!.size
      for _ in 0..<3 {
        let row = random.integer(in: 0...size.height - 1)
        let column = random.integer(in: 0...size.width - 1)
        let view = try CellView(
          of: network, layer: last.name, row: row, column: column, picture: picture)
        let expected = counted[row * size.width + column]
        for y in 0..<picture.height {
          for x in 0..<picture.width {
            #expect(
              view.paths(row: y, column: x).integer == expected[y * picture.width + x],
              "\(number), cell \(row),\(column), pixel \(y),\(x)")
          }
        }
        #expect(view.paths.integer == expected.reduce(0, +))
      }
    }
    #expect(joins > 20)
  }

  private func forward(_ network: Network, _ picture: Size) throws -> [String: [[Int]]] {
    let shapes = try network.shapes(input: picture)
    let sizes = Dictionary(
      uniqueKeysWithValues: zip(network.layers.map(\.name), shapes.map(\.size)))
    var maps: [String: [[Int]]] = [:]
    for layer in network.layers {
      let size = sizes[layer.name]!
      var map = [[Int]](repeating: [Int](repeating: 0, count: picture.area), count: size.area)
      func add(_ name: String, _ row: Int, _ column: Int, to cell: Int) {
        let source = maps[name]![row * sizes[name]!.width + column]
        for index in source.indices { map[cell][index] += source[index] }
      }
      for row in 0..<size.height {
        for column in 0..<size.width {
          let cell = row * size.width + column
          if case .input = layer.operation {
            map[cell][cell] = 1
            continue
          }
          let name = layer.inputs[0]
          switch layer.operation {
          case .crop:
            let offset = try network.cropOffsets(of: layer)
            add(name, row + offset.height, column + offset.width, to: cell)
          case .cut(let offset, _):
            add(name, row + offset.height, column + offset.width, to: cell)
          case .sum, .product, .maximum, .concatenate:
            for name in layer.inputs {
              // A map of one cell goes with every cell.
              let size = sizes[name]!
              add(name, size.height == 1 ? 0 : row, size.width == 1 ? 0 : column, to: cell)
            }
          default:
            guard let rows = try layer.operation.window(along: .height),
              let columns = try layer.operation.window(along: .width)
            else {
              add(name, row, column, to: cell)
              continue
            }
            let (down, across) = (
              try rows.axis(input: sizes[name]!.height), try columns.axis(input: sizes[name]!.width)
            )
            for y in down.sources(ofResult: row) {
              for x in across.sources(ofResult: column) { add(name, y.given, x.given, to: cell) }
            }
          }
        }
      }
      maps[layer.name] = map
    }
    return maps
  }

  @Test func `behind a global pool every pixel leads to every cell once`() throws {
    let (network, _) = try Network.described(by: "a = conv 1 k1; avg global; add a", size: 3)
    let view = try CellView(of: network, layer: "add1", row: 1, column: 1, picture: 3)
    #expect(view.paths.integer == 9 + 1 && view.paths(row: 1, column: 1).integer == 2)
  }

  @Test func `what is not there is refused, and so is what is too much`() throws {
    let network = try Network.described(by: "conv 1 k3").network
    func refusal(_ layer: String, _ row: Int, _ column: Int, _ network: Network) -> String {
      do {
        _ = try CellView(of: network, layer: layer, row: row, column: column, picture: 8)
        return ""
      } catch { return error.description }
    }
    #expect(refusal("conv2", 0, 0, network).contains("no layer conv2"))
    #expect(refusal("conv1", 6, 0, network).contains("its rows are 0 to 5"))
    #expect(refusal("conv1", 0, -1, network).contains("its columns 0 to 5"))
    let wide = try Network.described(by: "conv1d 1 k100000000 p50000000").network
    #expect(refusal("conv1", 0, 0, wide).contains("too many to be followed"))
  }
}
