/// What is the same for every picture on the way back.
struct BackwardPlan {
  /// For each step and each of its inputs, whether the step is the first to add to the input's gradient
  /// and so writes it.
  let isFirst: [[Bool]]
  /// The steps whose output was rectified and is masked when the way back reaches them.
  let rectified: Set<Int>
  /// The pools that mask what they hand back themselves.
  let pooledRectified: Set<Int>

  init(_ steps: [StepOutline]) {
    var homes: [String: String] = [:]
    for step in steps where step.isInPlace {
      homes[step.output] = homes[step.inputs[0]] ?? step.inputs[0]
    }
    // The scores' gradient is written by the loss.
    var written: Set<String> = [homes[steps.last!.output] ?? steps.last!.output]
    var isFirst = [[Bool]](repeating: [], count: steps.count)
    for (index, step) in steps.enumerated().reversed() {
      isFirst[index] = step.inputs.map { written.insert(homes[$0] ?? $0).inserted }
    }
    self.isFirst = isFirst

    var (rectified, pooled) = (Set<Int>(), Set<Int>())
    for (index, step) in steps.enumerated() {
      guard case .convolution(let layer, _, _) = step.work,
        case .convolution(_, _, _, _, _, relu: true) = layer.operation
      else { continue }
      let readers = steps.indices.filter { steps[$0].inputs.contains(step.output) }
      if readers.count == 1, case .maxPool = steps[readers[0]].work {
        pooled.insert(readers[0])
      } else {
        rectified.insert(index)
      }
    }
    (self.rectified, pooledRectified) = (rectified, pooled)
  }
}
