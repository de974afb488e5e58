public import ExerciseKit
public import Tensors

extension Exercises {
  public static var concatenate: Exercise<(Tensor<Int>, Tensor<Int>), Tensor<Int>> {
    Exercise(
      "concatenate", lesson: 31, title: "a skip cropped and concatenated",
      hints: [
        "How many rows are too many, and how many of them lie above?",
        "both[c] = encoder[c] cropped at (difference)/2 for the encoder's channels, then decoder's.",
        "Make zeros of encoder.channels + decoder.channels maps; copy "
          + "encoder[0, c, row + top, column + left], then the decoder behind it.",
      ],
      cases: {
        [
          (row([1, 2]), row([7, 8])), (row([1, 2, 3, 4]), row([7, 8])),
          (Tensor([[1, 2], [3, 4], [5, 6]]), Tensor([[7, 8]])),
          (tensor([1, 2, 1, 2], seed: 110), tensor([1, 1, 1, 2], seed: 111)),
          (tensor([1, 2, 5, 6], seed: 67), tensor([1, 2, 3, 2], seed: 68)),
          (tensor([1, 1, 4, 7], seed: 69), tensor([1, 3, 4, 3], seed: 70)),
          (tensor([1, 1, 3, 5], seed: 113), tensor([1, 4, 1, 3], seed: 118)),
          (tensor([1, 3, 6, 4], seed: 71), tensor([1, 1, 2, 2], seed: 72)),
        ]
      },
      show: { encoder, decoder in [Shown("encoder", encoder), Shown("decoder", decoder)] },
      expected: { encoder, decoder in joined(central(encoder, decoder), decoder) },
      arithmetic: { input, cell in
        let (encoder, decoder) = input
        let top = (encoder.height - decoder.height) / 2
        let left = (encoder.width - decoder.width) / 2
        guard cell[1] < encoder.channels else {
          let c = cell[1] - encoder.channels
          return [
            "channel \(cell[1]) is the decoder's channel \(c): \(decoder[0, c, cell[2], cell[3]])"
          ]
        }
        return [
          "rows: (\(encoder.height) − \(decoder.height))/2 = \(top) lie above; columns: "
            + "(\(encoder.width) − \(decoder.width))/2 = \(left) to the left",
          "encoder[0, \(cell[1]), \(cell[2] + top), \(cell[3] + left)] = "
            + "\(encoder[0, cell[1], cell[2] + top, cell[3] + left])",
        ]
      },
      decoys: [
        Decoy("decoder first", "The encoder's channels come first.") { encoder, decoder in
          joined(decoder, central(encoder, decoder))
        },
        Decoy("cropped at 0", "As much is cut off at the near side as at the far one.") {
          encoder, decoder in joined(part(encoder, decoder, 0, 0), decoder)
        },
        Decoy("decoder forgotten", "Both maps belong to the result.") { encoder, decoder in
          central(encoder, decoder)
        },
        Decoy("cropped at the far side", "Half of the difference lies at each side.") {
          encoder, decoder in
          joined(
            part(encoder, decoder, encoder.height - decoder.height, encoder.width - decoder.width),
            decoder)
        },
        Decoy("only the rows cropped at the centre", "Columns are cropped at both sides, too.") {
          encoder, decoder in
          joined(part(encoder, decoder, (encoder.height - decoder.height) / 2, 0), decoder)
        },
        Decoy("only the columns cropped at the centre", "Rows are cropped at both sides, too.") {
          encoder, decoder in
          joined(part(encoder, decoder, 0, (encoder.width - decoder.width) / 2), decoder)
        },
        Decoy("the decoder's maps left at 0", "Both maps belong to the result.") {
          encoder, decoder in
          joined(central(encoder, decoder), decoder.map { _ in 0 })
        },
        Decoy("the encoder's maps left at 0", "Both maps belong to the result.") {
          encoder, decoder in
          joined(central(encoder, decoder).map { _ in 0 }, decoder)
        },
        Decoy("encoder channel 0 in all of its places", "Channel c of the encoder is channel c.") {
          encoder, decoder in
          joined(reindexed(central(encoder, decoder)) { [0, 0, $0[2], $0[3]] }, decoder)
        },
        Decoy("decoder channel 0 in all of its places", "All channels of the decoder follow.") {
          encoder, decoder in
          joined(central(encoder, decoder), reindexed(decoder) { [0, 0, $0[2], $0[3]] })
        },
      ])
  }
}

private func part(
  _ encoder: Tensor<Int>, _ decoder: Tensor<Int>, _ top: Int, _ left: Int
) -> Tensor<Int> {
  reindexed(.zeros([1, encoder.channels, decoder.height, decoder.width]), from: encoder) {
    [0, $0[1], $0[2] + top, $0[3] + left]
  }
}

private func central(_ encoder: Tensor<Int>, _ decoder: Tensor<Int>) -> Tensor<Int> {
  part(
    encoder, decoder, (encoder.height - decoder.height) / 2, (encoder.width - decoder.width) / 2)
}

private func joined(_ a: Tensor<Int>, _ b: Tensor<Int>) -> Tensor<Int> {
  Tensor(
    shape: [1, a.channels + b.channels, a.height, a.width], elements: a.elements + b.elements)
}
