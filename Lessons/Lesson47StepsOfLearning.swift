import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors
import Training

extension Lesson {
  /// Lesson 47: rate, momentum, decay, batch and epoch, on losses that fit on paper.
  static var stepsOfLearning: Lesson {
    Lesson(
      number: 47, slug: "steps-of-learning", title: "How far to step", part: .understood,
      question: "How large may a learning rate be, and what do momentum, decay and batch do?",
      corrects: "If the loss explodes, the gradient is wrong."
    ) { _ in
      let curvature = 4
      prose(
        "The simplest loss that has a lowest point: ½·\(curvature)·w·w, lowest at w = 0. Its gradient is "
          + "\(curvature)·w. Start at w = 1 and take steps w − rate·\(curvature)·w:")
      let rates = [Fraction(1, 8), Fraction(1, 4), Fraction(3, 8), Fraction(1, 2), Fraction(5, 8)]
      let runs = rates.map { bowl(curvature, rate: $0, steps: 4) }
      table(
        ["rate", "start"] + (1...4).map { "step \($0)" },
        rows: zip(rates, runs).map { rate, run in ["\(rate)"] + run.map { "\($0)" } })
      prose(
        "Each step multiplies w by 1 − rate·\(curvature). Up to ¼ it comes nearer from one side, then it jumps "
          + "across the lowest point and still comes nearer, at ½ it jumps for ever, and beyond that it "
          + "flies away. The gradient was right in all five rows.")
      let wild = Fraction(3, 4)
      let factor = 1 - wild * Fraction(curvature)
      predict(
        "With a rate of \(wild), by what is w multiplied in each step?", answer: "\(factor)",
        why: "1 − \(wild)·\(curvature) = \(factor). Its size is above 1, so w grows.")
      claim(
        "three of the five come nearer",
        runs.map { abs($0[4].doubleValue) < 1 }, equals: [true, true, true, false, false])
      heading("The rule")
      formula(
        "a step multiplies w by 1 − rate·c, c the curvature", "it comes nearer where rate < 2/c")

      heading("Two weights: a valley")
      let (flat, steep) = (1.0, 16.0)
      let rate = Fraction(1, 10)
      let plain = valley(flat, steep, rate: rate.doubleValue, momentum: 0)
      let pushed = valley(flat, steep, rate: rate.doubleValue, momentum: 0.5)
      prose(
        "A network has many weights, and the loss bends more along some than along others. Two weights, "
          + "curvatures 1 and 16, both 1 at first. The steep one allows rates below 2/16 only; with that the flat one "
          + "creeps. Momentum helps the flat one: its pushes all point one way and add up (lesson 32), "
          + "while those of the steep one change sign and cancel:")
      table(
        ["", "steps until both are below 1/100"],
        rows: [
          ["rate \(rate)", "\(plain.steps)"], ["rate \(rate), momentum ½", "\(pushed.steps)"],
        ])
      claim(
        "momentum takes fewer steps", evidence: "\(pushed.steps) against \(plain.steps)",
        holds: pushed.steps < plain.steps)
      let shown = stride(from: 0, through: 15, by: 1).map { $0 }
      prose(
        "The loss of both, step by step from the left, each line of the drawing a fixed factor below the one "
          + "above; p is without momentum, m with it, a star both:")
      formula(
        curves(
          [
            ("p", shown.map { plain.losses[$0] }), ("m", shown.map { pushed.losses[$0] }),
          ], places: 4))
      prose(
        "A straight line down is a fixed factor for each step, here the one of the flat weight. With "
          + "momentum the line is steeper, and it has bumps: the weights run past the lowest point and "
          + "come back, and for single steps the loss even rises. Nothing is wrong there.")
      claim(
        "with momentum the loss rises at times, without it never",
        [pushed, plain].map { run in
          shown.dropFirst().contains { run.losses[$0] > run.losses[$0 - 1] }
        },
        equals: [true, false])

      heading("Decay")
      let (decayRate, decay) = (Fraction(1, 10), Fraction(1, 2))
      let decayed = (0..<4).reduce(into: [Fraction(1)]) { run, _ in
        run.append(run.last! - decayRate * decay * run.last!)
      }
      prose(
        "Weight decay adds a little of each weight to its gradient. A weight that no picture pushes then goes to "
          + "0 by itself, multiplied by 1 − rate·decay in each step; here with a rate of \(decayRate) and a "
          + "decay of \(decay), a thousand times FCN's:")
      formula(decayed.map { "\($0)" }.joined(separator: ", "))
      claim("each is 19/20 of the one before", decayed[1] / decayed[0], equals: Fraction(19, 20))

      heading("Batch and epoch")
      let slopes = [Fraction(3), -1, 4, 2]
      let mean = slopes.reduce(0, +) / 4
      let pairs = [(slopes[0] + slopes[1]) / 2, (slopes[2] + slopes[3]) / 2]
      prose(
        "The loss of many pictures is the mean of theirs, and so is the gradient. Four pictures push a weight "
          + "by 3, −1, 4 and 2. All four make one step of their mean; in two batches of two there are "
          + "two steps; one by one there are four. Each time all pictures were seen once, an epoch:"
      )
      table(
        ["batch", "steps in an epoch", "gradients"],
        rows: [
          ["4", "1", "\(mean)"], ["2", "2", pairs.map { "\($0)" }.joined(separator: ", ")],
          ["1", "4", slopes.map { "\($0)" }.joined(separator: ", ")],
        ])
      prose(
        "A small batch is a guess at the mean, and the second picture here even points the other way. Momentum "
          + "averages such guesses over steps as a batch does over pictures. FCN's authors say which momentum "
          + "makes one picture at a time like a batch of 20 with .9: the twentieth root of it (Shelhamer, "
          + "Long and Darrell, arXiv 1605.06211).")
      let root = Double.pow(0.9, 1.0 / 20)
      formula("twentieth root of .9 = \(decimal(root, 4)), they take .99")
      claim("the mean of the batches is the mean of all", pairs.reduce(0, +) / 2, equals: mean)
      let batchRate = 0.25
      let (whole, single) = (
        chase(slopes.map(\.doubleValue), batch: 4, rate: batchRate, steps: 16),
        chase(slopes.map(\.doubleValue), batch: 1, rate: batchRate, steps: 16)
      )
      prose(
        "Let these four pushes be those of losses ½·(w − t)·(w − t), each lowest at a t of its own, and start "
          + "at w = 0. How far the mean loss is above its lowest point, step by step with a rate of "
          + "\(Fraction(1, 4)), a with all four in a batch, o one by one:")
      formula(curves([("a", whole), ("o", single)], places: 4))
      prose(
        "With all of them the curve is smooth; one by one it jumps, and comes up again in every round, for each "
          + "picture pulls to its own t, however long one goes on. Seen by pictures it was quicker at "
          + "first: four of its steps cost what one of the others costs. A lower rate towards the end, or "
          + "momentum with a lower rate, takes the jumps away.")
      claim(
        "all at once the loss falls in every step, one by one it does not",
        [whole, single].map { losses in zip(losses, losses.dropFirst()).allSatisfy { $0 > $1 } },
        equals: [true, false])

      heading("The mistake: the sum, with a rate for the mean")
      let pixels = 500 * 500
      let good = Fraction(1, 4)
      let exploding = 1 - good * Fraction(curvature) * Fraction(pixels)
      prose(
        "Sum the loss over 500·500 pixels instead of averaging, and every gradient and every curvature is "
          + "\(grouped(pixels)) times as large. The best rate of the table above, \(good), then multiplies w by"
      )
      formula("1 − \(good)·\(curvature)·\(grouped(pixels)) = \(grouped(exploding.numerator))")
      prose(
        "in a single step: \(grouped(exploding.numerator * exploding.numerator)) in two, and soon no number is left. Divide the rate by the pixels, and it is "
          + "\(good) on the mean again (lesson 32). A loss that is “nan” after a few steps is this, far "
          + "more often than a wrong gradient.")
      claim(
        "with the rate divided by the pixels the factor is that of the mean",
        1 - good / Fraction(pixels) * Fraction(curvature) * Fraction(pixels),
        equals: 1 - good * Fraction(curvature))

      heading("Where it breaks")
      prose(
        "The loss of a network is no bowl: its curvature changes from place to place, and is largest early, "
          + "when much is wrong. So rates are found by trying: the largest that does not explode, then a "
          + "half or a third of it; and many recipes lower the rate towards the end, when single "
          + "pictures only push to and fro around the lowest point.")

      heading("In FCN")
      prose(
        "The reference code goes with a batch of one picture, momentum .99, decay 1/2000, and a rate that never "
          + "changes. The book's own networks learn with batches of \(TrainingRecipe.scenes.batch), momentum .9, and "
          + "a rate that rises at first and goes down to 0 in a line at the end of each stage.")
    }
  }
}

/// How far the mean of the losses ½·(w − t)² is above its lowest point, step after step from w = 0, where
/// the pictures push by these slopes; each step takes the next pictures of a batch.
private func chase(_ slopes: [Double], batch: Int, rate: Double, steps: Int) -> [Double] {
  let mean = slopes.reduce(0, +) / Double(slopes.count)
  var w = 0.0
  return (0..<steps).map { step in
    defer {
      let pushes = (0..<batch).map { w + slopes[(step * batch + $0) % slopes.count] }
      w -= rate * pushes.reduce(0, +) / Double(batch)
    }
    return (w + mean) * (w + mean) / 2
  }
}

/// A weight on the loss ½·c·w², step after step from 1.
private func bowl(_ curvature: Int, rate: Fraction, steps: Int) -> [Fraction] {
  (0..<steps).reduce(into: [Fraction(1)]) { run, _ in
    let w = run.last!
    run.append(
      GradientDescent(rate: rate).step(w, velocity: 0, gradient: Fraction(curvature) * w).weight)
  }
}

/// How many steps two weights on the loss ½·(a·v² + b·w²) need from 1 until both are below 1/100, and the
/// loss before each step, of twenty at least.
private func valley(
  _ a: Double, _ b: Double, rate: Double, momentum: Double
) -> (steps: Int, losses: [Double]) {
  let descent = GradientDescent(rate: rate, momentum: momentum)
  var weights = [1.0, 1.0]
  var velocities = [0.0, 0.0]
  var losses: [Double] = []
  var steps: Int?
  for step in 1...1000 {
    losses.append((a * weights[0] * weights[0] + b * weights[1] * weights[1]) / 2)
    for (index, curvature) in [a, b].enumerated() {
      (weights[index], velocities[index]) = descent.step(
        weights[index], velocity: velocities[index], gradient: curvature * weights[index])
    }
    if weights.allSatisfy({ abs($0) < 0.01 }) && velocities.allSatisfy({ abs($0) < 0.1 }) {
      steps = steps ?? step
    }
    if steps != nil, losses.count >= 20 { break }
  }
  return (steps ?? 1000, losses)
}
