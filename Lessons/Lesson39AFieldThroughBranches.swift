import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 39: what a cell sees behind joins, and by how many paths.
  static var fieldThroughBranches: Lesson {
    Lesson(
      number: 39, slug: "a-field-through-branches", title: "A field through branches",
      part: .ownNetworks,
      question: "What does a cell see where several streams meet?",
      corrects: "A cell hears all of its receptive field alike."
    ) { _ in
      let length = 7
      let (block, size) = try Network.described(
        by: "a = conv1d 1 k3 p1; b = conv1d 1 k3 p1; s = add b input",
        size: Size(height: 1, width: length))
      let middle = length / 2
      let view = { (layer: String) throws -> [Int] in
        try counts(CellView(of: block, layer: layer, row: 0, column: middle, picture: size))
      }
      let (along, joined) = (try view("b"), try view("s"))

      prose(
        "Two layers of three cells, and a skip around them: their result is added to the row that went "
          + "in. This is how the layers of a ResNet, and of most networks since, are joined.")
      formula("a = conv k3 p1,   b = conv k3 p1 of a,   s = b + input")
      prose(
        "Follow cell \(middle) of each back to the row. A path takes one tap of each layer on its way. "
          + "Through a it has 3 to choose from, and from each of those 3 more, so that several paths lead "
          + "to one cell of the row. How many is its path count:")
      grids(
        Grid(.output, Tensor(row: try view("a")), title: "paths to cell \(middle) of a"),
        Grid(.output, Tensor(row: along), title: "paths to cell \(middle) of b"))
      formula(
        "1 1 1 ∗ 1 1 1 = \(joinedBySpaces(along.filter { $0 > 0 }))   "
          + "(one row of ones for each layer, lesson 2)")
      prose(
        "The skip adds one more path to s, from the cell of the row that lies right under it. What a "
          + "join sees is what any of its streams sees, and paths add up.")
      predict(
        "How many paths lead from cell \(middle) of the row to cell \(middle) of s?",
        answer: "\(joined[middle])", why: "\(along[middle]) + 1 = \(joined[middle])")
      grids(Grid(.output, Tensor(row: joined), title: "paths to cell \(middle) of s"))
      let lit = try (0..<length).map { try throughBlock(lighting: $0, of: length)[middle] }
      claim(
        "with kernels of ones, a lit cell of the row leaves its number of paths in s", joined,
        equals: lit)

      heading("The rule")
      formula(
        "through a layer    the paths of all its taps are added up",
        "through a join     the paths of all its streams are added up",
        "receptive field    from the first cell with a path to the last")
      prose(
        "Streams need not lie evenly over each other. Where a crop cuts at the wrong cell, one stream "
          + "looks further to one side, and the field of the join is wider than either:")
      let shifted = try Network.described(
        by: "a = conv1d 1 k3 p1; n = conv1d 1 k3 from input; c = crop a to n at 2; add c n",
        size: Size(height: 1, width: 9))
      let apart = try counts(
        CellView(
          of: shifted.network, layer: "add1", row: 0, column: 1, picture: shifted.size))
      grids(
        Grid(.output, Tensor(row: apart), title: "paths to cell 1; one stream looks 1 cell further")
      )
      claim(
        "two fields of 3 cells make one of 4",
        apart.lastIndex { $0 > 0 }! - apart.firstIndex { $0 > 0 }! + 1, equals: 3 + 1)

      heading("The mistake")
      let blocks = 10
      let text = (1...blocks).map { number in
        "a\(number) = conv1d 1 k3 p1; b\(number) = conv1d 1 k3 p1; "
          + "y\(number) = add b\(number) \(number == 1 ? "input" : "y\(number - 1)")"
      }.joined(separator: "; ")
      let deep = try Network.described(by: text, size: Size(height: 1, width: 61))
      let paths = try CellView(
        of: deep.network, layer: "y\(blocks)", row: 0, column: 30, picture: deep.size)
      let row = counts(paths)
      let field = try deep.network.receptiveField(of: "y\(blocks)", along: .width)
      let third = (field.size - 1) / 6
      let inner = row[(30 - third)...(30 + third)].reduce(0, +)
      prose(
        "Ten such blocks in a row see \(field.size) cells: 1 + \(blocks)·(2 + 2). It does not follow that "
          + "they hear all of them. \(grouped(row.reduce(0, +))) paths lead to a cell, and only one of "
          + "them from the outermost cell of its field. From the middle \(2 * third + 1) cells, a third "
          + "of the field, come \(decimal(Fraction(100 * inner, row.reduce(0, +)), 1)) of a hundred. "
          + "Where the kernels' numbers are alike, as before learning, a pixel's say is its share of the "
          + "paths.")
      pictures(
        MapPicture("paths, cell by cell, the most brightest", Tensor(row: row.map(Float.init))))
      claim("the field is 1 + \(blocks)·4", field.size, equals: 1 + blocks * 4)
      claim("one path from its outermost cell", row.first { $0 > 0 }!, equals: 1)
      claim(
        "each block is 1 2 3 2 1 and the skip's 1: together \(3 * 3 + 1) paths",
        row.reduce(0, +), equals: (0..<blocks).reduce(1) { product, _ in product * 10 })

      heading("Where it breaks: streams with different jumps")
      let unlike = try Network.described(
        by: "x = max1d k2; h = crop input to x at 0; add h x", size: Size(height: 1, width: 8))
      let seen = try (0..<4).map { cell in
        let cells = try counts(
          CellView(
            of: unlike.network, layer: "add1", row: 0, column: cell, picture: unlike.size))
        return cells.indices.filter { cells[$0] > 0 }
      }
      prose(
        "One stream has been pooled, the other has not, and someone adds the two. Cell by cell they draw "
          + "apart, and there is no number that is the field of all cells:")
      table(
        ["cell", "sees"], rows: seen.enumerated().map { ["\($0)", listed($1)] })
      let refused = refusal {
        try unlike.network.receptiveField(of: "add1", along: .width)
      }
      claim("asked for the field, the book refuses", evidence: refused ?? "", holds: refused != nil)

      heading("In FCN and U-Net")
      let fcn = Network.fcn8s()
      let streams = ["score_pool3c", "score_pool4c", "upscore2", "score"]
      let uNet = Network.uNet()
      let levels = ["down4_2", "up4", "join4", "merge4_2", "score"]
      table(
        ["FCN-8s"] + streams,
        rows: [["sees"] + (try streams.map { try fcn.receptiveField(of: $0).text })])
      table(
        ["U-Net"] + levels,
        rows: [["sees"] + (try levels.map { try uNet.receptiveField(of: $0).text })])
      prose(
        "A skip sees less than the stream that it meets, and nothing that this one does not: what it "
          + "brings is not a wider view but a finer one. Its few pixels are heard well: each has a large "
          + "share of the skip's paths.")
      claim(
        "a join of U-Net sees what its coarse stream sees",
        try uNet.receptiveField(of: "join4").size, equals: try uNet.receptiveField(of: "up4").size)
    }
  }
}

/// The paths from each cell of a row.
private func counts(_ view: CellView) -> [Int] {
  (0..<view.picture.width).map { view.paths(row: 0, column: $0).integer! }
}

private func joinedBySpaces(_ numbers: [Int]) -> String {
  numbers.map(String.init).joined(separator: " ")
}

/// What the block makes of one lit cell, with kernels of ones.
private func throughBlock(lighting cell: Int, of length: Int) throws -> Tensor<Int> {
  let x = Tensor(row: (0..<length).map { $0 == cell ? 1 : 0 })
  let three = Tensor(row: [1, 1, 1])
  let y = try convolve(try convolve(x, three, padding: beside(1)), three, padding: beside(1))
  return try fuseBySum(y, x)
}
