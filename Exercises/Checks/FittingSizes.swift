internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var fittingSizes: Exercise<([LayerGeometry], Int), [Int]> {
    Exercise(
      "fittingSizes", lesson: 40, title: "the sizes that come back as large as they were",
      hints: [
        "What do 4 cells come back as, what do 5? Which of the two could be added to itself?",
        "For each size from 1 to most push the number of cells through all layers, and keep the size if "
          + "no layer is without a place and the last number is the first.",
        "Filter 1...most: var cells = size; for each layer cells = s(cells − 1) + k̂ − 2p if it is "
          + "transposed, else the floor or ceil formula, with return false where there is none; then "
          + "cells == size.",
      ],
      cases: {
        func down(_ k: Int, _ s: Int, _ p: Int = 0, d: Int = 1, ceil: Bool = false) -> LayerGeometry
        {
          LayerGeometry(kernelSize: k, stride: s, padding: p, dilation: d, ceil: ceil)
        }
        func up(_ k: Int, _ s: Int, _ p: Int = 0, d: Int = 1) -> LayerGeometry {
          LayerGeometry(kernelSize: k, stride: s, padding: p, dilation: d, transposed: true)
        }
        return [
          ([down(2, 2), up(2, 2)], 7), ([], 3), ([down(3, 1)], 5), ([down(3, 1, 1)], 4),
          ([down(2, 2, ceil: true), up(2, 2)], 7), ([down(2, 2, ceil: true), up(3, 2, 1)], 7),
          ([down(3, 3, ceil: true), up(1, 3)], 8),
          ([down(2, 2), down(2, 2), up(2, 2), up(2, 2)], 17),
          ([down(3, 2, 1), up(3, 2, 1)], 9), ([down(3, 2, 1), up(4, 2, 1)], 9),
          ([down(3, 3), up(3, 3)], 10), ([down(3, 2, ceil: true), up(3, 2)], 9),
          ([down(3, 1), up(3, 1)], 6), ([down(3, 1, d: 2), up(3, 1, d: 2)], 8),
          ([down(3, 1, 2, d: 2), up(2, 1), down(2, 1)], 5), ([up(2, 2), down(2, 2)], 5),
          ([up(1, 1, 1), down(3, 1, 2)], 5), ([up(1, 3, 2), down(1, 3, 2)], 6),
          ([down(5, 3, 1), up(5, 3, 1)], 20), ([down(2, 2), up(3, 3)], 9),
          ([down(2, 1), down(2, 2, ceil: true), up(2, 2), up(2, 1)], 10),
          ([down(1, 4), up(1, 4)], 14),
          ([down(3, 2, 1), down(3, 2, 1), up(3, 2, 1), up(3, 2, 1)], 30),
        ]
      },
      show: { layers, most in [shown("layers", layers)] + named(("most", most)) },
      expected: { layers, most in (1...most).filter { (try? ways($0, layers).last) == $0 } },
      arithmetic: { given, cell in
        let (layers, most) = given
        let fitting = (1...most).filter { (try? ways($0, layers).last) == $0 }
        func walk(_ size: Int) -> String {
          guard let cells = try? ways(size, layers) else { return "\(size) finds no place" }
          return cells.map { "\($0)" }.joined(separator: " → ")
        }
        let around = Set(fitting.indices.contains(cell[0]) ? [fitting[cell[0]]] : [])
        let tried = (1...min(most, 6)).filter { !around.contains($0) }.map(walk)
        return tried
          + (around.map(walk)) + [
            fitting.indices.contains(cell[0])
              ? "number \(cell[0]) of those that come back is \(fitting[cell[0]])"
              : "there are \(fitting.count) of them up to \(most)"
          ]
      },
      decoys: [
        Decoy("floor taken for ceil", "With ceil the last place may hang over the end.") {
          layers, most in
          fitting(changed(layers) { $0.ceil = false }, most)
        },
        Decoy("ceil for every layer", "Only layers with ceil keep a window that hangs over.") {
          layers, most in fitting(changed(layers) { $0.ceil = !$0.transposed }, most)
        },
        Decoy("whatever goes through", "It must come back with as many cells as it had.") {
          layers, most in (1...most).filter { (try? ways($0, layers)) != nil }
        },
        Decoy("longer ones kept", "A row with too many cells cannot be added either.") {
          layers, most in (1...most).filter { ((try? ways($0, layers).last) ?? 0) >= $0 }
        },
        Decoy("shorter ones kept", "A row with too few cells cannot be added either.") {
          layers, most in (1...most).filter { ((try? ways($0, layers).last) ?? $0 + 1) <= $0 }
        },
        Decoy("multiples of the strides", "Kernels and padding decide, too, and where it begins.") {
          layers, most in
          let product = layers.filter { !$0.transposed }.reduce(1) { $0 * $1.stride }
          return (1...most).filter { $0 % product == 0 }
        },
        Decoy("dilation forgotten", "A dilated kernel spans layer.effectiveKernelSize cells.") {
          layers, most in fitting(changed(layers) { $0.dilation = 1 }, most)
        },
        Decoy("padding forgotten", "Padding lengthens the way down and shortens the way up, by 2p.")
        {
          layers, most in fitting(changed(layers) { $0.padding = 0 }, most)
        },
        Decoy("padding at one end only", "Padding counts at both ends: 2p.") { layers, most in
          pushed(layers, most) { layer, cells in
            if layer.transposed {
              return layer.stride * (cells - 1) + layer.effectiveKernelSize - layer.padding
            }
            return places(layer, room: cells + layer.padding - layer.effectiveKernelSize)
          }
        },
        Decoy("stride times cells", "Between i cells there are i − 1 steps: s(i − 1) + k̂ − 2p.") {
          layers, most in
          pushed(layers, most) { layer, cells in
            layer.transposed
              ? layer.stride * cells + layer.effectiveKernelSize - 2 * layer.padding
              : places(layer, room: cells + 2 * layer.padding - layer.effectiveKernelSize)
          }
        },
        Decoy("most itself left out", "The sizes go up to most, and it is one of them.") {
          layers, most in
          fitting(layers, most).filter { $0 < most }
        },
        Decoy("only the first", "Every size that comes back is asked for.") { layers, most in
          Array(fitting(layers, most).prefix(1))
        },
        Decoy("no place taken for one", "Where i + 2p < k̂ nothing goes through.") { layers, most in
          pushed(layers, most) { layer, cells in
            layer.transposed
              ? layer.stride * (cells - 1) + layer.effectiveKernelSize - 2 * layer.padding
              : places(layer, room: max(0, cells + 2 * layer.padding - layer.effectiveKernelSize))
          }
        },
        Decoy(
          "transposed layers taken for convolutions", "A transposed layer makes the row longer."
        ) {
          layers, most in fitting(changed(layers) { $0.transposed = false }, most)
        },
        Decoy("0 counted among the sizes", "A row has at least one cell.") { layers, most in
          [0] + fitting(layers, most)
        },
      ])
  }
}

/// The cells before and after each layer.
private func ways(_ size: Int, _ layers: [LayerGeometry]) throws -> [Int] {
  try layers.reduce(into: [size]) { cells, layer in
    let window = try Window(
      kernelSize: layer.kernelSize, stride: layer.stride, dilation: layer.dilation,
      padding: layer.padding)
    let read =
      layer.transposed ? try window.transposed() : window.rounding(layer.ceil ? .ceil : .floor)
    // A pool that rounds up has its first window inside, too.
    guard layer.transposed || (try? window.outputSize(input: cells.last!)) != nil else {
      throw NoAnswer()
    }
    cells.append(try read.outputSize(input: cells.last!))
  }
}

private func fitting(_ layers: [LayerGeometry], _ most: Int) -> [Int] {
  (1...most).filter { (try? ways($0, layers).last) == $0 }
}

private func places(_ layer: LayerGeometry, room: Int) -> Int {
  room < 0 ? 0 : (room + (layer.ceil ? layer.stride - 1 : 0)) / layer.stride + 1
}

/// With another rule for the cells that a layer gives.
private func pushed(
  _ layers: [LayerGeometry], _ most: Int, _ step: (LayerGeometry, Int) -> Int
) -> [Int] {
  (1...most).filter { size in
    var cells = size
    for layer in layers {
      cells = step(layer, cells)
      guard cells >= 1 else { return false }
    }
    return cells == size
  }
}

private func changed(
  _ layers: [LayerGeometry], _ change: (inout LayerGeometry) -> Void
) -> [LayerGeometry] {
  layers.map { layer in
    var layer = layer
    change(&layer)
    return layer
  }
}
