internal import ConvolutionArithmetic
internal import Tensors

/// The checks of the calls on tensors: what a user can cause is an error, not a trap.

func expect(_ what: String, _ got: Int, _ expected: Int) throws(GeometryError) {
  guard got == expected else { throw GeometryError("\(what); expected \(expected)") }
}

func checkRanks(_ x: Tensor<Float>, _ w: Tensor<Float>) throws(GeometryError) {
  for (name, shape) in [("input", x.shape), ("kernels", w.shape)] where shape.rank != 4 {
    throw GeometryError("the \(name) have shape \(shape); expected 4 dimensions")
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
