import ConvolutionArithmetic
import Primitives
import Tensors

let up = try Convolution(kernelSize: 4, stride: 2, padding: 1).transposed()
print("output size:", try up.outputSize(input: 5))

let x = Tensor<Int>([[1, 2], [3, 4]])
let w = Tensor<Int>([[1, 10], [100, 1000]])
print(try transposedConvolve(x, w, stride: 2).elements)
