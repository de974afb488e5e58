import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 19: interpolation by a transposed convolution.
  static var upsamplingIsBackwardsConvolution: Lesson {
    Lesson(
      number: 19, slug: "upsampling-is-backwards-convolution",
      title: "Upsampling is backwards strided convolution", part: .upsampling,
      question: "Is interpolation something other than a convolution layer?",
      corrects:
        "Interpolating and convolving are different operations, so upsampling needs its own layer.",
      parameters: [.scale: 2]
    ) { own throws(GeometryError) in
      let f = own[.scale]
      let x = Tensor<Fraction>(row: [0, 8, 4, 4, 12])
      let interpolated = try interpolateBilinear(x, scale: across(f, down: 1))
      let upsampled = try upsampleBilinear(x, factor: across(f, down: 1))
      let k = 2 * f - f % 2
      let p = (k - f + 1) / 2

      prose(
        "Enlarge a row of \(x.width) cells by the factor \(f)"
          + (f == 1 ? ", which leaves it as it is. Think" : ". Think")
          + " of the cells as little squares. The middle "
          + "of the new cell j then lies at (j + ½)/\(f) − ½, measured in old cells. Interpolation takes "
          + "the two old cells on either side and mixes them, the nearer one more.")
      grids(Grid(.input, x), Grid(.output, interpolated, title: "interpolated"), between: "→")
      heading("By hand")
      let shown = Array(f..<min(interpolated.width - f, f + 4))
      table(
        ["new cell j", "lies at", "mixes", "gives"],
        rows: shown.map { j in
          let place = Fraction(2 * j + 1, 2 * f) - Fraction(1, 2)
          let left = place.floor
          let share = place - Fraction(left)
          let right = min(left + 1, x.width - 1)
          let mix = "\(x[left])·(\(1 - share)) + \(x[right])·(\(share))"
          return ["\(j)", "\(place)", mix, "\(x[left] * (1 - share) + x[right] * share)"]
        })
      claim(
        "the same numbers stand in the row above",
        shown.map { j in
          let place = Fraction(2 * j + 1, 2 * f) - Fraction(1, 2)
          let share = place - Fraction(place.floor)
          return x[place.floor] * (1 - share) + x[min(place.floor + 1, x.width - 1)] * share
        }, equals: shown.map { interpolated[$0] })

      heading("The same by stamping")
      prose(
        "Now a transposed convolution with stride \(f) and the bilinear kernel of "
          + "\(counted(k, "cell")), "
          + "\(bilinearWeights(k).map { $0.description }.joined(separator: " ")), padding \(p):")
      let example = try TraceCase.transposed(
        x, Tensor(row: bilinearWeights(k)), stride: across(f), padding: beside(p))
      predict(
        "Will its row differ from the interpolated one?",
        answer: upsampled == interpolated ? "no" : "yes",
        why: upsampled == interpolated
          ? "With factor 1 each cell is its own, even at the border."
          : "At the border only, where the last old cell has no neighbour to be mixed with.",
        also: upsampled == interpolated
          ? [] : ["at the border", "only at the border", "at the border only"])
      trace(try example.trace(.scatter))
      grids(
        Grid(.output, upsampled, title: "by transposed convolution"),
        Grid(.output, interpolated, title: "by interpolation"))
      let inside = f..<(upsampled.width - f)
      claim(
        "from cell \(inside.lowerBound) to cell \(inside.upperBound - 1) they are equal, exactly",
        upsampled.elements[inside].map { $0.description }.joined(separator: " "),
        equals: interpolated.elements[inside].map { $0.description }.joined(separator: " "))

      heading("The rule")
      formula(
        "factor f, even:  k = 2f,      s = f,  p = f/2",
        "factor f, odd:   k = 2f − 1,  s = f,  p = (f − 1)/2",
        "size: f(i′ − 1) + k − 2p = f·i′")
      let tried = try (1...6).map { f throws(GeometryError) in
        let big = try upsampleBilinear(x, factor: across(f, down: 1))
        let mixed = try interpolateBilinear(x, scale: across(f, down: 1))
        return big.width == f * x.width
          && big.elements[f..<big.width - f] == mixed.elements[f..<mixed.width - f]
      }
      claim(
        "so for the factors 1 to 6", evidence: "size and all cells inside compared, in fractions",
        holds: tried.allSatisfy { $0 })

      heading("Why “backwards”")
      let small = try convolve(
        interpolated, Tensor(row: bilinearWeights(k)), stride: across(f), padding: beside(p))
      prose(
        "Run the same kernel, stride and padding forwards and you have a layer that makes maps "
          + (f == 1 ? "no smaller, because the factor is 1: " : "smaller: ")
          + "\(interpolated.width) cells become \(small.width). Upsampling is that layer read from its "
          + "output to its input, by the same taps. The test of lesson 10 tells whether it is really the "
          + "transpose; ⟨a, b⟩ is the dot product of a and b:")
      let y = Tensor<Fraction>(row: [3, 0, 1, 2, 5])
      let left = sum(small, y)
      let large = try transposedConvolve(
        y, Tensor(row: bilinearWeights(k)), stride: across(f), padding: beside(p))
      let right = sum(interpolated, large)
      grids(Grid(.input, interpolated, title: "u"), Grid(.input, y, title: "y"))
      grids(Grid(.output, small, title: "forward(u)"), Grid(.output, large, title: "upsample(y)"))
      claim("⟨forward(u), y⟩ = ⟨u, upsample(y)⟩", left, equals: right)

      heading("Where it breaks: another grid")
      let corners = try interpolateBilinear(x, scale: across(f, down: 1), alignCorners: true)
      prose(
        "Some libraries can put the middles of the corner cells on each other instead (align_corners). "
          + (f == 1
            ? "With factor 1 that changes nothing:"
            : "Then the step is \(Fraction(x.width - 1, f * x.width - 1)) of an old cell instead of "
              + "\(Fraction(1, f)), each new cell mixes in shares of its own, and no kernel with fixed "
              + "weights does it:"))
      grids(Grid(.output, corners, title: "with aligned corners"))
      if f > 1 {
        claim("it is another row", corners, differsFrom: interpolated)
      } else {
        claim("it is the same row", corners, equals: interpolated)
      }

      heading("The mistake")
      prose(
        "There is no need for a special layer. A network that can do transposed convolutions can "
          + "interpolate, if you put these weights in; and it may learn better ones, if you let it."
      )

      heading("In FCN")
      prose(
        "“Upsampling is backwards strided convolution” is the title of a section in the paper on FCN (Long, "
          + "Shelhamer and Darrell, 2015). FCN's layers start from the bilinear weights; with p = 0 they give f more cells than f·i′, "
          + "half of them on each side, which the crop takes away.")
      let bare = try transposedConvolve(
        Tensor(row: [Fraction(1), 1, 1]), Tensor(row: bilinearWeights(4)), stride: across(2))
      claim("3 cells, kernel 4, stride 2, p = 0", bare.width, equals: 2 * 3 + 2)
      underYourHands(example.command(.scatter))
    }
  }
}

/// The sum of the products cell by cell.
private func sum(_ a: Tensor<Fraction>, _ b: Tensor<Fraction>) -> Fraction {
  zip(a.elements, b.elements).map { $0 * $1 }.reduce(0, +)
}
