import ExerciseKit
import Tensors

/// Join a skip as U-Net does: crop the map `encoder` to the height and width of `decoder`, as much at
/// the near as at the far side, and stack both: the encoder's channels first.
///
/// Both are (1, channels, height, width); differences in size are even.
///
///     encoder = 1 2 3 4 (one channel), decoder = 7 8   // channels: 2 3 | 7 8
public func concatenate(_ encoder: Tensor<Int>, _ decoder: Tensor<Int>) throws -> Tensor<Int> {
  // solution
  let top = (encoder.height - decoder.height) / 2
  let left = (encoder.width - decoder.width) / 2
  var both = Tensor<Int>.zeros([
    1, encoder.channels + decoder.channels, decoder.height, decoder.width,
  ])
  for row in 0..<decoder.height {
    for column in 0..<decoder.width {
      for c in 0..<encoder.channels {
        both[0, c, row, column] = encoder[0, c, row + top, column + left]
      }
      for c in 0..<decoder.channels {
        both[0, encoder.channels + c, row, column] = decoder[0, c, row, column]
      }
    }
  }
  return both
  // end of solution
}
