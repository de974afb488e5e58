import ConvolutionArithmetic
import Tensors

/// Rows of numbers as they are typed: `1,2/3,4`. Where a number has a / of its own, rows end in ; and so
/// does a number alone, which would be a size.
package func typed(_ rows: [[String]]) -> String {
  let lines = rows.map { $0.joined(separator: ",") }
  let isPlain =
    !lines.contains { $0.contains("/") }
    && (lines.count > 1 || lines[0].contains { ",.".contains($0) })
  return isPlain ? lines.joined(separator: "/") : lines.map { $0 + ";" }.joined()
}

extension TraceCase {
  /// What to type for this trace of a convolution; nil where there is more than one map, which can't be
  /// typed.
  ///
  /// ```swift
  /// try TraceCase.convolution(Tensor([[1, 2], [3, 4]]), Tensor([[1, 0]]), stride: 2).command()
  /// // "convbook trace conv --input 1,2/3,4 --weight 1,0 --stride 2"
  /// ```
  public func command(_ form: TraceForm = .window) -> String? {
    guard let (name, input, weight, options) = typedCase else { return nil }
    func quoted(_ text: String) -> String { text.contains(";") ? "'\(text)'" : text }
    return "convbook trace \(name) --input \(quoted(input)) --weight \(quoted(weight))"
      + options.map { " --\($0.name) \($0.value)" }.joined()
      + (form == .window ? "" : " --form \(form.rawValue)")
  }

  /// What the live book's laboratory has behind the `#` of its address to show this; nil where that takes
  /// one number for an option that differs along the axes here, and of a gradient.
  ///
  /// ```swift
  /// try TraceCase.convolution(Tensor([[1, 2], [3, 4]]), Tensor([[1], [0]]), stride: 2).link()
  /// // "conv&input=1,2/3,4&weight=1/0&stride=2"
  /// ```
  public func link(_ form: TraceForm = .window) -> String? {
    guard forward == nil, let (name, input, weight, options) = typedCase, input.utf8.count < 500,
      isRow || weight.contains("/") || weight.contains(";"),
      !options.contains(where: { $0.value.contains(",") })
    else { return nil }
    return "\(name)&input=\(input)&weight=\(weight)"
      + options.map { "&\($0.name)=\($0.value)" }.joined()
      + (form == .window ? "" : "&form=\(form.rawValue)")
  }

  /// The operation, its numbers, and the options that are not the usual ones, as they are typed.
  private var typedCase:
    (name: String, input: String, weight: String, options: [(name: String, value: String)])?
  {
    guard case .convolution(let kernels) = arithmetic else { return nil }
    let (convolution, weight) = (kernels.convolution, kernels.weight)
    guard input.batch * input.channels == 1, weight.batch * weight.channels == 1,
      kernels.bias == nil, convolution.padding.isSymmetric
    else { return nil }
    // Rows have one axis, and one number for each option.
    let isRow = input.height == 1 && weight.height == 1
    let padding = Size(height: convolution.padding.top, width: convolution.padding.left)
    let options = [
      ("stride", convolution.stride, 1), ("padding", padding, 0),
      ("dilation", convolution.dilation, 1), ("output-padding", convolution.outputPadding, 0),
    ].compactMap { name, size, usual -> (name: String, value: String)? in
      guard isRow ? size.width != usual : size != Size(usual) else { return nil }
      let isOne = isRow || size.height == size.width
      return (name, isOne ? "\(size.width)" : "\(size.height),\(size.width)")
    }
    return (
      convolution.isTransposed ? "conv-transpose" : "conv", typed(input.cellTexts()),
      typed(weight.cellTexts()), options
    )
  }
}
