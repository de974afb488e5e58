internal import ConvolutionArithmetic
public import ExerciseKit

extension Exercises {
  public static var outputPaddings: Exercise<([LayerGeometry], Int), [Int]> {
    Exercise(
      "outputPaddings", lesson: 40, title: "the output paddings of an autoencoder",
      hints: [
        "How many cells does each layer read on the way down, and how many does its transpose give back?",
        "Cells read less s(o − 1) + k̂ − 2p, for each layer; the last layer's is the first of the answer.",
        "Loop over the layers with var cells = input: find output, append cells − restored, set cells = "
          + "output; return the list reversed.",
      ],
      cases: {
        func layer(_ k: Int, _ s: Int, _ p: Int = 0, d: Int = 1) -> LayerGeometry {
          LayerGeometry(kernelSize: k, stride: s, padding: p, dilation: d)
        }
        return [
          ([layer(2, 2)], 5), ([layer(1, 4)], 4), ([layer(3, 2, 1), layer(3, 2, 1)], 28),
          ([layer(3, 2, 1), layer(3, 2, 1)], 25), ([layer(3, 2, 1), layer(2, 2)], 14),
          ([layer(3, 1), layer(2, 3)], 12), ([layer(4, 3, 1)], 9), ([layer(3, 3, d: 2)], 10),
          ([layer(5, 4, 2), layer(3, 2, 1, d: 2), layer(2, 1)], 31), ([layer(7, 5, 3)], 23),
          ([layer(3, 2, 2), layer(2, 3, 1)], 17), ([layer(1, 4), layer(3, 1, 1)], 8),
          ([layer(2, 2), layer(2, 2), layer(2, 2), layer(2, 2)], 375), ([layer(3, 1, 1)], 4),
          ([layer(3, 5, 1), layer(2, 2)], 24),
        ]
      },
      show: { layers, input in [shown("layers", layers)] + named(("input", input)) },
      expected: { layers, input in try paddings(layers, input).reversed() },
      arithmetic: { given, cell in
        let (layers, input) = given
        let sizes = try steps(layers, input)
        guard cell[0] < layers.count else {
          return ["there is one for each layer: \(layers.count)"]
        }
        let place = layers.count - 1 - cell[0]
        let (layer, read, gives) = (layers[place], sizes[place], sizes[place + 1])
        let restored =
          layer.stride * (gives - 1) + layer.effectiveKernelSize - 2 * layer.padding
        return [
          "way down: " + sizes.map { "\($0)" }.joined(separator: " → "),
          "number \(cell[0]) is that of \(layer), which makes \(gives) of \(read)",
          "its transpose gives \(layer.stride)·(\(gives) − 1) + \(layer.effectiveKernelSize) − "
            + "2·\(layer.padding) = \(restored)",
          "\(read) − \(factor(restored)) = \(read - restored)",
        ]
      },
      decoys: [
        Decoy("in the order of the way down", "The last layer is transposed first.") {
          layers, input in
          try paddings(layers, input)
        },
        Decoy("always stride − 1", "What is missing depends on the size.") { layers, _ in
          layers.reversed().map { $0.stride - 1 }
        },
        Decoy("always 0", "The floor may have left cells over.") { layers, _ in
          layers.map { _ in 0 }
        },
        Decoy(
          "the rest of the input by the stride", "Kernel and padding count: (i + 2p − k̂) mod s."
        ) {
          layers, input in
          zip(layers, try steps(layers, input)).reversed().map { $1 % $0.stride }
        },
        Decoy("padding forgotten", "The row that is divided has its padding: i + 2p − k̂.") {
          layers, input in
          zip(layers, try steps(layers, input)).reversed().map {
            remainder($1 - $0.effectiveKernelSize, $0.stride)
          }
        },
        Decoy("padding at one end only", "The row that is divided has padding at both ends.") {
          layers, input in
          zip(layers, try steps(layers, input)).reversed().map {
            remainder($1 + $0.padding - $0.effectiveKernelSize, $0.stride)
          }
        },
        Decoy("dilation forgotten", "A dilated kernel spans layer.effectiveKernelSize cells.") {
          layers, input in
          zip(layers, try steps(layers, input)).reversed().map {
            remainder($1 + 2 * $0.padding - $0.kernelSize, $0.stride)
          }
        },
        Decoy("every layer given the input", "Each layer reads what the one before it left.") {
          layers, input in
          layers.reversed().map {
            remainder(input + 2 * $0.padding - $0.effectiveKernelSize, $0.stride)
          }
        },
        Decoy("each layer given its own output", "The cells that went in are to come back.") {
          layers, input in
          zip(layers, try steps(layers, input).dropFirst()).reversed().map {
            remainder($1 + 2 * $0.padding - $0.effectiveKernelSize, $0.stride)
          }
        },
        Decoy("one too many", "With s more there would be one output more on the way down.") {
          layers, input in try paddings(layers, input).reversed().map { $0 + 1 }
        },
        Decoy("their sum alone", "Each layer has its own.") { layers, input in
          [try paddings(layers, input).reduce(0, +)]
        },
        Decoy("the sign turned", "It is the cells read less those given back.") { layers, input in
          try paddings(layers, input).reversed().map { -$0 }
        },
        Decoy("the first layer's alone", "Each layer has its own.") { layers, input in
          Array(try paddings(layers, input).prefix(1))
        },
      ])
  }
}

/// The cells before each layer, and after the last.
private func steps(_ layers: [LayerGeometry], _ input: Int) throws -> [Int] {
  try layers.reduce(into: [input]) { cells, layer in
    cells.append(try window(layer).outputSize(input: cells.last!))
  }
}

/// In the order of the layers: by trying, which output padding restores what went in.
private func paddings(_ layers: [LayerGeometry], _ input: Int) throws -> [Int] {
  let sizes = try steps(layers, input)
  return try layers.indices.map { place in
    let window = try window(layers[place])
    let found = (0..<max(window.stride, window.dilation)).first { padding in
      (try? window.transposed(outputPadding: padding).outputSize(input: sizes[place + 1]))
        == sizes[place]
    }
    guard let found else { throw NoAnswer() }
    return found
  }
}

private func window(_ layer: LayerGeometry) throws -> Window {
  try Window(
    kernelSize: layer.kernelSize, stride: layer.stride, dilation: layer.dilation,
    padding: layer.padding)
}

private func remainder(_ a: Int, _ b: Int) -> Int { ((a % b) + b) % b }
