internal import ConvolutionArithmetic
public import ExerciseKit
internal import Primitives
internal import Tensors

extension Exercises {
  public static var trainingStep: Exercise<(TrainingRun, [Int], [Int], Double), PixelNetwork> {
    Exercise(
      "trainingStep", lesson: 44,
      title: "a training step of your own, until a small FCN labels its pixels",
      hints: [
        "Forward, p − y, back through skip and coarse stream, add at the fork, ReLU, kernel: which of these "
          + "need a weight, and is it still the old one there?",
        "g = p − y; by skip c: Σ g·active; by coarse c: Σ g·pooled; by active: g·skip c here and g·coarse c "
          + "at the winner of the pair; by kernel k: Σ over o with active o > 0 of x[o + k − half]·by active o.",
        "var next = network; for each pixel o, for each class c: g = powers[c] / sum - (c == label ? 1 : 0); "
          + "next.skip[c] -= rate * g * active[o]; byActive[o] += g * network.skip[c]; the same for coarse at "
          + "the winner; then the kernel.",
      ],
      tolerance: 1e-7,
      cases: {
        let begin = PixelNetwork(kernel: [1, 1, -1], coarse: [1, 0], skip: [-1, 1])
        func random(_ kernel: Int, _ classes: Int, _ seed: UInt64) -> PixelNetwork {
          func eighths(_ count: Int, _ seed: UInt64) -> [Double] {
            numbers(count, seed: seed).map { Double($0) / 8 }
          }
          return PixelNetwork(
            kernel: eighths(kernel, seed), coarse: eighths(classes, seed + 1),
            skip: eighths(classes, seed + 2))
        }
        return [
          (
            TrainingRun(PixelNetwork(kernel: [1], coarse: [1, 0], skip: [0, 1])), [1, 2], [0, 1], 1
          ),
          (TrainingRun(begin), [1, 0, 2, 1], [0, 1, 1, 0], 0.125),
          // Equal ones above 0, and at 0, where nothing comes through.
          (
            TrainingRun(PixelNetwork(kernel: [1], coarse: [2, 1], skip: [1, -1])), [1, 1], [1, 0],
            0.5
          ),
          (
            TrainingRun(PixelNetwork(kernel: [1, 0, 0], coarse: [2, 1], skip: [1, -1])),
            [3, 3, 1, 0], [1, 0, 0, 1], 0.25
          ),
          (
            TrainingRun(PixelNetwork(kernel: [-1], coarse: [1, 0], skip: [0, 1])), [1, 2], [0, 1], 1
          ),
          // A skip of 0 sends nothing down, and learns.
          (
            TrainingRun(PixelNetwork(kernel: [1, 1, 1], coarse: [1, -1], skip: [0, 0])),
            [2, 0, 1, 1], [0, 0, 1, 1], 0.25
          ),
          (TrainingRun(random(5, 3, 300)), [1, 0, 2, 1, 3, 0], [0, 2, 1, 1, 0, 2], 0.125),
          (TrainingRun(random(1, 4, 310)), [2, 1, 0, 3], [3, 0, 2, 1], 0.25),
          (
            TrainingRun(random(3, 3, 320), steps: 2), [0, 1, 1, 2, 0, 1], [1, 0, 2, 0, 1, 2], 0.125
          ),
          (
            TrainingRun(random(7, 2, 330), steps: 3), [1, 0, 0, 2, 1, 1], [0, 1, 1, 0, 0, 1], 0.0625
          ),
          (TrainingRun(begin, steps: 33), [1, 0, 2, 1], [0, 1, 1, 0], 0.125),
        ]
      },
      show: { run, x, labels, rate in
        [
          Shown("kernel", run.start.kernel), Shown("coarse", run.start.coarse),
          Shown("skip", run.start.skip), Shown("x", x), Shown("labels", labels),
          Shown("rate", rate), Shown("steps", run.steps),
        ]
      },
      expected: { run, x, labels, rate in
        try run.end { network in
          try PixelPass(network, x, labels).stepped(network, rate)
        }
      },
      arithmetic: { input, cell in
        let (run, x, labels, rate) = input
        let back = try PixelPass(run.start, x, labels)
        var lines = [
          "active \(short(back.active)), pooled \(short(back.pooled))"
        ]
        for c in run.start.skip.indices {
          lines.append("p − y of class \(c): \(short(back.byScores[c]))")
        }
        let (kernels, classes) = (run.start.kernel.count, run.start.coarse.count)
        func moved(_ name: String, _ weight: Double, _ gradient: Double) -> String {
          "\(name): \(short([weight])) − \(short([rate]))·\(factor(rounded(gradient))) = "
            + numberText(weight - rate * gradient)
        }
        let name: String
        switch cell[0] {
        case ..<kernels:
          lines.append("by active, from both streams: \(short(back.byActive))")
          lines.append("by features, where these are above 0: \(short(back.byFeatures))")
          let k = cell[0]
          name = "kernel \(k)"
          lines.append(moved(name, run.start.kernel[k], back.byKernel[k]))
        case ..<(kernels + classes):
          let c = cell[0] - kernels
          name = "coarse \(c)"
          lines.append("the two pixels of a pair, summed: \(short(back.byCoarseScores[c]))")
          lines.append(moved(name, run.start.coarse[c], back.byCoarse[c]))
        default:
          let c = cell[0] - kernels - classes
          name = "skip \(c)"
          lines.append(moved(name, run.start.skip[c], back.bySkip[c]))
        }
        guard run.steps > 1 else { return lines }
        let end = try run.end { try PixelPass($0, x, labels).stepped($0, rate) }
        let labelled = try PixelPass(end, x, labels).labelled.map(String.init)
        return ["the first of \(run.steps) steps:"] + lines + [
          "after \(run.steps) the largest scores are those of \(labelled.joined(separator: " "))",
          "\(name) is then \(end.layout.cells[cell[0]].text)",
        ]
      },
      decoys: mistakes)
  }

  private static let mistakes: [Decoy<(TrainingRun, [Int], [Int], Double), PixelNetwork>] = [
    mistake("uphill", "A weight goes against its gradient: minus.") { $0.direction = -1 },
    mistake("the rate forgotten", "Each weight goes `rate` times its gradient.") { $0.rate = 1 },
    mistake("the mean over the pixels", "The loss is the sum over the pixels.") {
      $0.share = 1 / Double($0.x.count)
    },
    mistake("p instead of p − y", "The label's own probability has 1 taken away.") {
      $0.truth = 0
    },
    mistake(
      "only pixels that are labelled wrong", "A pixel that is right still pushes: p is not y."
    ) { $0.onlyWrong = true },
    mistake("powers of 2", "Softmax is of powers of e.") { $0.scale = .log(2) },
    mistake(
      "the coarse stream overwrites the skip", "Active is read twice: add what both bring back."
    ) { $0.fork = { $2 ? $1 : $0 } },
    mistake("the skip alone", "The kernel hears of the coarse stream, too.") {
      $0.fork = { skip, _, _ in skip }
    },
    mistake("the coarse stream alone", "The kernel hears of the skip, too.") {
      $0.fork = { _, coarse, _ in coarse }
    },
    mistake("the new weights on the way back", "The gradients are those of before the step.") {
      $0.usesNew = true
    },
    mistake("ReLU forgotten going back", "Nothing comes through where a feature was not above 0.") {
      $0.gate = { _ in true }
    },
    mistake("ReLU open at 0", "At 0 itself nothing comes through: above 0 is > 0.") {
      $0.gate = { $0 >= 0 }
    },
    mistake("ReLU forgotten going forward", "Both streams read what is behind ReLU.") {
      $0.floor = -.infinity
    },
    mistake("the last of equals wins", "Of equal numbers the first wins.") {
      $0.wins = { $0 >= $1 }
    },
    mistake("the second of each pair wins", "The larger one wins.") { $0.wins = { _, _ in true } },
    mistake("the smaller of each pair wins", "The larger one wins.") { $0.wins = { $0 < $1 } },
    mistake("the coarse score for the winner alone", "Both pixels of a pair get the coarse score.")
    {
      $0.both = false
    },
    mistake("the kernel turned", "Kernel cell k meets x[o + k − half]; nothing is turned.") {
      $0.isTurned = true
    },
    mistake("no padding before", "The kernel's middle meets the pixel itself.") { $0.half = 0 },
    mistake("the kernel as it was", "The kernel learns from both streams.") { $0.kernelRate = 0 },
    mistake("the skip as it was", "The skip learns, too.") { $0.skipRate = 0 },
    mistake("the coarse stream as it was", "The coarse stream learns, too.") { $0.coarseRate = 0 },
  ]

  private static func mistake(
    _ name: String, _ sentence: String, _ change: @escaping @Sendable (inout PixelStep) -> Void
  ) -> Decoy<(TrainingRun, [Int], [Int], Double), PixelNetwork> {
    Decoy(name, sentence) { run, x, labels, rate in
      run.end { network in
        var step = PixelStep(network, x, labels, rate)
        change(&step)
        return step.next
      }
    }
  }
}
