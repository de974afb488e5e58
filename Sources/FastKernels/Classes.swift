public import ConvolutionArithmetic
internal import KernelInterface
public import Tensors

/// Returns exp(x) / Σ exp(x) along dimension `axis` (default: the channels). The largest is subtracted
/// first, so that nothing overflows.
public func softmax(
  _ x: Tensor<Float>, axis: Int = 1, threads: Threads = .all, level: Level = .best
) -> Tensor<Float> {
  let elements = [Float](unsafeUninitializedCapacity: x.shape.count) { result, count in
    if let output = result.baseAddress, x.shape.count > 0 {
      alongClasses(x, axis, output, nil, threads, level.table.softmax)
    }
    count = x.shape.count
  }
  return Tensor(shape: x.shape, elements: elements)
}

/// Returns the index of the (first) largest along dimension `axis` (default: the channels), which is
/// left out of the result's shape. NaN counts as largest, as in PyTorch.
public func argmax(
  _ x: Tensor<Float>, axis: Int = 1, threads: Threads = .all, level: Level = .best
) -> Tensor<Int32> {
  var dimensions = x.shape.dimensions
  let classes = dimensions.remove(at: axis)
  precondition(classes > 0, "there is no largest of 0 classes")
  let shape = Shape(dimensions)
  let indices = [Int32](unsafeUninitializedCapacity: shape.count) { result, count in
    if let output = result.baseAddress, shape.count > 0 {
      var unused: Float = 0
      alongClasses(x, axis, &unused, output, threads, level.table.argmax)
    }
    count = shape.count
  }
  return Tensor(shape: shape, elements: indices)
}

private func alongClasses(
  _ x: Tensor<Float>, _ axis: Int, _ output: UnsafeMutablePointer<Float>,
  _ indices: UnsafeMutablePointer<Int32>?, _ threads: Threads, _ kernel: Kernel
) {
  let inner = x.shape.dimensions[(axis + 1)...].reduce(1, *)
  let positions = x.shape.count / x.shape[axis]
  x.elements.withUnsafeBufferPointer { source in
    var job = ClassJob(
      input: source.baseAddress!, output: output, indices: indices, classes: x.shape[axis],
      inner: inner)
    withUnsafePointer(to: &job) { job in
      threads.run(ceilDivide(positions, 4096)) { task, _ in
        kernel(job, task * 4096, min(task * 4096 + 4096, positions), 0, 0, output)
      }
    }
  }
}

/// Returns x · wᵀ + bias for `x` (batch, in) and `w` (out, in): a 1×1 convolution of maps of size
/// 1×batch.
///
/// - Throws: `GeometryError` if the shapes do not fit each other.
public func linear(
  _ x: Tensor<Float>, _ w: Tensor<Float>, bias: [Float]? = nil, threads: Threads = .all,
  level: Level = .best
) throws(GeometryError) -> Tensor<Float> {
  guard x.shape.rank == 2, w.shape.rank == 2 else {
    throw GeometryError(
      "the input has shape \(x.shape) and the weights \(w.shape); expected 2 dimensions each")
  }
  let (batch, inputs, outputs) = (x.shape[0], x.shape[1], w.shape[0])
  try expect("the weights read \(w.shape[1]) numbers", w.shape[1], inputs)
  try checkBias(bias, outputs)
  let layer = PreparedConvolution(
    try Convolution(kernelSize: 1), weights: w.elements, bias: bias, outputs: outputs,
    inputs: inputs, method: .product, threads: threads, level: level)
  let size = Size(height: 1, width: batch)
  let workspace = Workspace(threads: threads)
  let (input, output) = (
    FeatureMap(channels: inputs, size: size), FeatureMap(channels: outputs, size: size)
  )
  input.load(exchanged(x.elements, batch, inputs), threads: threads, level: level)
  layer.run(input, into: output, workspace)
  var planar = [Float](repeating: 0, count: outputs * batch)
  output.store(&planar, threads: threads, level: level)
  return Tensor(shape: [batch, outputs], elements: exchanged(planar, outputs, batch))
}

/// The matrix with rows and columns exchanged.
private func exchanged(_ matrix: [Float], _ rows: Int, _ columns: Int) -> [Float] {
  if rows == 1 || columns == 1 { return matrix }
  return [Float](unsafeUninitializedCapacity: matrix.count) { result, count in
    for row in 0..<rows {
      for column in 0..<columns { result[column * rows + row] = matrix[row * columns + column] }
    }
    count = matrix.count
  }
}
