import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 42: how a gradient goes back through what is no convolution.
  static var forksAdd: Lesson {
    Lesson(
      number: 42, slug: "forks-add", title: "A fork adds, a sum copies", part: .understood,
      question: "A map feeds two layers, as pool4 does in FCN. Which gradient does it get?",
      corrects: "The gradient that comes back last is the gradient of the map."
    ) { _ in
      let x = Tensor(row: [2, 5, 1])
      let (up, down) = (3, -1)
      let (g, h) = (Tensor(row: [1, 0, 2]), Tensor(row: [4, 1, 1]))
      let loss = { (x: Tensor<Int>) -> Int in
        dot(x.map { up * $0 }, g) + dot(x.map { down * $0 }, h)
      }
      prose(
        "A map of three cells is read twice: one layer takes it times \(up), another times \(down). The "
          + "loss grows with the three cells of the first by \(listed(g.elements)), with those of the "
          + "second by \(listed(h.elements)). By how much with the cells of the map?")
      grids(
        Grid(.input, x), Grid(.output, x.map { up * $0 }, title: "times \(up)"),
        Grid(.output, x.map { down * $0 }, title: "times \(down)"))
      let tried = x.elements.indices.map { cell -> Int in
        var pushed = x
        pushed[cell] += 1
        return loss(pushed) - loss(x)
      }
      let (byFirst, bySecond) = (g.map { up * $0 }, h.map { down * $0 })
      let both = zip(byFirst.elements, bySecond.elements).map { $0 + $1 }
      prose(
        "A push on a cell goes both ways. Each way brings back a gradient of its own, and they add:"
      )
      table(
        ["cell"] + x.elements.indices.map { "\($0)" },
        rows: [
          ["by the first way"] + byFirst.elements.map { "\($0)" },
          ["by the second way"] + bySecond.elements.map { "\($0)" },
          ["both"] + both.map { "\($0)" }, ["by trying"] + tried.map { "\($0)" },
        ])
      claim("the sum of both ways is what trying gives", both, equals: tried)

      heading("A sum copies")
      prose(
        "Now the other way round, as the skips of FCN end: two maps are added cell by cell. A push on a cell "
          + "of either is the same push on the sum. So each gets the whole gradient, not half of it:"
      )
      let (a, b) = (Tensor(row: [1, 2]), Tensor(row: [10, 20]))
      let sums = try fuseBySum(a, b)
      let slope = Tensor(row: [3, -2])
      let ofA = try a.elements.indices.map { cell -> Int in
        var pushed = a
        pushed[cell] += 1
        return dot(try fuseBySum(pushed, b), slope) - dot(sums, slope)
      }
      grids(Grid(.input, a), Grid(.input, b), Grid(.output, sums), between: "+", "=")
      grids(Grid(.output, slope, title: "gradient by the sum"))
      claim("trying gives each input the gradient of the sum", ofA, equals: slope.elements)

      heading("Cut, crop, pad")
      let offset = 2
      let cropped = Tensor(row: [7, -4])
      let grown = try cropGradient(cropped, offset: across(offset, down: 0), inputSize: across(6))
      predict(
        "Of six cells two are cropped at offset \(offset), and come back with gradients \(cropped[0]) and "
          + "\(cropped[1]). What are the gradients of the six?", answer: cellsText(grown),
        why: "What was cut off has no effect on the loss. A crop, going back, pads with zeros.")
      grids(
        Grid(.output, cropped, title: "gradient by the crop"),
        Grid(.input, grown, title: "gradient by the input"), between: "→")
      prose(
        "Padding, going back, crops; a concatenation is cut where it was joined; and a layer that "
          + "moves cells moves their gradients home.")

      heading("A pool sends to its winner")
      let row = Tensor(row: [1, 5, 2, 2, 9, 3])
      let pooled = try maxPoolWithIndices(row, by: Pooling(kernelSize: across(2)))
      let coins = Tensor(row: [10, 20, 30])
      let won = try maxPoolGradient(coins, indices: pooled.indices, inputSize: row.size)
      prose(
        "A max pooling passed one cell of each window on. A small push on any other cell changes nothing. "
          + "So the winner gets all of the gradient and the others none:")
      grids(Grid(.input, row), Grid(.output, pooled.values), between: "→")
      grids(
        Grid(.output, coins, title: "gradient by the output"),
        Grid(.input, won, title: "gradient by the input"), between: "→")
      prose(
        "The middle window has a tie: two cells of \(row[2]). Trying does not help, because the slope differs by "
          + "side: a push up on either counts, a push down on either does not. The book lets the first "
          + "of them win, in reading order, as PyTorch and Caffe do on a CPU.")
      claim("the first of the two got it", [won[2], won[3]], equals: [coins[1], 0])
      let close = try maxPoolWithIndices(
        row, by: Pooling(kernelSize: across(3), stride: across(1)))
      let ones = close.values.map { _ in 1 }
      let often = try maxPoolGradient(ones, indices: close.indices, inputSize: row.size)
      prose(
        "Where windows overlap, a cell may win more than one, and what it wins adds up. Windows of 3 at every "
          + "cell, a gradient of 1 for each:")
      grids(Grid(.input, row), Grid(.output, close.values), between: "→")
      grids(Grid(.input, often, title: "gradient by the input"))
      claim("nothing is lost on the way", often.elements.reduce(0, +), equals: ones.width)
      let shared = try averagePoolGradient(
        coins.map { Fraction($0) }, by: Pooling(kernelSize: across(2)), inputSize: row.size)
      prose("An average pooling shares: each cell of a window of 2 gets half.")
      grids(Grid(.input, shared, title: "gradient by the input"))

      heading("The rule")
      table(
        ["forward", "going back"],
        rows: [
          ["a fork: one map, two readers", "add what comes back"],
          ["a sum of two", "both get all of it"],
          ["concatenate", "cut"], ["crop", "pad with zeros"], ["pad", "crop"],
          ["max pooling", "to the winner; winners of several windows add"],
          ["average pooling", "to each cell of the window its share"],
          ["ReLU", "where the number was above 0"],
        ])
      prose(
        "All but max pooling and ReLU are linear: each is a matrix, and going back is its transpose "
          + "(lesson 10). A fork is a column of ones, and its transpose is a row of ones, which adds."
      )
      grids(
        Grid(.matrix, Tensor([[1], [1]]), title: "a fork"),
        Grid(.matrix, Tensor([[1, 1]]), title: "going back"))

      heading("The mistake")
      prose(
        "Whoever writes a backward pass by hand sets the gradient of a map where it should be added to. Of "
          + "two ways only the last remains, and the other stops learning, without any error message:"
      )
      claim("the last alone is not the gradient", bySecond.elements, differsFrom: tried)

      heading("In FCN")
      let net = Network.fcn8s()
      let readers = { (name: String) in net.layers.filter { $0.inputs.contains(name) }.map(\.name) }
      prose(
        "Two maps of FCN-8s fork. pool3 is read by \(readers("pool3").joined(separator: " and ")), pool4 "
          + "by \(readers("pool4").joined(separator: " and ")). At each sum the gradient of the scores is "
          + "copied into the coarse way and the skip; at each fork what both bring back is added. That "
          + "is how a skip trains the layers below it: the first convolutions get a push from all three "
          + "predictions.")
      claim(
        "both have two readers", ["pool3", "pool4"].map { readers($0).count }, equals: [2, 2])
      ownNumbers(
        "The pool again, cell by cell, with a 1 for each window that a cell won and a 0 for each that it "
          + "lost:",
        "convbook trace max-pool --input \(typed(row.cellTexts())) --kernel 2 --backward --gradient "
          + typed(coins.cellTexts()))
    }
  }
}
