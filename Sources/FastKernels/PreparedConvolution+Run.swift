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
