public import ExerciseKit
public import Tensors

extension Exercises {
  public static var convertLayout: Exercise<(Tensor<Int>, KernelLayout, KernelLayout), Tensor<Int>>
  {
    Exercise(
      "convertLayout", lesson: 16, title: "weights from one layout to another",
      hints: [
        "Where does the weight at out 1, in 0, row 0, column 0 lie in each layout?",
        "Read each weight by its four names in the source's order, write it in the target's order.",
        "Write down for each layout at which position out, in, height and width stand, such as "
          + "[3, 2, 0, 1] for .heightWidthInOut, and permute coordinates and extents with both lists.",
      ],
      cases: {
        let layouts = KernelLayout.allCases
        var cases = [
          (tensor([2, 1, 1, 3], seed: 32), layouts[0], layouts[1]),
          (tensor([1, 2, 3, 1], seed: 33), layouts[1], layouts[0]),
        ]
        for (index, source) in layouts.enumerated() {
          for target in layouts {
            cases.append((tensor([2, 3, 4, 5], seed: UInt64(34 + index)), source, target))
          }
        }
        return cases
      },
      show: { w, source, target in
        [Shown("w", w), Shown("from", text: source.rawValue), Shown("to", text: target.rawValue)]
      },
      expected: { w, source, target in moved(w, source, target) },
      arithmetic: { input, cell in
        let (w, source, target) = input
        let (from, to) = (order(source), order(target))
        let place = from.map { cell[to.firstIndex(of: $0)!] }
        return [
          "the target's (" + zip(to, cell).map { "\($0) \($1)" }.joined(separator: ", ")
            + ") is the source's ("
            + zip(from, place).map { "\($0) \($1)" }.joined(separator: ", ") + "): "
            + "\(w[place[0], place[1], place[2], place[3]])"
        ]
      },
      decoys: [
        Decoy("reshaped, not moved", "The shape is right, but the numbers stayed where they were.")
        {
          w, source, target in
          Tensor(shape: moved(w, source, target).shape, elements: w.elements)
        },
        Decoy("in and out swapped", "Read out and in from the right dimensions of the source.") {
          w, source, target in
          swapped(moved(w, source, target), target, "out", "in")
        },
        Decoy("height and width swapped", "Height comes before width in every layout here.") {
          w, source, target in
          swapped(moved(w, source, target), target, "height", "width")
        },
        Decoy("given back as it was", "Only where both layouts are the same nothing moves.") {
          w, _, _ in w
        },
        Decoy(
          "the permutation inverted",
          "Dimension d of the result is the one that the target names there, sought in the source."
        ) { w, source, target in moved(w, target, source) },
        Decoy(
          "in and out swapped in heightWidthInOut", "Its dimensions are height, width, in, out."
        ) { w, source, target in
          func misread(_ layout: KernelLayout) -> [String] {
            layout == .heightWidthInOut ? ["height", "width", "out", "in"] : order(layout)
          }
          return moved(w, misread(source), misread(target))
        },
        Decoy(
          "inOutHeightWidth read as outInHeightWidth",
          "In weights of transposed convolutions in is first."
        ) { w, source, target in
          func misread(_ layout: KernelLayout) -> [String] {
            layout == .inOutHeightWidth ? ["out", "in", "height", "width"] : order(layout)
          }
          return moved(w, misread(source), misread(target))
        },
        Decoy(
          "the source's layout ignored", "w lies as source says, not always out, in, height, width."
        ) {
          w, _, target in moved(w, .outInHeightWidth, target)
        },
        Decoy("the target's layout ignored", "The result lies as target says.") { w, source, _ in
          moved(w, source, .outInHeightWidth)
        },
        Decoy("kernels turned", "A weight keeps its row and column.") { w, source, target in
          let right = moved(w, source, target)
          let (rows, columns) = (
            order(target).firstIndex(of: "height")!, order(target).firstIndex(of: "width")!
          )
          return reindexed(right) { at in
            var from = at
            from[rows] = right.shape[rows] - 1 - at[rows]
            from[columns] = right.shape[columns] - 1 - at[columns]
            return from
          }
        },
        Decoy(
          "order and places of heightWidthInOut exchanged",
          "Its dimensions are height, width, in, out: out stands at 3, in at 2, height at 0, width at 1."
        ) { w, source, target in
          func misread(_ layout: KernelLayout) -> [String] {
            layout == .heightWidthInOut ? ["width", "height", "out", "in"] : order(layout)
          }
          return moved(w, misread(source), misread(target))
        },
      ])
  }
}

/// The names of a layout's dimensions in order.
private func order(_ layout: KernelLayout) -> [String] {
  switch layout {
  case .outInHeightWidth: ["out", "in", "height", "width"]
  case .heightWidthInOut: ["height", "width", "in", "out"]
  case .inOutHeightWidth: ["in", "out", "height", "width"]
  }
}

private func moved(
  _ w: Tensor<Int>, _ source: KernelLayout, _ target: KernelLayout
) -> Tensor<Int> {
  moved(w, order(source), order(target))
}

private func moved(_ w: Tensor<Int>, _ source: [String], _ target: [String]) -> Tensor<Int> {
  permuted(w, target.map { source.firstIndex(of: $0)! })
}

private func swapped(
  _ w: Tensor<Int>, _ layout: KernelLayout, _ first: String, _ second: String
) -> Tensor<Int> {
  var axes = [0, 1, 2, 3]
  let (a, b) = (order(layout).firstIndex(of: first)!, order(layout).firstIndex(of: second)!)
  axes.swapAt(a, b)
  return permuted(w, axes)
}

/// The tensor whose dimension d is dimension `axes[d]` of `w`.
private func permuted(_ w: Tensor<Int>, _ axes: [Int]) -> Tensor<Int> {
  let like = Tensor<Int>.zeros(Shape(axes.map { w.shape[$0] }))
  return reindexed(like, from: w) { place in
    (0..<4).map { place[axes.firstIndex(of: $0)!] }
  }
}
