internal import ConvolutionArithmetic
internal import ExerciseKit
internal import Primitives
internal import Tensors

/// What the exercise is given: the row, the kernel, both weights, both gradients.
typealias PassArguments = ([Int], [Int], Int, Int, [Int], [Int])

/// The maps of a pass, by the book's operations.
struct ForwardMaps {
  let kernel: Tensor<Int>
  let features: Tensor<Int>
  let active: Tensor<Int>
  let pooled: [Int]
  let skip: Int
  let coarse: Int
  let throughSkip: Tensor<Int>
  let throughPool: Tensor<Int>

  init(
    _ x: [Int], _ kernel: [Int], _ skip: Int, _ coarse: Int, _ bySkip: [Int], _ byCoarse: [Int]
  ) throws {
    self.kernel = row(kernel)
    features = try convolve(row(x), self.kernel)
    active = relu(features)
    self.skip = dot(active.elements, bySkip)
    throughSkip = row(bySkip.map { $0 * skip })
    guard active.width > 1 else {
      (pooled, self.coarse, throughPool) = ([], 0, active.map { _ in 0 })
      return
    }
    let pool = try maxPoolWithIndices(
      active, by: Pooling(kernelSize: Size(height: 1, width: 2)))
    pooled = pool.values.elements
    self.coarse = dot(pooled, byCoarse)
    throughPool = try maxPoolGradient(
      row(byCoarse.map { $0 * coarse }), indices: pool.indices, inputSize: active.size)
  }
}

/// The rules of a pass, to be changed one by one.
struct PassRules {
  var skip: Int
  var coarse: Int
  /// From what the skip and the pool bring, and whether the cell won.
  var byActive: (Int, Int, Bool) -> Int = { skip, coarse, _ in skip + coarse }
  /// Whether a gradient comes through, by the feature and itself.
  var gate: (Int, Int) -> Bool = { feature, _ in feature > 0 }
  /// Which of a pair get its gradient.
  var winners: (Int, Int) -> [Int] = { $0 >= $1 ? [0] : [1] }
  /// What the skip brings, if not its weight times its gradient.
  var gatedSkip: [Int]?
}

/// A pass with its rules changed; its features may come from other arguments.
func walked(
  _ input: PassArguments, features other: PassArguments? = nil, _ change: (inout PassRules) -> Void
) throws -> WeightGradients {
  let (x, kernel, _, _, bySkip, byCoarse) = input
  let from = other ?? input
  let given = try ForwardMaps(from.0, from.1, from.2, from.3, from.4, from.5)
  var pass = PassRules(skip: input.2, coarse: input.3)
  change(&pass)
  let active = given.active.elements
  var (throughPool, won) = (active.map { _ in 0 }, active.map { _ in false })
  for (pair, gradient) in byCoarse.enumerated() {
    for cell in pass.winners(active[2 * pair], active[2 * pair + 1]) {
      throughPool[2 * pair + cell] = pass.coarse * gradient
      won[2 * pair + cell] = true
    }
  }
  let byFeatures = active.indices.map { o in
    let skip = pass.gatedSkip?[o] ?? pass.skip * bySkip[o]
    let both = pass.byActive(skip, throughPool[o], won[o])
    return pass.gate(given.features.elements[o], both) ? both : 0
  }
  return WeightGradients(
    kernel: kernel.indices.map { k in
      byFeatures.indices.reduce(0) { $0 + x[$1 + k] * byFeatures[$1] }
    }, skip: given.skip, coarse: given.coarse)
}

func dot(_ a: [Int], _ b: [Int]) -> Int { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
