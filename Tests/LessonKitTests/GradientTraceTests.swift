import ConvolutionArithmetic
@testable import LessonKit
import Primitives
import Tensors
import Testing

/// Gradients as cases of their own, against the primitives and against what pushing each number does.
@Suite struct GradientTraceTests {
  private typealias Case = TraceCase<Fraction>

  @Test func `every small convolution along a row: by input, kernel and bias`() throws {
    for i in 1...5 {
      for k in 1...3 {
        for s in 1...3 {
          for (d, p) in [(1, 0), (1, 1), (1, 2), (2, 0), (2, 1)] {
            let (x, w) = (ramp([1, 1, 1, i]), ramp([1, 1, 1, k]))
            let padding = Padding(top: 0, left: p, bottom: 0, right: p / 2)
            let name: Comment = "i = \(i), k = \(k), s = \(s), d = \(d), p = \(p)"
            try check(name, x, w) {
              try .convolution(
                $0, $1, stride: across(s), padding: padding, dilation: across(d))
            }
            for a in 0..<max(s, d) {
              try check("transposed, \(name), a = \(a)", x, w) {
                try .transposed(
                  $0, $1, stride: across(s), padding: padding,
                  outputPadding: Size(height: 0, width: a), dilation: across(d))
              }
            }
          }
        }
      }
    }
  }

  @Test func `maps of several channels, groups and pictures`() throws {
    let stride = Size(height: 2, width: 1)
    for groups in [1, 2] {
      let weight = ramp([4, 4 / groups, 2, 3])
      try check("groups \(groups)", ramp([2, 4, 4, 5]), weight) {
        try .convolution(
          $0, $1, stride: stride, padding: Padding(top: 1, left: 0, bottom: 0, right: 2),
          groups: groups)
      }
      try check("transposed, groups \(groups)", ramp([2, 4, 2, 3]), ramp([4, 2, 2, 3])) {
        try .transposed($0, $1, stride: stride, padding: 1, groups: groups)
      }
    }
    try check("linear", ramp([2, 3]), ramp([4, 3])) { try .linear($0, $1) }
  }

  /// Both weights and input moved one by one: what is linear in them moves exactly.
  private func check(
    _ name: Comment, _ x: Tensor<Fraction>, _ w: Tensor<Fraction>,
    _ make: (Tensor<Fraction>, Tensor<Fraction>) throws -> Case
  ) throws {
    guard let forward = try? make(x, w) else { return }
    let loss = weights(forward.output.shape)
    let input = try forward.gradient(by: .input, ofOutput: loss)
    #expect(try input.output.elements == slopes(of: x, loss) { try make($0, w).output }, name)
    try adds(input, name)
    let kernel = try forward.gradient(by: .kernel, ofOutput: loss)
    #expect(try kernel.output.elements == slopes(of: w, loss) { try make(x, $0).output }, name)
    try adds(kernel, name)
    let bias = try forward.gradient(by: .bias, ofOutput: loss)
    #expect(bias.output.elements.reduce(0, +) == loss.elements.reduce(0, +), name)
    try adds(bias, name)
  }

  @Test func `pooling and interpolation go back to the primitives' gradients`() throws {
    let x = ramp([2, 2, 4, 5])
    for rounding in Rounding.allCases {
      for (stride, padding) in [(2, 0), (1, 0), (2, 1)] {
        let pooling = try Pooling(
          kernelSize: Size(height: 2, width: 3), stride: Size(stride),
          padding: Padding(Size(padding)), rounding: rounding, countIncludePad: stride == 2)
        let name: Comment = "\(pooling)"
        let largest = try Case.maxPool(x, by: pooling)
        let loss = weights(largest.output.shape)
        let back = try largest.gradient(by: .input, ofOutput: loss)
        let indices = try maxPoolWithIndices(x, by: pooling).indices
        #expect(
          try back.output == maxPoolGradient(loss, indices: indices, inputSize: x.size), name)
        try adds(back, name)
        let mean = try Case.averagePool(x, by: pooling)
        let shared = try mean.gradient(by: .input, ofOutput: loss)
        #expect(
          try shared.output == averagePoolGradient(loss, by: pooling, inputSize: x.size), name)
        try adds(shared, name)
      }
    }
    for corners in [false, true] {
      let scale = Size(height: 2, width: 3)
      let mixed = try Case.bilinear(x, scale: scale, alignCorners: corners)
      let loss = weights(mixed.output.shape)
      let back = try mixed.gradient(by: .input, ofOutput: loss)
      let pushed = try slopes(of: x, loss) {
        try interpolateBilinear($0, scale: scale, alignCorners: corners)
      }
      #expect(back.output.elements == pushed)
      try adds(back, "bilinear, corners \(corners)")
    }
  }

  @Test func `a tie goes to the first, and what lost has its zero in the sum`() throws {
    let pairs = try Pooling(kernelSize: across(2), stride: 1)
    let back = try Case.maxPool(Tensor(row: [1, 5, 5, 2]), by: pairs).gradient(
      by: .input, ofOutput: Tensor(row: [10, 20, 30]))
    #expect(
      try (0..<4).map { try back.equation(row: 0, column: $0).text } == [
        "gradient by input 0 = 10·0 = 0", "gradient by input 1 = 10·1 + 20·1 = \(10 + 20)",
        "gradient by input 2 = 20·0 + 30·1 = 30", "gradient by input 3 = 30·0 = 0",
      ])
  }

  @Test func `softmax as its primitive has it, along rows and columns`() throws {
    let x = Tensor<Double>(shape: [2, 3], elements: [0, 1, -1, 2, 0.5, 0])
    for axis in [0, 1] {
      let forward = try TraceCase.softmax(x, axis: axis, texts: x.elements.map { "\($0)" })
      let loss = Tensor<Double>(shape: [1, 1, 2, 3], elements: [1, -2, 3, 0, 5, 1])
      let back = try forward.gradient(by: .input, ofOutput: loss).output.elements
      let expected = try softmaxGradient(
        loss.reshaped([2, 3]), output: softmax(x, axis: axis), axis: axis)
      // Sums in another order: to the last digits.
      #expect(zip(back, expected.elements).allSatisfy { abs($0 - $1) < 1e-14 }, "axis \(axis)")
    }
  }

  @Test func `the gradient of a convolution has the forms of its transpose, and adds up in each`()
    throws
  {
    let forward = try Case.convolution(ramp([1, 2, 4, 5]), ramp([3, 2, 2, 2]), stride: 2)
    let back = try forward.gradient(by: .input, ofOutput: weights(forward.output.shape))
    let expected = (0..<2).map { back.output.cellTexts(channel: $0) }
    for form in TraceForm.allCases {
      let trace = try back.trace(form)
      #expect(trace.outcome.map { $0.rows.map { $0.map(\.text) } } == expected, "\(form)")
      #expect(trace.outcome[1].title == "gradient by the input map 1")
      let figure = try back.figure(form)
      #expect(
        figure.caption?.hasPrefix("gradient by the input, convolution, kernel 2, stride 2") == true)
    }
  }

  @Test func `what has no gradient says why`() throws {
    let x = Tensor<Double>(shape: [3], elements: [1, 2, 3])
    let position = try TraceCase.argmax(x, axis: 0, texts: ["1", "2", "3"])
    #expect(throws: GeometryError.self) {
      try position.gradient(by: .input, ofOutput: position.output)
    }
    let pooled = try Case.maxPool(ramp([1, 1, 2, 2]), by: Pooling(kernelSize: 2))
    for target in [GradientTarget.kernel, .bias] {
      let error = #expect(throws: GeometryError.self) {
        try pooled.gradient(by: target, ofOutput: pooled.output)
      }
      #expect(error?.description.contains("needs a \(target.rawValue)") == true)
    }
    let error = #expect(throws: GeometryError.self) {
      try pooled.gradient(by: .input, ofOutput: ramp([1, 1, 2, 2]))
    }
    let (got, expected): (Shape, Shape) = ([1, 1, 2, 2], [1, 1, 1, 1])
    #expect(error?.description.contains("\(got), and the output \(expected)") == true)
  }

  // MARK: What they are held to

  /// The terms of each equation add up to its value, and the value is the cell's.
  private func adds(_ back: Case, _ name: Comment) throws {
    for equation in try back.trace().equations {
      let place = equation.place
      let sum = try equation.terms.reduce(Fraction(0)) {
        try $0 + number($1.input) * ($1.factor.map(number) ?? 1)
      }
      #expect(
        sum == back.output[equation.picture, place.map, place.row, place.column],
        "\(name): \(equation.text)")
      #expect(try number(equation.value) == sum)
    }
  }

  /// What the weighted sum of the outputs moves by when each number moves by 1.
  private func slopes(
    of numbers: Tensor<Fraction>, _ loss: Tensor<Fraction>,
    _ output: (Tensor<Fraction>) throws -> Tensor<Fraction>
  ) throws -> [Fraction] {
    func value(_ numbers: Tensor<Fraction>) throws -> Fraction {
      zip(try output(numbers).elements, loss.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let before = try value(numbers)
    return try numbers.elements.indices.map { index in
      var pushed = numbers
      pushed[index] += 1
      return try value(pushed) - before
    }
  }

  private func number(_ text: String) throws -> Fraction {
    let parts = Fraction.plain(text).split(separator: "/").map { Int($0)! }
    return Fraction(parts[0], parts.count > 1 ? parts[1] : 1)
  }

  private func ramp(_ shape: Shape) -> Tensor<Fraction> {
    Tensor<Int>.ramp(shape).map { Fraction($0 * 5 % 7 - 3) }
  }

  private func weights(_ shape: Shape) -> Tensor<Fraction> {
    Tensor<Int>.ramp(shape).map { Fraction($0 * 3 % 11 - 4) }
  }

  private func across(_ extent: Int) -> Size { Size(height: 1, width: extent) }
}
