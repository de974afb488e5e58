public import ConvolutionArithmetic
internal import Primitives
internal import Tensors

extension TraceCase {
  /// The drawing of one form.
  ///
  /// - Parameters:
  ///   - cell: the cell that a still picture shows, and with which an animation begins; where there are too
  ///     many for all, the only one.
  ///   - part: the rows and columns of the output that alone are drawn.
  /// - Throws: `GeometryError` if there is no such cell or form, or the maps are too large to be drawn.
  public func figure(
    _ form: TraceForm = .window, cell: (row: Int, column: Int)? = nil, part: FigurePart? = nil,
    picture: Int = 0, caption: String? = nil
  ) throws(GeometryError) -> Figure {
    guard (0..<output.batch).contains(picture) else {
      throw GeometryError(
        "there is no picture \(picture); the input has \(counted(output.batch, "picture")), counted from 0"
      )
    }
    let isWhole = cell == nil || output.channels * output.size.area <= Figure.mostMoments
    let trace: Trace
    if let part {
      trace = try self.trace(form, of: part)
    } else {
      try refuseTooLarge(form)
      trace = try self.trace(form, cell: isWhole ? nil : cell, withStamps: false)
    }
    return try Figure(
      trace, cell: cell, part: part, picture: picture,
      caption: (caption ?? self.caption(form))
        + (output.batch > 1 ? ", picture \(picture) of \(output.batch)" : ""))
  }

  /// Refuses, before anything is computed, what has to be drawn whole and can't be.
  private func refuseTooLarge(_ form: TraceForm) throws(GeometryError) {
    let (from, to) = (input.size, output.size)
    switch form {
    case .window, .zeroInsertion: return
    case .scatter:
      let widths = [from.width, to.width]
      try Figure.checkRoom(
        width: isRow ? widths.max()! : widths.reduce(0, +), height: max(from.height, to.height),
        Figure.offerOfParts)
    case .matrix:
      try Figure.checkRoom(
        width: input.channels * from.area, height: output.channels * to.area,
        Figure.offerOfParts)
    }
  }

  /// The trace of a part: all maps, but the arithmetic of those rows and columns alone.
  private func trace(_ form: TraceForm, of part: FigurePart) throws(GeometryError) -> Trace {
    let all = output.size
    guard part.rows?.upperBound ?? 0 < all.height, part.columns?.upperBound ?? 0 < all.width,
      part.rows?.lowerBound ?? 0 >= 0, part.columns?.lowerBound ?? 0 >= 0
    else {
      throw GeometryError(
        "\(part.description) are not all there: the output is \(all), so its rows go from 0 to "
          + "\(all.height - 1) and its columns from 0 to \(all.width - 1)")
    }
    guard form == .window || form == .zeroInsertion else {
      throw GeometryError(
        "a part is drawn of the forms window and zero-insertion; the form \(form.rawValue) is drawn whole"
      )
    }
    let (rows, columns) = (part.rows ?? 0...all.height - 1, part.columns ?? 0...all.width - 1)
    var trace = try trace(form, cell: (rows.lowerBound, columns.lowerBound))
    let reader = form == .zeroInsertion ? try zerosInserted() : self
    trace.readings = try reader.equations(rows: Range(rows), columns: Range(columns))
    return trace
  }
}

extension TraceCase {
  /// What the case is, and in which form it is read: `convolution, kernel 3, stride 2: 5×5 → 2×2, matrix`.
  public func caption(_ form: TraceForm) -> String {
    form == .window ? caption : "\(caption), \(form.rawValue)"
  }

  /// What the case is, in a line: `convolution, kernel 3, stride 2, padding 1: 5×5 → 3×3`.
  public var caption: String {
    if let forward { return "\(resultTitle), \(forward.caption)" }
    let sizes = "\(maps(input)) → \(maps(output))"
    switch arithmetic {
    case .convolution(let kernels):
      let convolution = kernels.convolution
      var parts = [convolution.isTransposed ? "transposed convolution" : "convolution"]
      func add(_ name: String, _ size: Size, unless usual: Int) {
        if size != Size(usual), !isRow || size.width != usual {
          parts.append("\(name) \(text(size))")
        }
      }
      add("kernel", convolution.kernelSize, unless: 0)
      parts[1] += ownNumbers(of: kernels.weight)
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
      if kernels.bias != nil { parts.append("bias") }
      return parts.joined(separator: ", ") + ": " + sizes
    case .largest(let geometry, _): return pooling("max pooling", geometry) + ": " + sizes
    case .mean(let windows):
      return pooling("average pooling", windows.geometry) + remark + ": " + sizes
    case .blend: return "bilinear interpolation\(remark): " + sizes
    case .rows(_, let bias):
      return "fully connected\(bias == nil ? "" : ", bias"): " + sizes
    case .softmax(let alongRows): return lane("softmax", alongRows) + sizes
    case .argmax(let alongRows): return lane("argmax", alongRows) + sizes
    case .gathering: return "gradient: " + sizes
    }
  }

  /// ` (1, 0, -1)`: the numbers of a short kernel that does not count 1, 2, 3.
  private func ownNumbers(of weight: Tensor<Scalar>) -> String {
    let texts = weight.elements.map { numberText($0) }
    guard isRow, weight.elements.count <= 5, weight.batch * weight.channels == 1,
      texts != texts.indices.map({ "\($0 + 1)" })
    else { return "" }
    return " (\(texts.map { shortNumber($0) }.joined(separator: ", ")))"
  }

  private func lane(_ name: String, _ alongRows: Bool) -> String {
    isRow ? "\(name): " : "\(name) along the \(alongRows ? "rows" : "columns"): "
  }

  /// `5×5`, `4 maps of 5×5`, `7` of a row
  private func maps(_ tensor: Tensor<Scalar>) -> String {
    let size = isRow ? "\(tensor.width)" : "\(tensor.size)"
    return tensor.channels > 1 ? "\(tensor.channels) maps of \(size)" : size
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
