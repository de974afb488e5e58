public import ExerciseKit
internal import Tensors

extension Exercises {
  public static var cropOffset: Exercise<([LayerGeometry], [LayerGeometry]), Int?> {
    Exercise(
      "cropOffset", lesson: 25, title: "where a map must be cropped",
      hints: [
        "Where in the picture lies cell 0 of each map? How many cells of the larger one lie before it?",
        "a·i + b along each path; the offset is (b of reference − b of path)/a.",
        "A helper goes through the layers with var a: Fraction = 1, b: Fraction = 0; for a transposed "
          + "layer divide a by the stride first, then subtract a · r from b.",
      ],
      cases: {
        let up2 = LayerGeometry(kernelSize: 4, stride: 2, transposed: true)
        let vgg = vggLayers(padding: 100)
        let pools = vgg.indices.filter { vgg[$0].stride == 2 }
        let (pool3, pool4) = (Array(vgg[...pools[2]]), Array(vgg[...pools[3]]))
        func up(_ factor: Int) -> LayerGeometry {
          LayerGeometry(kernelSize: 2 * factor, stride: factor, transposed: true)
        }
        let padded = LayerGeometry(kernelSize: 4, stride: 2, padding: 1, transposed: true)
        return [
          ([LayerGeometry(kernelSize: 3, padding: 2)], []),
          ([LayerGeometry(kernelSize: 3, padding: 1)], []),
          ([LayerGeometry(kernelSize: 3)], []), ([], [LayerGeometry(kernelSize: 3)]),
          ([LayerGeometry(kernelSize: 2, padding: 1)], []),
          ([LayerGeometry(kernelSize: 3, padding: 4, dilation: 2)], []),
          ([], [LayerGeometry(kernelSize: 3, dilation: 2)]),
          ([LayerGeometry(kernelSize: 2, padding: 2, dilation: 2)], []),
          ([LayerGeometry(kernelSize: 2, padding: 3, dilation: 3)], [LayerGeometry(kernelSize: 2)]),
          ([LayerGeometry(kernelSize: 2, stride: 2)], []),
          // Cell 1 or 2 of the path lies over cell 0, but the steps differ.
          ([LayerGeometry(kernelSize: 1, stride: 2, padding: 2)], []),
          ([LayerGeometry(kernelSize: 1, padding: 2)], [LayerGeometry(kernelSize: 1, stride: 2)]),
          ([LayerGeometry(kernelSize: 3, stride: 2, transposed: true)], []),
          ([up2], [LayerGeometry(kernelSize: 2, stride: 2, transposed: true)]),
          ([LayerGeometry(kernelSize: 2, stride: 2, padding: 3), padded], []),
          (
            [
              LayerGeometry(kernelSize: 1, stride: 2, padding: 2),
              LayerGeometry(kernelSize: 3, stride: 2, padding: 1, dilation: 2, transposed: true),
            ], []
          ),
          (
            [],
            [
              LayerGeometry(kernelSize: 1, stride: 2),
              LayerGeometry(kernelSize: 3, stride: 2, padding: 3, dilation: 2, transposed: true),
            ]
          ),
          ([LayerGeometry(kernelSize: 2, stride: 2, padding: 3), up2], []),
          ([LayerGeometry(kernelSize: 5, padding: 9)], [LayerGeometry(kernelSize: 3, padding: 4)]),
          (vgg + [up(32)], []), (pool4, vgg + [up2]), (pool3, vgg + [up2, up2]),
          (vgg + [up2, up(16)], []), (vgg + [up2, up2, up(8)], []),
          (alexLayers + [LayerGeometry(kernelSize: 63, stride: 32, transposed: true)], []),
          (alexLayers + [up(32)], []),
        ]
      },
      show: { path, reference in [shown("of", path), shown("against", reference)] },
      expected: { path, reference in offset(path, reference) },
      arithmetic: { input, _ in
        let (mine, other) = (line(input.0), line(input.1))
        let exact = (other.b - mine.b) / mine.a
        return [
          "of: cell i lies at \(mine.a)·i + \(factor(mine.b)) in the picture",
          "against: cell i lies at \(other.a)·i + \(factor(other.b))",
          mine.a == other.a
            ? "(\(other.b) − \(factor(mine.b)))/\(mine.a) = \(exact)"
              + (wholeNumber(exact) == nil ? ", no whole number of 0 or more: nil" : "")
            : "the steps \(mine.a) and \(other.a) differ, and no crop does it: nil",
        ]
      },
      decoys: [
        Decoy("sign turned", "The larger map begins further out, at the smaller b.") {
          path, reference in
          whole((line(path).b - line(reference).b) / line(path).a, path, reference)
        },
        Decoy(
          "rounded to a whole number", "Half a cell cannot be cropped: there is no such offset."
        ) {
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
          "not divided by the step",
          "The offset is counted in cells of the map, not of the picture."
        ) { path, reference in
          let (mine, other) = (line(path), line(reference))
          guard mine.a == other.a else { return nil }
          let exact = other.b - mine.b
          return exact.isInteger && exact >= 0 ? exact.numerator : nil
        },
        Decoy("padding of all layers forgotten", "r is d(k−1)/2 − p.") { path, reference in
          whole(path, reference) { (Fraction($0.stride), Fraction($0.effectiveKernelSize - 1, 2)) }
        },
        Decoy("padding added", "r is d(k−1)/2 − p: padding moves the first centre outwards.") {
          path, reference in
          whole(path, reference) {
            (Fraction($0.stride), Fraction($0.effectiveKernelSize - 1, 2) + Fraction($0.padding))
          }
        },
        Decoy("r added in transposed layers", "A transposed layer is the inverse: b − a·r.") {
          path, reference in
          let (mine, other) = (
            outward(path, { b, r, a, _ in b + a * r }),
            outward(reference, { b, r, a, _ in b + a * r })
          )
          return mine.a == other.a ? wholeNumber((other.b - mine.b) / mine.a) : nil
        },
        Decoy(
          "the old a in transposed layers",
          "a is divided by the stride first: b − a·r with the new a."
        ) {
          path, reference in
          let (mine, other) = (
            outward(path, { b, r, _, old in b - old * r }),
            outward(reference, { b, r, _, old in b - old * r })
          )
          return mine.a == other.a ? wholeNumber((other.b - mine.b) / mine.a) : nil
        },
        Decoy("transposed layers taken for direct ones", "They divide a by their stride.") {
          path, reference in
          func direct(_ layers: [LayerGeometry]) -> [LayerGeometry] {
            layers.map {
              LayerGeometry(
                kernelSize: $0.kernelSize, stride: $0.stride, padding: $0.padding,
                dilation: $0.dilation)
            }
          }
          return offset(direct(path), direct(reference))
        },
        Decoy("negative offsets given back", "An offset below 0 cannot be cropped: nil.") {
          path, reference in
          let (mine, other) = (line(path), line(reference))
          let exact = (other.b - mine.b) / mine.a
          return mine.a == other.a && exact.isInteger ? exact.numerator : nil
        },
        Decoy("without its sign", "An offset below 0 cannot be cropped: nil.") { path, reference in
          let (mine, other) = (line(path), line(reference))
          let exact = ((other.b - mine.b) / mine.a).magnitude
          return mine.a == other.a && exact.isInteger ? exact.numerator : nil
        },
        Decoy("the numerator of a half", "Half a cell cannot be cropped: nil.") { path, reference in
          let (mine, other) = (line(path), line(reference))
          let exact = (other.b - mine.b) / mine.a
          return mine.a == other.a && exact >= 0 ? exact.numerator : nil
        },
        Decoy("the reference left out", "It is b of reference − b of path.") { path, reference in
          let mine = line(path)
          return mine.a == line(reference).a ? wholeNumber(-mine.b / mine.a) : nil
        },
        Decoy("0 for nil", "Where no whole offset does it the answer is nil.") { path, reference in
          offset(path, reference) ?? 0
        },
        Decoy("dilation forgotten", "r is d(k−1)/2 − p.") { path, reference in
          whole(path, reference) { layer in
            (Fraction(layer.stride), Fraction(layer.kernelSize - 1, 2) - Fraction(layer.padding))
          }
        },
        Decoy("padding of transposed layers forgotten", "Theirs counts, too: r is d(k−1)/2 − p.") {
          path, reference in
          whole(path, reference) {
            (
              Fraction($0.stride),
              Fraction($0.effectiveKernelSize - 1, 2) - Fraction($0.transposed ? 0 : $0.padding)
            )
          }
        },
        Decoy("padding of transposed layers with the wrong sign", "r is d(k−1)/2 − p there, too.") {
          path, reference in
          whole(path, reference) {
            (
              Fraction($0.stride),
              Fraction($0.effectiveKernelSize - 1, 2)
                + Fraction($0.transposed ? $0.padding : -$0.padding)
            )
          }
        },
        Decoy("the steps not compared", "Without the same a no crop lays cell on cell.") {
          path, reference in wholeNumber((line(reference).b - line(path).b) / line(path).a)
        },
      ])
  }
}

/// FCN-AlexNet up to fc6 along one axis.
let alexLayers = [
  LayerGeometry(kernelSize: 11, stride: 4, padding: 100),
  LayerGeometry(kernelSize: 3, stride: 2, ceil: true),
  LayerGeometry(kernelSize: 5, padding: 2), LayerGeometry(kernelSize: 3, stride: 2, ceil: true),
  LayerGeometry(kernelSize: 3, padding: 1), LayerGeometry(kernelSize: 3, padding: 1),
  LayerGeometry(kernelSize: 3, padding: 1), LayerGeometry(kernelSize: 3, stride: 2, ceil: true),
  LayerGeometry(kernelSize: 6),
]

/// Cell i lies at a·i + b in the picture: maps i ↦ s·i + r composed, those of transposed layers
/// inverted.
private func line(_ layers: [LayerGeometry], centre: Bool = true) -> (a: Fraction, b: Fraction) {
  layers.reduce((a: 1, b: 0)) { outer, layer in
    let half = centre ? Fraction(layer.effectiveKernelSize - 1, 2) : 0
    let (s, r) = (Fraction(layer.stride), half - Fraction(layer.padding))
    let own: (a: Fraction, b: Fraction) = layer.transposed ? (1 / s, -r / s) : (s, r)
    return (outer.a * own.a, outer.a * own.b + outer.b)
  }
}

private func offset(_ path: [LayerGeometry], _ reference: [LayerGeometry]) -> Int? {
  whole((line(reference).b - line(path).b) / line(path).a, path, reference)
}

private func whole(_ value: Fraction, _ path: [LayerGeometry], _ reference: [LayerGeometry]) -> Int?
{
  line(path).a == line(reference).a && value.isInteger && value >= 0 ? value.numerator : nil
}

private func wholeNumber(_ value: Fraction) -> Int? {
  value.isInteger && value >= 0 ? value.numerator : nil
}

/// The offset with another s and r of each layer.
private func whole(
  _ path: [LayerGeometry], _ reference: [LayerGeometry],
  _ map: (LayerGeometry) -> (s: Fraction, r: Fraction)
) -> Int? {
  func line(_ layers: [LayerGeometry]) -> (a: Fraction, b: Fraction) {
    layers.reduce((a: 1, b: 0)) { outer, layer in
      let (s, r) = map(layer)
      let own: (a: Fraction, b: Fraction) = layer.transposed ? (1 / s, -r / s) : (s, r)
      return (outer.a * own.a, outer.a * own.b + outer.b)
    }
  }
  let (mine, other) = (line(path), line(reference))
  return mine.a == other.a ? wholeNumber((other.b - mine.b) / mine.a) : nil
}

/// Cell i at a·i + b, as the task writes it down, with another b after a transposed layer: of the old
/// b, r, the new a and the old one.
private func outward(
  _ layers: [LayerGeometry], _ moved: (Fraction, Fraction, Fraction, Fraction) -> Fraction
) -> (a: Fraction, b: Fraction) {
  layers.reduce((a: 1, b: 0)) { at, layer in
    let r = Fraction(layer.effectiveKernelSize - 1, 2) - Fraction(layer.padding)
    let s = Fraction(layer.stride)
    return layer.transposed
      ? (at.a / s, moved(at.b, r, at.a / s, at.a)) : (at.a * s, at.b + at.a * r)
  }
}
