import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

/// What PyTorch and ONNX's reference evaluator computed, computed again. Inputs are multiples of 1/8,
/// so sums of products must be equal exactly; where there is a division or an exponential, to 1e-6.
@Suite struct PeerTests {
  /// The first case and array in which we differ.
  private func check(
    _ op: String, relative: Float = 0, count: Int,
    _ compute: (PeerCase) throws -> [String: Tensor<Float>]
  ) throws {
    let cases = try PeerCase.all(op)
    #expect(cases.count == count)
    for item in cases {
      for (name, got) in try compute(item).sorted(by: { $0.key < $1.key }) {
        guard let expected = item.tensor(name) else { continue }
        let difference = got.difference(from: expected, relative: relative, absolute: relative)
        #expect(difference == nil, "\(name) of \(item.line)")
        if difference != nil { return }
      }
    }
  }

  private func vector(_ elements: [Float]) -> Tensor<Float> {
    Tensor(shape: [elements.count], elements: elements)
  }

  @Test func `convolution and its gradients`() throws {
    try check("conv", count: 47) { c in
      var results = [
        "y": try convolve(
          c.x, c.w, bias: c.bias, stride: c.strideSize, padding: c.sides,
          dilation: c.dilationSize, groups: c.groups!)
      ]
      if let dy = c.tensor("dy") {
        results["dx"] = try convolutionInputGradient(
          dy, c.w,
          by: Convolution(
            of: c.w, stride: c.strideSize, padding: c.sides, dilation: c.dilationSize,
            groups: c.groups!), inputSize: c.x.size)
        results["dw"] = try convolutionKernelGradient(
          c.x, dy,
          by: Convolution(
            kernelSize: c.w.size, stride: c.strideSize, padding: c.sides, dilation: c.dilationSize,
            groups: c.groups!))
        results["db"] = vector(try biasGradient(dy))
      }
      return results
    }
  }

  @Test func `transposed convolution and its gradients`() throws {
    try check("conv-transpose", count: 49) { c in
      let outputPadding = c.size(c.outputPadding)
      var results = [
        "y": try transposedConvolve(
          c.x, c.w, bias: c.bias, stride: c.strideSize, padding: c.sides,
          outputPadding: outputPadding, dilation: c.dilationSize, groups: c.groups!)
      ]
      if let dy = c.tensor("dy") {
        results["dx"] = try convolutionInputGradient(
          dy, c.w,
          by: Convolution(
            of: c.w, stride: c.strideSize, padding: c.sides, dilation: c.dilationSize,
            groups: c.groups!
          ).transposed(outputPadding: outputPadding), inputSize: c.x.size)
        results["dw"] = try convolutionKernelGradient(
          c.x, dy,
          by: Convolution(
            kernelSize: c.w.size, stride: c.strideSize, padding: c.sides, dilation: c.dilationSize,
            groups: c.groups!
          ).transposed(outputPadding: outputPadding))
        results["db"] = vector(try biasGradient(dy))
      }
      return results
    }
  }

  @Test func `max pooling, its indices, gradient and unpooling`() throws {
    try check("max-pool", count: 21) { c in
      let pooled = try maxPoolWithIndices(
        c.x,
        by: Pooling(
          kernelSize: c.kernelSize, stride: c.strideSize, padding: c.sides,
          dilation: c.dilationSize, rounding: Rounding(rawValue: c.rounding!)!))
      var results = ["y": pooled.values, "indices": pooled.indices.map { Float($0) }]
      if let dy = c.tensor("dy") {
        results["dx"] = try maxPoolGradient(dy, indices: pooled.indices, inputSize: c.x.size)
        results["unpooled"] = try maxUnpool(
          pooled.values, indices: pooled.indices, size: c.x.size)
      }
      return results
    }
  }

  @Test func `average pooling and its gradient`() throws {
    try check("avg-pool", relative: 1e-6, count: 54) { c in
      let rounding = Rounding(rawValue: c.rounding!)!
      var results = [
        "y": try averagePool(
          c.x, kernelSize: c.kernelSize, stride: c.strideSize, padding: c.sides,
          dilation: c.dilationSize, rounding: rounding, countIncludePad: c.countIncludePad!,
          divisor: c.divisor)
      ]
      if let dy = c.tensor("dy") {
        results["dx"] = try averagePoolGradient(
          dy,
          by: Pooling(
            kernelSize: c.kernelSize, stride: c.strideSize, padding: c.sides,
            dilation: c.dilationSize, rounding: rounding, countIncludePad: c.countIncludePad!),
          inputSize: c.x.size, divisor: c.divisor)
      }
      return results
    }
  }

  @Test func `interpolation`() throws {
    try check("bilinear", relative: 1e-6, count: 8) { c in
      ["y": try interpolateBilinear(c.x, scale: c.size(c.scale), alignCorners: c.alignCorners!)]
    }
  }

  @Test func `softmax, its logarithm and gradient`() throws {
    try check("softmax", relative: 1e-6, count: 4) { c in
      let y = try softmax(c.x, axis: c.axis!)
      return [
        "y": y, "log": try logSoftmax(c.x, axis: c.axis!),
        "dx": try softmaxGradient(c.tensor("dy")!, output: y, axis: c.axis!),
      ]
    }
  }

  @Test func `the label map`() throws {
    try check("argmax", count: 4) { c in
      ["y": try argmax(c.x, axis: c.axis!).map { Float($0) }]
    }
  }

  @Test func `cross-entropy and its gradient`() throws {
    try check("cross-entropy", relative: 1e-6, count: 2) { c in
      let labels = c.tensor("labels")!.map { Int($0) }
      let reduction = Reduction(rawValue: c.reduction!)!
      return [
        "y": Tensor(
          shape: [], elements: [try crossEntropy(c.x, labels: labels, reduction: reduction)]),
        "dx": try crossEntropyGradient(c.x, labels: labels, reduction: reduction),
      ]
    }
  }

  @Test func `fully connected`() throws {
    try check("linear", count: 1) { c in
      let gradients = try linearGradients(c.tensor("dy")!, input: c.x, weight: c.w)
      return [
        "y": try linear(c.x, c.w, bias: c.bias), "dx": gradients.input, "dw": gradients.weight,
        "db": vector(gradients.bias),
      ]
    }
  }

  @Test func `local response normalization and window columns`() throws {
    try check("lrn", relative: 1e-6, count: 1) { c in
      ["y": try localResponseNormalization(c.x, size: 5, alpha: 0.5, beta: 0.75, k: 2)]
    }
    try check("columns", count: 1) { c in
      [
        "y": try windowColumns(
          c.x,
          by: Convolution(
            kernelSize: c.kernelSize, stride: c.strideSize, padding: c.sides,
            dilation: c.dilationSize))
      ]
    }
  }
}
