internal import ConvolutionArithmetic
internal import KernelInterface
public import Tensors

extension PreparedConvolution {
  /// Convolves the map `input` into the map `output`, which must not share its memory.
  public func run(_ input: FeatureMap, into output: FeatureMap, _ workspace: Workspace) {
    precondition(
      input.channels == inputs,
      "the map has \(input.channels) channels; the convolution reads \(inputs)")
    let convolved = check(input.size, output)
    switch method {
    case .winograd:
      runWinograd(input, convolved, output, workspace)
    case .product:
      pooled(convolved, output, workspace) { map in
        runProduct(input, map, workspace)
      }
    case .depthwise:
      pooled(convolved, output, workspace) { map in
        runDepthwise(input, map, workspace)
      }
    case .planar:
      let planar = Buffer(count: input.channels * input.size.area)
      input.storePlanar(planar.pointer, workspace.threads, table)
      run(planar: planar.pointer, size: input.size, into: output, workspace)
    }
  }

  /// Convolves planar maps (channel, row, column), as the picture that a network begins with.
  public func run(
    planar: UnsafePointer<Float>, size: Size, into output: FeatureMap, _ workspace: Workspace
  ) {
    let convolved = check(size, output)
    if method == .planar {
      pooled(convolved, output, workspace) { map in
        runPlanar(planar, size, map, workspace)
      }
    } else {
      let input = FeatureMap(channels: inputs, size: size)
      input.loadBlocks(planar, workspace.threads, table)
      run(input, into: output, workspace)
    }
  }

  private func check(_ input: Size, _ output: FeatureMap) -> Size {
    do {
      let size = try outputSize(input: input)
      precondition(
        output.size == size && output.channels == outputs,
        "the output is a map of \(output.channels) channels, \(output.size); "
          + "expected \(outputs), \(size)")
      return try convolvedSize(input: input)
    } catch {
      preconditionFailure(error.description)
    }
  }

  /// Runs `body` into the output, or into a map of the workspace that is then pooled.
  private func pooled(
    _ convolved: Size, _ output: FeatureMap, _ workspace: Workspace,
    _ body: (_ map: FeatureMap) -> Void
  ) {
    guard pool else {
      body(output)
      return
    }
    let map = workspace.temporaryMap(channels: outputs, size: convolved)
    body(map)
    maxPool(map, into: output, by: halving, workspace, table: table)
  }
}

extension PreparedConvolution {
  /// Packs other weights of the same shape in the place of these; without a bias the old one stays.
  public func repack(
    weights source: UnsafePointer<Float>, bias biasSource: UnsafePointer<Float>?,
    threads: Threads = .all
  ) {
    packBias(biasSource)
    guard method != .depthwise else {
      packChannels(
        source, channels: outputs, cells: kernelSize.area, step: kernelSize.area,
        isTurned: isTurned, into: weights)
      return
    }
    let (groupOutputs, groupInputs) = (outputs / groups, inputs / groups)
    let panels = ceilDivide(groupOutputs, table.tileColumns)
    let cells = kernelSize.area
    let length = blockLength(method)
    let step = frequencyStep(
      panels * table.tileColumns * ceilDivide(groupInputs, length) * length)
    let transform = transform(method, kernelSize)
    // A turned kernel is read from its last cell to its first, its channels exchanged.
    let taps = isTurned ? Array((0..<cells).reversed()) : Array(0..<cells)
    for group in 0..<groups {
      taps.withUnsafeBufferPointer { taps in
        var job = PackJob(
          source: source + group * groupOutputs * groupInputs * cells,
          packed: weights.pointer + group * groupWeights, outputs: groupOutputs,
          inputs: groupInputs, outputStep: isTurned ? cells : groupInputs * cells,
          inputStep: isTurned ? groupOutputs * cells : cells, taps: taps.baseAddress!,
          tapCount: cells, blockLength: length)
        job.transform = transform
        job.frequencyStep = step
        packPanels(&job, panels, threads, table)
      }
      // The lines between the frequencies are never read; zeros make the memory the same every time.
      for frequency in 0..<(transform * transform) {
        let end = group * groupWeights + (frequency + 1) * step
        weights.clear(end - 16..<end)
      }
    }
  }

  func packBias(_ source: UnsafePointer<Float>?) {
    guard let source else { return }
    guard method != .depthwise else { return bias.pointer.update(from: source, count: outputs) }
    let groupOutputs = outputs / groups
    for group in 0..<groups {
      (bias.pointer + group * groupBias).update(
        from: source + group * groupOutputs, count: groupOutputs)
    }
  }
}

extension PreparedConvolution {
  /// Each channel by itself: what the gradient of a stamp is too.
  private func runDepthwise(
    _ input: FeatureMap, _ output: FeatureMap, _ workspace: Workspace
  ) {
    var job = StampJob(
      input: output.view, output: input.view, weights: weights.pointer, bias: bias.pointer,
      kernelHeight: kernelSize.height, kernelWidth: kernelSize.width, strideDown: stride.height,
      strideRight: stride.width, dilationDown: dilation.height, dilationRight: dilation.width,
      top: padding.top, left: padding.left)
    (job.gradientHasBias, job.rectifiesGradient) = (true, rectify)
    byRows(&job, output, workspace.threads, table.stampGradient)
    output.zones = []
  }
}

/// Packs the kernels of channels that do not mix, 16 channels side by side.
///
/// - Parameter step: from one channel's kernel to the next.
func packChannels(
  _ source: UnsafePointer<Float>, channels: Int, cells: Int, step: Int, isTurned: Bool = false,
  into weights: Buffer
) {
  weights.clear()
  for channel in 0..<channels {
    for cell in 0..<cells {
      weights.pointer[(channel / 16 * cells + cell) * 16 + channel % 16] =
        source[channel * step + (isTurned ? cells - 1 - cell : cell)]
    }
  }
}

/// How many inputs are packed side by side: blocks of 16, or single ones for planar maps.
func blockLength(_ method: PreparedConvolution.Method) -> Int {
  method == .planar ? 1 : 16
}

/// The side of Winograd's tiles of numbers, 0 for other methods: 6 for F(4×4, 3×3), 8 for F(2×2, 7×7).
func transform(_ method: PreparedConvolution.Method, _ kernelSize: Size) -> Int {
  method == .winograd ? (kernelSize == 3 ? 6 : 8) : 0
}

/// Floats from one frequency to the next: one cache line more than needed, so that the frequencies do
/// not compete for the same lines.
func frequencyStep(_ count: Int) -> Int { count + 16 }

/// Packs all panels, several threads at once.
func packPanels(_ job: inout PackJob, _ panels: Int, _ threads: Threads, _ table: KernelTable) {
  let scratchCount = 2 * (64 + (49 + 56) * table.tileColumns)
  let scratch = Buffer(count: scratchCount * threads.count)
  let kernel = job.transform == 0 ? table.pack : table.packWinograd
  withUnsafePointer(to: &job) { job in
    threads.run(panels) { panel, worker in
      kernel(job, panel, panel + 1, 0, 0, scratch.pointer + worker * scratchCount)
    }
  }
}
