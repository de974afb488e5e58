internal import ConvolutionArithmetic
internal import Tensors

/// The checks of the calls on tensors: what a user can cause is an error, not a trap.

func expect(_ what: String, _ got: Int, _ expected: Int) throws(GeometryError) {
  guard got == expected else { throw GeometryError("\(what); expected \(expected)") }
}

func checkRanks(_ x: Tensor<Float>, _ w: Tensor<Float>) throws(GeometryError) {
  try checkRank("input has", x.shape)
  try checkRank("kernels have", w.shape)
}

func checkRank(_ what: String, _ shape: Shape) throws(GeometryError) {
  guard shape.rank == 4 else {
    throw GeometryError("the \(what) shape \(shape); expected 4 dimensions")
  }
}

func checkShape(_ what: String, _ got: Shape, _ expected: Shape) throws(GeometryError) {
  guard got == expected else {
    throw GeometryError("the \(what) has shape \(got); expected \(expected)")
  }
}

func checkGroups(_ groups: Int, inputs: Int, outputs: Int) throws(GeometryError) {
  guard groups >= 1, inputs % groups == 0, outputs % groups == 0 else {
    throw GeometryError(
      "there are \(groups) groups for \(inputs) input and \(outputs) output channels; "
        + "the number of groups must divide both")
  }
}

func checkBias(_ bias: [Float]?, _ outputs: Int) throws(GeometryError) {
  if let bias { try expect("the bias has \(bias.count) numbers", bias.count, outputs) }
}
