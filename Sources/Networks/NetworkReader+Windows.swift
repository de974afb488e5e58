import ConvolutionArithmetic
import Tensors

extension NetworkReader {
  func window(
    _ options: TextOptions, _ statement: TextStatement, strideIsKernel: Bool
  ) throws(NetworkTextError) -> (kernel: Size, stride: Size, padding: Padding, dilation: Size) {
    guard options.sizes["k"] != nil else {
      throw statement.kind.error(
        "\(statement.kind.text) must be told its kernel size, as in \(statement.kind.text) "
          + (options.numbers.first.map { "\($0.word.text) " } ?? "") + "k3")
    }
    func along(_ size: Size, _ other: Int) -> Size {
      isLine ? Size(height: other, width: size.width) : size
    }
    let kernel = try pair(options, "k", or: nil)
    let stride =
      options.sizes["s"] == nil && strideIsKernel ? kernel : try pair(options, "s", or: 1)
    return (
      along(kernel, 1), along(stride, 1), try padding(options) ?? 0,
      along(try pair(options, "d", or: 1), 1)
    )
  }

  /// The padding that is told in numbers.
  func padding(_ options: TextOptions) throws(NetworkTextError) -> Padding? {
    guard let (word, numbers) = options.sizes["p"] else { return nil }
    switch (numbers.count, isLine) {
    case (1, false): return Padding(Size(numbers[0]))
    case (2, false): return Padding(Size(height: numbers[0], width: numbers[1]))
    case (4, false):
      return Padding(top: numbers[0], left: numbers[1], bottom: numbers[2], right: numbers[3])
    case (1...2, true):
      return Padding(top: 0, left: numbers[0], bottom: 0, right: numbers.last!)
    default:
      throw word.error(
        isLine
          ? "p is one number, or before,after"
          : "p is one number, height,width or top,left,bottom,right")
    }
  }

  /// The padding rule that is told by a word.
  func rule(_ options: TextOptions) throws(NetworkTextError) -> PaddingRule? {
    let rules: [(String, PaddingRule)] = [
      ("same", .same), ("same-upper", .sameUpper), ("same-lower", .sameLower), ("valid", .valid),
    ]
    let told = rules.filter { options.has($0.0) }
    guard let (name, rule) = told.first else { return nil }
    if told.count > 1 || options.sizes["p"] != nil {
      throw options.flags[name]!.error("the padding is told twice")
    }
    return rule
  }

  /// The size of what a layer reads, for paddings and kernels that depend on it.
  mutating func inputSize(_ inputs: [String]) throws(GeometryError) -> Size {
    do throws(GeometryError) {
      return try sizes.size(of: inputs[0], input: usedSize)!
    } catch {
      // The same in more words.
      _ = try described().shapes(input: usedSize)
      throw error
    }
  }

  /// What has the extents that a layer would have for any picture, if it was made for this one.
  func stretched(
    _ operation: Network.Operation, _ kind: TextKind, _ options: TextOptions
  ) -> Network.Operation? {
    if kind == .fc { return .globalPool(.mean) }
    // Either rule gives ⌈n / stride⌉ cells, as many as a window of one cell.
    guard options.has("same-upper") || options.has("same-lower"),
      let rows = try? operation.window(along: .height),
      let columns = try? operation.window(along: .width)
    else { return nil }
    return
      (try? Pooling(
        kernelSize: 1, stride: Size(height: rows.stride, width: columns.stride)))
      .map(Network.Operation.maxPool)
  }

  mutating func convolution(
    _ options: TextOptions, _ statement: TextStatement, _ inputs: [String]
  ) throws(NetworkTextError) -> Convolution {
    let (kernel, stride, padding, dilation) = try window(
      options, statement, strideIsKernel: false)
    let groups = options.sizes["g"]
    if let groups, groups.values.count != 1 {
      throw groups.word.error("g is one number, as in g4")
    }
    let rule = try rule(options)
    return try statement.kind.blaming { () throws(GeometryError) in
      let plain = try Convolution(
        kernelSize: kernel, stride: stride, padding: padding, dilation: dilation,
        groups: groups?.values[0] ?? 1)
      guard let rule else { return plain }
      let size = rule == .same || rule == .valid ? Size(1) : try inputSize(inputs)
      return try Convolution(
        rows: plain.rows.padded(by: rule, input: size.height),
        columns: plain.columns.padded(by: rule, input: size.width), groups: plain.groups)
    }
  }

  mutating func pooling(
    _ options: TextOptions, _ statement: TextStatement, _ inputs: [String], isMean: Bool
  ) throws(NetworkTextError) -> Pooling {
    let (kernel, stride, padding, dilation) = try window(options, statement, strideIsKernel: true)
    let plain = try statement.kind.blaming { () throws(GeometryError) in
      try Pooling(
        kernelSize: kernel, stride: stride, padding: padding, dilation: dilation,
        rounding: options.has("caffe") ? .caffe : options.has("ceil") ? .ceil : .floor,
        countIncludePad: isMean && !options.has("nopad"))
    }
    try checkPadding(of: plain, options)
    guard let rule = try rule(options) else { return plain }
    return try statement.kind.blaming { () throws(GeometryError) in
      let size = try inputSize(inputs)
      return Pooling(
        rows: try plain.rows.padded(by: rule, input: size.height),
        columns: try plain.columns.padded(by: rule, input: size.width),
        countIncludePad: plain.countIncludePad)
    }
  }

  /// Refuses the padding of a pool that no framework takes: in PyTorch it is half of the kernel at most, in
  /// Caffe less than all of it.
  private func checkPadding(
    of pooling: Pooling, _ options: TextOptions
  ) throws(NetworkTextError) {
    guard let word = options.sizes["p"]?.word else { return }
    for window in [pooling.rows, pooling.columns] {
      let span = window.effectiveKernelSize
      let most = options.has("caffe") ? span - 1 : span / 2
      let padding = max(window.paddingBefore, window.paddingAfter)
      guard padding > most else { continue }
      throw word.error(
        "the padding is \(padding); a pool whose windows span \(counted(span, "cell")) takes "
          + (options.has("caffe") ? "less than that" : "half of that")
          + ", at most \(most); a layer before it, pad p\(padding), pads as far as you like")
    }
  }
}
