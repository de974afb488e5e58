import ConvolutionArithmetic
import FastKernels
import Tensors

/// The operations that have fast kernels.
enum FastEngine {
  static func convolution(
    _ x: Tensor<Float>, _ w: Tensor<Float>, bias: [Float]?, _ window: ResolvedWindow, groups: Int
  ) throws -> Tensor<Float> {
    try convolve(
      x, w, bias: bias, stride: window.stride, padding: window.padding, dilation: window.dilation,
      groups: groups, exact: !isFinite(x) || !isFinite(w))
  }

  static func transposedConvolution(
    _ x: Tensor<Float>, _ w: Tensor<Float>, bias: [Float]?, _ window: ResolvedWindow, groups: Int
  ) throws -> Tensor<Float> {
    try transposedConvolve(
      x, w, bias: bias, stride: window.stride, padding: window.padding,
      outputPadding: window.outputPadding, dilation: window.dilation, groups: groups)
  }

  static func maximum(
    _ x: Tensor<Float>, _ window: ResolvedWindow, rounding: Rounding
  ) throws -> Tensor<Float> {
    try maxPool(x, window: try window.window, rounding: rounding)
  }

  static func mean(
    _ x: Tensor<Float>, _ window: ResolvedWindow, rounding: Rounding, countsPadding: Bool
  ) throws -> Tensor<Float> {
    try averagePool(
      x, window: try window.window, rounding: rounding, countIncludePad: countsPadding)
  }

  /// Shortcuts that add and subtract cells would spread an infinity or a NaN to its neighbours.
  private static func isFinite(_ x: Tensor<Float>) -> Bool {
    x.elements.allSatisfy(\.isFinite)
  }
}

extension ResolvedWindow {
  /// The sliding window.
  var window: Window2D {
    get throws(GeometryError) {
      try Window2D(
        kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation)
    }
  }
}
