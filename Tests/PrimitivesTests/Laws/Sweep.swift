import ConvolutionArithmetic
import Primitives
import Tensors

/// Small ranges, exhausted, and the numbers to fill the arrays with.
enum Sweep {
  /// Every window in one dimension with k ≤ 5, s ≤ 4, p ≤ 4 at each end, d ≤ 3, the small ones first.
  static let windows: [Window] = {
    var windows: [Window] = []
    for kernelSize in 1...5 {
      for stride in 1...4 {
        for dilation in 1...3 {
          for before in 0...4 {
            for after in 0...4 {
              windows.append(
                try! Window(
                  kernelSize: kernelSize, stride: stride, dilation: dilation,
                  paddingBefore: before, paddingAfter: after))
            }
          }
        }
      }
    }
    return windows
  }()

  /// A map whose cells can be told apart: 1, 3, 9, … modulo a prime, some of them negative.
  static func map(_ batch: Int, _ channels: Int, _ size: Size, seed: Int = 1) -> Tensor<Int> {
    let shape: Shape = [batch, channels, size.height, size.width]
    var value = seed
    var elements: [Int] = []
    for _ in 0..<shape.count {
      elements.append(value - 50)
      value = value * 3 % 101
    }
    return Tensor(shape: shape, elements: elements)
  }

  static func row(_ length: Int, seed: Int = 1) -> Tensor<Int> {
    map(1, 1, Size(height: 1, width: length), seed: seed)
  }
}

/// ⟨a, b⟩: the sum of the products cell by cell.
func inner(_ a: Tensor<Int>, _ b: Tensor<Int>) -> Int {
  var sum = 0
  for cell in a.elements.indices { sum += a.elements[cell] * b.elements[cell] }
  return sum
}

extension Window {
  var across: Size { Size(height: 1, width: stride) }
  var dilationAcross: Size { Size(height: 1, width: dilation) }
  var paddingAcross: Padding {
    Padding(top: 0, left: paddingBefore, bottom: 0, right: paddingAfter)
  }
  var text: String {
    "k=\(kernelSize) s=\(stride) d=\(dilation) p=\(paddingBefore),\(paddingAfter)"
  }
}
