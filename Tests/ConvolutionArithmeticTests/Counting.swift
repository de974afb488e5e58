import ConvolutionArithmetic

/// Sizes by counting, without any formula: what every closed form is held to.
enum Counting {
  /// What comes out, whichever way the window is read.
  static func size(_ window: Window, input: Int) -> Int {
    window.isTransposed ? restored(window, input: input) : positions(window, input: input)
  }

  /// The positions of a window: put it at 0, s, 2s, … and count while it is allowed.
  static func positions(_ window: Window, input: Int) -> Int {
    let rounding = window.rounding
    let padded = input + window.paddingBefore + window.paddingAfter
    let span = span(window)
    var count = 0
    var begin = 0
    switch rounding {
    case .floor:
      while begin + span <= padded {
        count += 1
        begin += window.stride
      }
    case .ceil, .caffe:
      // Windows follow each other until one reaches the end; a first one may hang over by less than
      // a stride.
      while begin + span < padded + window.stride {
        count += 1
        begin += window.stride
      }
      let clips =
        rounding == .ceil || window.paddingBefore != 0 || window.paddingAfter != 0
      let last = begin - window.stride
      if clips && count > 0 && last >= input + window.paddingBefore { count -= 1 }
    }
    return count
  }

  /// The cells that a transposed window stamps from first to last, less the padding, and the output
  /// padding.
  static func restored(_ window: Window, input: Int) -> Int {
    var last = 0
    for y in 0..<input {
      for k in 0..<window.kernelSize {
        last = max(last, y * window.stride + k * window.dilation)
      }
    }
    return last + 1 - window.paddingBefore - window.paddingAfter + window.outputPadding
  }

  private static func span(_ window: Window) -> Int {
    var last = 0
    for k in 0..<window.kernelSize { last = k * window.dilation }
    return last + 1
  }
}
