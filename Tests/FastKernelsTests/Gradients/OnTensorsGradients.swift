import ConvolutionArithmetic
import Primitives
import Tensors

@testable import FastKernels

/// The gradients of FastKernels on whole batches, in the words of Primitives, so that both can be compared.
enum OnTensors {
  /// Returns what `convolutionInputGradient` of Primitives returns, in Float and fast.
  ///
  /// - Parameter exact: direct sums only; see ``PreparedConvolution``.
  static func convolutionInputGradient(
    _ gradient: Tensor<Float>, _ w: Tensor<Float>, by convolution: Convolution, inputSize: Size,
    exact: Bool = false, threads: Threads = .all, level: Level = .best
  ) throws(GeometryError) -> Tensor<Float> {
    if convolution.isTransposed {
      // An output padding of a stride or more, as a dilation allows, lets further windows fit.
      let convolved = try FastKernels.convolve(
        gradient, w, by: convolution.forward, exact: exact, threads: threads, level: level)
      return convolved.size == inputSize ? convolved : convolved.cropped(to: inputSize)
    }
    let groups = convolution.groups
    let (outputs, inputs) = (gradient.channels, w.shape[1] * groups)
    let workspace = Workspace(threads: threads)
    let output = FeatureMap(channels: outputs, size: gradient.size)
    let input = FeatureMap(channels: inputs, size: inputSize)
    let layer = try InputGradient(
      of: convolution, weights: w.elements, outputs: outputs, inputs: inputs,
      exact: exact || inputSize.area < 64, threads: threads, level: level)
    return eachPicture(gradient, inputs, inputSize, input, threads, level) { picture, _ in
      output.load(picture, threads: threads, level: level)
      layer.run(output, into: input, workspace)
    }
  }

  /// Returns what `convolutionKernelGradient` of Primitives returns, in Float and fast.
  static func convolutionKernelGradient(
    _ x: Tensor<Float>, _ gradient: Tensor<Float>, by convolution: Convolution,
    threads: Threads = .all, level: Level = .best
  ) throws(GeometryError) -> Tensor<Float> {
    // What a transposed convolution gave is the convolution's input.
    convolution.isTransposed
      ? try kernelGradient(gradient, x, convolution.forward, threads, level)
      : try kernelGradient(x, gradient, convolution, threads, level)
  }

  /// Returns what `biasGradient` of Primitives returns, in Float and fast.
  static func biasGradient(
    _ gradient: Tensor<Float>, threads: Threads = .all, level: Level = .best
  ) throws(GeometryError) -> [Float] {
    let workspace = Workspace(threads: threads)
    let output = FeatureMap(channels: gradient.channels, size: gradient.size)
    let sums = sumOfPictures(gradient.batch, output.blockCount * 16, threads, level) {
      picture, sums in
      output.load(gradient, picture: picture, threads, level)
      FastKernels.biasGradient(output, into: sums, workspace, level: level)
    }
    return Array(UnsafeBufferPointer(start: sums.pointer, count: gradient.channels))
  }

  /// The gradient by the kernels of a convolution that reads `x`, where `y` is the gradient by its output.
  private static func kernelGradient(
    _ x: Tensor<Float>, _ y: Tensor<Float>, _ convolution: Convolution, _ threads: Threads,
    _ level: Level
  ) throws(GeometryError) -> Tensor<Float> {
    // Few channels would fill blocks of 16 with zeros.
    let layer = KernelGradient(
      convolution, outputs: y.channels, inputs: x.channels, planar: x.channels < 8,
      table: level.table)
    let workspace = Workspace(threads: threads)
    let input = FeatureMap(channels: x.channels, size: x.size)
    let output = FeatureMap(channels: y.channels, size: y.size)
    let sums = sumOfPictures(x.batch, layer.sumCount, threads, level) { picture, sums in
      input.load(x, picture: picture, threads, level)
      output.load(y, picture: picture, threads, level)
      layer.run(input, gradient: output, into: sums, workspace)
    }
    let shape: Shape = [
      y.channels, x.channels / convolution.groups, convolution.kernelSize.height,
      convolution.kernelSize.width,
    ]
    let elements = [Float](unsafeUninitializedCapacity: shape.count) { result, count in
      if shape.count > 0 {
        layer.unpack(sums.pointer, into: result.baseAddress!, threads: threads)
      }
      count = shape.count
    }
    return Tensor(shape: shape, elements: elements)
  }

  /// The sum, number by number, of what `body` writes for each picture.
  private static func sumOfPictures(
    _ pictures: Int, _ count: Int, _ threads: Threads, _ level: Level,
    _ body: (_ picture: Int, _ sums: UnsafeMutablePointer<Float>) -> Void
  ) -> Buffer {
    let (total, own) = (Buffer(count: count), Buffer(count: count))
    total.clear()
    for picture in 0..<pictures {
      body(picture, own.pointer)
      add(own.pointer, to: total.pointer, count: count, threads: threads, level: level)
    }
    return total
  }

  /// Returns the gradient of max pooling by its input: each output's gradient goes to the cell that won,
  /// the first of equals.
  ///
  /// `maxPoolGradient` of Primitives takes the winners' places; this finds them again.
  ///
  /// - Parameters:
  ///   - gradient: the gradient by the output.
  ///   - x: what was pooled.
  static func maxPoolGradient(
    _ gradient: Tensor<Float>, input x: Tensor<Float>, by pooling: Pooling,
    threads: Threads = .all, level: Level = .best
  ) throws(GeometryError) -> Tensor<Float> {
    let pooled = try pooling.outputSize(input: x.size)
    let workspace = Workspace(threads: threads)
    let input = FeatureMap(channels: x.channels, size: x.size)
    let output = FeatureMap(channels: x.channels, size: pooled)
    let result = FeatureMap(channels: x.channels, size: x.size)
    return eachPicture(x, x.channels, x.size, result, threads, level) { picture, number in
      input.load(picture, threads: threads, level: level)
      output.load(gradient, picture: number, threads, level)
      FastKernels.maxPoolGradient(
        output, input: input, into: result, by: pooling, workspace, level: level)
    }
  }

  /// Returns what `crossEntropy` of Primitives returns, in Float and fast.
  static func crossEntropy(
    _ scores: Tensor<Float>, labels: Tensor<Int>, ignoredLabel: Int = 255,
    reduction: Reduction = .mean, threads: Threads = .all, level: Level = .best
  ) throws(GeometryError) -> Float {
    try lossAndGradient(scores, labels, ignoredLabel, reduction, threads, level).loss
  }

  /// Returns what `crossEntropyGradient` of Primitives returns, in Float and fast.
  static func crossEntropyGradient(
    _ scores: Tensor<Float>, labels: Tensor<Int>, ignoredLabel: Int = 255,
    reduction: Reduction = .mean, threads: Threads = .all, level: Level = .best
  ) throws(GeometryError) -> Tensor<Float> {
    try lossAndGradient(scores, labels, ignoredLabel, reduction, threads, level).gradient
  }

  private static func lossAndGradient(
    _ scores: Tensor<Float>, _ labels: Tensor<Int>, _ ignoredLabel: Int, _ reduction: Reduction,
    _ threads: Threads, _ level: Level
  ) throws(GeometryError) -> (loss: Float, gradient: Tensor<Float>) {
    // In bytes, with 255 for what is ignored.
    var bytes: [UInt8] = []
    var counted = 0
    for label in labels.elements {
      guard label != ignoredLabel else {
        bytes.append(255)
        continue
      }
      bytes.append(UInt8(label))
      counted += 1
    }
    let pixels = Double(max(counted, 1))
    let workspace = Workspace(threads: threads)
    let input = FeatureMap(channels: scores.channels, size: scores.size)
    let result = FeatureMap(channels: scores.channels, size: scores.size)
    var loss = 0.0
    let gradient = eachPicture(scores, scores.channels, scores.size, result, threads, level) {
      picture, number in
      input.load(picture, threads: threads, level: level)
      let start = number * scores.size.area
      loss += bytes[start..<(start + scores.size.area)].withUnsafeBufferPointer {
        FastKernels.crossEntropy(
          input, labels: $0, share: reduction == .sum ? 1 : Float(1 / pixels), gradient: result,
          workspace, level: level)
      }
    }
    return (Float(reduction == .sum ? loss : loss / pixels), gradient)
  }
}

extension FeatureMap {
  /// Reads one picture of a batch.
  func load(
    _ x: Tensor<Float>, picture: Int, _ threads: Threads, _ level: Level
  ) {
    x.elements.withUnsafeBufferPointer {
      load($0.baseAddress! + picture * channels * size.area, threads: threads, level: level)
    }
  }
}

extension Tensor<Float> {
  /// The upper left part of every map.
  fileprivate func cropped(to size: Size) -> Tensor {
    var result: [Float] = []
    result.reserveCapacity(batch * channels * size.area)
    for map in 0..<(batch * channels) {
      for row in 0..<size.height {
        let start = (map * height + row) * width
        result += elements[start..<(start + size.width)]
      }
    }
    return Tensor(shape: [batch, channels, size.height, size.width], elements: result)
  }
}
