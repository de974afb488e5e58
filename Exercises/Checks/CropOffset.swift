public import ExerciseKit
internal import Tensors

extension Exercises {
  /// Lesson 25: where to crop.
  public static let cropOffset = Exercise<([Layer], [Layer]), Int?>(
    "cropOffset", lesson: 25, title: "where a map must be cropped",
    hints: [
      "Where in the picture lies cell 0 of each map? How many cells of the larger one lie before it?",
      "a·i + b along each path; the offset is (b of reference − b of path)/a.",
      "A helper goes through the layers with var a: Fraction = 1, b: Fraction = 0; for a transposed "
        + "layer divide a by the stride first, then subtract a · r from b.",
    ],
    cases: {
      let up2 = Layer(kernelSize: 4, stride: 2, transposed: true)
      let vgg = vggLayers(padding: 100)
      let pools = vgg.indices.filter { vgg[$0].stride == 2 }
      let (pool3, pool4) = (Array(vgg[...pools[2]]), Array(vgg[...pools[3]]))
      func up(_ factor: Int) -> Layer {
        Layer(kernelSize: 2 * factor, stride: factor, transposed: true)
      }
      return [
        ([Layer(kernelSize: 3, padding: 2)], []), ([Layer(kernelSize: 3, padding: 1)], []),
        ([Layer(kernelSize: 3)], []), ([Layer(kernelSize: 2, padding: 1)], []),
        ([Layer(kernelSize: 2, stride: 2)], []),
        ([Layer(kernelSize: 2, stride: 2, padding: 3), up2], []),
        ([Layer(kernelSize: 5, padding: 9)], [Layer(kernelSize: 3, padding: 4)]),
        (vgg + [up(32)], []), (pool4, vgg + [up2]), (pool3, vgg + [up2, up2]),
        (vgg + [up2, up(16)], []), (vgg + [up2, up2, up(8)], []),
        (alexLayers + [Layer(kernelSize: 63, stride: 32, transposed: true)], []),
        (alexLayers + [up(32)], []),
      ]
    },
    show: { path, reference in [shown("of", path), shown("against", reference)] },
    expected: { path, reference in offset(path, reference) },
    arithmetic: { input, _ in
      let (mine, other) = (line(input.0), line(input.1))
      return [
        "of: cell i lies at \(mine.a)·i + \(factor(mine.b)) in the picture",
        "against: cell i lies at \(other.a)·i + \(factor(other.b))",
        mine.a == other.a
          ? "(\(other.b) − \(factor(mine.b)))/\(mine.a) = \((other.b - mine.b) / mine.a)"
          : "the steps \(mine.a) and \(other.a) differ: no crop does it",
      ]
    },
    decoys: [
      Decoy("sign turned", "The larger map begins further out, at the smaller b.") {
        path, reference in
        whole((line(path).b - line(reference).b) / line(path).a, path, reference)
      },
      Decoy("rounded to a whole number", "Half a cell cannot be cropped: there is no such offset.")
      {
        path, reference in
        let (mine, other) = (line(path), line(reference))
        guard mine.a == other.a, other.b >= mine.b else { return nil }
        return ((other.b - mine.b) / mine.a).floor
      },
      Decoy(
        "kernel centre forgotten", "A kernel moves the centre by d(k−1)/2, besides the padding."
      ) { path, reference in
        let (mine, other) = (line(path, centre: false), line(reference, centre: false))
        guard mine.a == other.a else { return nil }
        let exact = (other.b - mine.b) / mine.a
        return exact.isInteger && exact >= 0 ? exact.numerator : nil
      },
      Decoy(
        "not divided by the step", "The offset is counted in cells of the map, not of the picture."
      ) { path, reference in
        let (mine, other) = (line(path), line(reference))
        guard mine.a == other.a else { return nil }
        let exact = other.b - mine.b
        return exact.isInteger && exact >= 0 ? exact.numerator : nil
      },
    ])
}

/// FCN-AlexNet up to fc6 along one axis.
let alexLayers = [
  Layer(kernelSize: 11, stride: 4, padding: 100), Layer(kernelSize: 3, stride: 2, ceil: true),
  Layer(kernelSize: 5, padding: 2), Layer(kernelSize: 3, stride: 2, ceil: true),
  Layer(kernelSize: 3, padding: 1), Layer(kernelSize: 3, padding: 1),
  Layer(kernelSize: 3, padding: 1), Layer(kernelSize: 3, stride: 2, ceil: true),
  Layer(kernelSize: 6),
]

/// Cell i lies at a·i + b in the picture: maps i ↦ s·i + r composed, those of transposed layers
/// inverted.
private func line(_ layers: [Layer], centre: Bool = true) -> (a: Fraction, b: Fraction) {
  layers.reduce((a: 1, b: 0)) { outer, layer in
    let half = centre ? Fraction(layer.effectiveKernelSize - 1, 2) : 0
    let (s, r) = (Fraction(layer.stride), half - Fraction(layer.padding))
    let own: (a: Fraction, b: Fraction) = layer.transposed ? (1 / s, -r / s) : (s, r)
    return (outer.a * own.a, outer.a * own.b + outer.b)
  }
}

private func offset(_ path: [Layer], _ reference: [Layer]) -> Int? {
  whole((line(reference).b - line(path).b) / line(path).a, path, reference)
}

private func whole(_ value: Fraction, _ path: [Layer], _ reference: [Layer]) -> Int? {
  line(path).a == line(reference).a && value.isInteger && value >= 0 ? value.numerator : nil
}
