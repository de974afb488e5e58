import ConvolutionArithmetic
import Tensors

/// A stride, dilation or output padding along a row alone.
func across(_ extent: Int, down: Int = 1) -> Size {
  Size(height: down, width: extent)
}

/// A padding at both ends of a row alone.
func beside(_ padding: Int) -> Padding {
  Padding(Size(height: 0, width: padding))
}

/// The sentence with which a computation is refused, or nil if it is done.
func refusal<Result>(of compute: () throws -> Result) -> String? {
  do {
    _ = try compute()
    return nil
  } catch {
    return "\(error)"
  }
}
