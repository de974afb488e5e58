internal import ConvolutionArithmetic
internal import Primitives
internal import Tensors

extension TraceCase {
  /// What the case is, in a line: `convolution, stride 2, padding 1: 5×5 → 3×3`.
  public var caption: String {
    if let forward { return "gradient by the \(forward.target.rawValue), \(forward.caption)" }
    let sizes =
      isRow
      ? "\(input.width) → \(output.width)" : "\(input.size) → \(output.size)"
    switch arithmetic {
    case .convolution(let kernels):
      let convolution = kernels.convolution
      var parts = [convolution.isTransposed ? "transposed convolution" : "convolution"]
      func add(_ name: String, _ size: Size, unless usual: Int) {
        if size != Size(usual), !isRow || size.width != usual {
          parts.append("\(name) \(text(size))")
        }
      }
      add("stride", convolution.stride, unless: 1)
      let padding = convolution.padding
      if padding.isSymmetric {
        add("padding", Size(height: padding.top, width: padding.left), unless: 0)
      } else {
        parts.append("padding \(padding)")
      }
      add("dilation", convolution.dilation, unless: 1)
      add("output padding", convolution.outputPadding, unless: 0)
      if convolution.groups > 1 { parts.append("\(convolution.groups) groups") }
      return parts.joined(separator: ", ") + ": " + sizes
    case .largest(let geometry, _): return pooling("max pooling", geometry) + ": " + sizes
    case .mean(let windows): return pooling("average pooling", windows.geometry) + ": " + sizes
    case .blend: return "bilinear interpolation: " + sizes
    case .rows: return "fully connected: \(input.width) → \(output.width)"
    case .softmax: return "softmax"
    case .argmax: return "argmax"
    case .gathering: return "gradient: " + sizes
    }
  }

  private func pooling(_ name: String, _ geometry: Geometry) -> String {
    let (rows, columns) = (geometry.rows.window, geometry.columns.window)
    func pair(_ name: String, _ value: (Window) -> Int, unless usual: Int?) -> String {
      let size = Size(height: value(rows), width: value(columns))
      return size == usual.map({ Size($0) }) || (isRow && size.width == usual)
        ? "" : ", \(name) \(text(size))"
    }
    return name + pair("kernel", { $0.kernelSize }, unless: nil)
      + pair("stride", { $0.stride }, unless: 1) + pair("padding", { $0.paddingBefore }, unless: 0)
      + pair("dilation", { $0.dilation }, unless: 1)
  }

  private func text(_ size: Size) -> String {
    isRow || size.height == size.width ? "\(size.width)" : "\(size.height),\(size.width)"
  }
}
