internal import ConvolutionArithmetic
internal import Tensors

extension TraceCase where Scalar: CustomStringConvertible {
  /// What to type for this trace; nil where there is more than one map, which can't be typed.
  ///
  /// ```swift
  /// try TraceCase.convolution(Tensor([[1, 2], [3, 4]]), Tensor([[1, 0]]), stride: 2).command()
  /// // "convbook trace conv --input 1,2/3,4 --weight 1,0 --stride 2"
  /// ```
  public func command(_ form: TraceForm = .window) -> String? {
    let (stride, padding, dilation) = (
      convolution.stride, convolution.padding, convolution.dilation
    )
    guard input.batch * input.channels == 1, weight.batch * weight.channels == 1, bias == nil,
      padding == Padding(Size(height: padding.top, width: padding.left))
    else { return nil }
    func text(_ map: Tensor<Scalar>) -> String {
      map.cellTexts().map { $0.joined(separator: ",") }.joined(separator: "/")
    }
    // Rows have one axis, and one number for each option.
    let isRow = input.height == 1 && weight.height == 1
    func option(_ name: String, _ size: Size, unless usual: Int) -> String {
      let isOne = isRow || size.height == size.width
      guard isRow ? size.width != usual : size != Size(usual) else { return "" }
      return " --\(name) " + (isOne ? "\(size.width)" : "\(size.height),\(size.width)")
    }
    let name = convolution.isTransposed ? "conv-transpose" : "conv"
    return "convbook trace \(name) --input \(text(input))"
      + " --weight \(text(weight))" + option("stride", stride, unless: 1)
      + option("padding", Size(height: padding.top, width: padding.left), unless: 0)
      + option("dilation", dilation, unless: 1)
      + option("output-padding", convolution.outputPadding, unless: 0)
      + (form == .window ? "" : " --form \(form.rawValue)")
  }
}
