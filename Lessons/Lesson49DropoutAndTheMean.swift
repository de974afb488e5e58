import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 49: what is done to numbers in training alone, and what is done to them always.
  static var dropoutAndTheMean: Lesson {
    Lesson(
      number: 49, slug: "dropout-and-the-mean", title: "Dropout, and the mean of the pictures",
      part: .understood,
      question: "Which parts of a network behave differently in training and in use, and why?",
      corrects: "A trained network gives the same answer each time, whatever mode it is in."
    ) { _ in
      let x: [Fraction] = [1, 2, 4]
      let w: [Fraction] = [1, 1, -1]
      let masks = (0..<8).map { pattern in (0..<3).map { pattern >> $0 & 1 == 0 ? Fraction(2) : 0 }
      }
      let sums = masks.map { mask in zip(zip(x, mask).map(*), w).map(*).reduce(0, +) }
      let plain = zip(x, w).map(*).reduce(0, +)
      prose(
        "Dropout (lesson 28) makes cells 0 at random in training, so that no weight can rely on one neighbour. "
          + "Three cells, 1 2 4, and a score with weights 1 1 −1. Each cell is dropped with probability ½, "
          + "and what is kept is doubled. All eight cases:")
      table(
        ["kept"] + masks.map { $0.map { $0 == 0 ? "." : "x" }.joined() },
        rows: [["score"] + sums.map { "\($0)" }])
      let mean = sums.reduce(0, +) / Fraction(sums.count)
      predict(
        "Without dropout the score is 1 + 2 − 4 = \(plain). What is the mean of the eight scores?",
        answer: "\(mean)",
        why:
          "Each cell is there in half of the cases, and counts double there. That is why what is kept is "
          + "doubled: the mean stays what it was.")
      claim("the mean over all cases is the score without dropout", mean, equals: plain)
      let behind = sums.map { max($0, 0) }.reduce(0, +) / Fraction(sums.count)
      prose(
        "In use nothing is dropped and nothing doubled. There is one answer. For a sum of cells it is the mean of "
          + "all; behind a ReLU it is near it at best: the eight scores, the negative ones made 0, have the "
          + "mean \(behind), and the one in use is \(max(plain, 0)).")
      claim("behind a ReLU the mean is another", behind, differsFrom: max(plain, 0))

      heading("The mistake: forgetting to switch")
      let wrong = sums.filter { $0 > 0 }.count
      prose(
        "In PyTorch a network drops until one calls its `eval`. Whoever forgets gets another answer each time. Take "
          + "the sign of the score for the label: without dropout it is negative, and of the eight cases "
          + "\(wrong) come out positive. The same picture twice, and its labels differ: that tells the fault."
      )
      let second = sums.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Fraction(sums.count)
      let squares = zip(x, w).map { $0 * $1 * $0 * $1 }.reduce(0, +)
      claim(
        "the mean square of the scores' distances from their mean is the sum of their terms' squares",
        second,
        equals: squares)
      prose(
        "And the other way round: whoever drops and does not double, as the first papers did, has scores in "
          + "training that are half as large on the average, and has to halve the weights in use. Caffe and "
          + "PyTorch double in training.")

      heading("The mean of the pictures")
      let bytes: [Fraction] = [100, 120, 140]
      let average = bytes.reduce(0, +) / 3
      let centred = bytes.map { $0 - average }
      let curvature = { (cells: [Fraction]) in
        cells.map { $0 * $0 }.reduce(0, +) / Fraction(cells.count)
      }
      prose(
        "Now something that holds in training and in use alike. Pictures have bytes from 0 to 255. A weight "
          + "reads pixels of 100, 120 and 140, and a bias stands beside it. How much does the loss bend along "
          + "the weight? By the mean square of what it reads (lesson 47 called it the curvature, for a "
          + "squared error):")
      table(
        ["", "cells", "mean square", "rate below"],
        rows: [("as they are", bytes), ("less their mean", centred)].map { name, cells in
          let square = decimal(curvature(cells), 0)
          return [name, cells.map { "\($0)" }.joined(separator: " "), square, "2/\(square)"]
        })
      let gain = curvature(bytes) / curvature(centred)
      prose(
        "Less the mean, the rate may be \(decimal(gain, 0)) times as large. What differs between pixels, and only "
          + "that can tell classes apart, is as large as before. The rest was one large number that all "
          + "pixels share, and a bias can say that alone.")
      claim(
        "nothing but the common part has gone", centred[2] - centred[0], equals: bytes[2] - bytes[0]
      )
      claim("the mean square fell", evidence: "\(decimal(gain, 0)) times", holds: gain > 50)
      let positive = bytes.map { $0 * 2 }
      prose(
        "There is a second reason. By the chain rule a weight's gradient is what comes from behind, times the "
          + "cell. If every cell is positive, all weights of a feature are pushed the same way at once, all up or "
          + "all down, and a corner is reached by zigzag only. With a gradient of 2 from behind: "
          + "\(positive.map { "\($0)" }.joined(separator: ", ")); less the mean: "
          + "\(centred.map { "\($0 * 2)" }.joined(separator: ", ")).")

      prose(
        "Later networks take away a mean, and divide by the spread, in every layer, channel by channel: batch "
          + "normalization. In training they are those of the batch at hand, in use those that were "
          + "collected in training; it has to be switched like dropout.")

      heading("The rule")
      table(
        ["", "in training", "in use"],
        rows: [
          ["dropout", "drops, and scales up what is kept", "does nothing"],
          ["batch normalization", "mean and spread of the batch", "those collected in training"],
          ["the mean of the pictures", "taken away", "the same taken away"],
          ["mirrored, shifted pictures", "made at random", "none"],
        ])

      heading("Where it breaks")
      prose(
        "The mean that is taken away must be the one that the weights learned with. With the channels in another order, or bytes "
          + "divided by 255 where the weights expect 0 to 255, everything still runs, and the labels are "
          + "nonsense or, worse, a little worse. It is the commonest fault with borrowed weights.")

      heading("In FCN")
      prose(
        "FCN was trained with the channels in the order blue, green, red, and takes from each byte the mean of "
          + "its channel over the pictures that VGG16 learned from. FCN drops in fc6 and fc7, half of the cells; the book's "
          + "small networks do not drop. `segment` never does.")
    }
  }
}
