import ConvolutionArithmetic
import LessonKit
import Networks
import Tensors

let fitCommand: Command = Command(
  "fit", in: .read, "which sizes of picture go through a network, and what helps the others",
  operands: "NET", mostOperands: 1,
  options: [
    Option("near", "HxW", "a size that you have; L along one axis"),
    Option("input", "HxW", "the size for which a text of one's own is written"),
    Option("classes", "C", "the number of classes"),
    Option("format", "F", "table, markdown or json"),
  ],
  details: [
    GivenNetwork.help + ", as network shows it.",
    "Where streams meet, their sizes must be equal, and a pool that rounds down, or a transposed "
      + "convolution, makes them so for some sizes only. The rule says which; of a size that does not "
      + "fit you see the join that fails, and changes with which it does not, each tried.",
    "A size fits if it goes through and no layer leaves cells over on the way to a crop; through a crop "
      + "other sizes go too, but then its two streams lie over each other less well at the far end.",
  ],
  examples: [
    Command.Example("fit u-net --near 500", "why U-Net asks for 572, or 508, and not for 500"),
    Command.Example(
      "fit \"a = conv 8 k3 p1; max k2; conv 8 k3 p1; convT 8 k2 s2; cat a\" --near 375x500",
      "a network of one's own"),
    Command.Example("fit fcn8s --format json", "for a program"),
  ]
) { arguments in
  let format = try arguments.choice("format", of: ["table", "markdown", "json"]) ?? "table"
  let report = try FitReport(arguments)
  printReport(report.steps, report.json, format: format)
}

/// What is said about the sizes that a network takes.
private struct FitReport {
  /// What holds along an axis, or along both.
  struct Side {
    /// `rows`, `columns`, `each way`, `cells`
    let title: String
    /// `height`, `width`, `both`, `length`
    let name: String
    let fit: NetworkFit
    let near: Int
    let misfit: Misfit?
    /// The extents for which a fully connected layer is one.
    let covered: ClosedRange<Int>?
  }

  let network: Network
  let near: Size
  let sides: [Side]
  /// The layer that is fully connected at the size for which the network is made.
  let fullyConnected: Network.Layer?

  init(_ arguments: Arguments) throws {
    let asked = try InputShape(arguments)
    let given = try GivenNetwork.ofAnySize(
      networkWord(arguments), shape: asked, classes: arguments.integer("classes", in: 1...65536))
    given.tellNotes()
    let network = given.network
    // It may have been read for another size, since that which was asked for does not go through.
    let made = try asked?.axes(isLine: network.isOneDimensional).size ?? given.size
    let isLine = network.isOneDimensional
    let size = try nearSize(arguments, isLine: isLine)
    self.network = network
    near = size ?? made
    // The named classifier is made for pictures of 224 pixels.
    let isNamedClassifier = given.name == .vgg16 && !arguments.has("input")
    let fullyConnected = network.fullyConnected(input: isNamedClassifier ? 224 : made)
    self.fullyConnected = fullyConnected
    func side(_ axis: Network.Axis, _ title: String, _ name: String, near: Int) throws -> Side {
      let fit = try given.naming { try network.fit(along: axis) }
      return Side(
        title: title, name: name, fit: fit, near: near,
        misfit: network.misfit(input: near, along: axis, in: fit),
        covered: fullyConnected.flatMap { network.extents(covering: $0, along: axis, in: fit) })
    }
    let across = try side(
      .width, isLine ? "cells" : "columns", isLine ? "length" : "width", near: near.width)
    if isLine {
      sides = [across]
      return
    }
    let down = try side(.height, "rows", "height", near: near.height)
    let isSame =
      down.fit == across.fit && down.near == across.near && down.misfit == across.misfit
      && down.covered == across.covered
    sides =
      isSame
      ? [
        Side(
          title: "each way", name: "both", fit: down.fit, near: down.near, misfit: down.misfit,
          covered: down.covered)
      ] : [down, across]
  }

  var steps: [Step] {
    var rows: [[String]] = []
    func row(_ title: String, _ text: (Side) -> String) {
      rows.append([title] + sides.map(text))
    }
    // Behind a layer that the book does not have nobody knows what fits.
    let unknown = network.unknownLayer
    let known = unknown.map { " up to \($0.name)" } ?? ""
    row("fits\(known)") { $0.fit.fitting.text }
    if sides.contains(where: { $0.fit.fitting != $0.fit.passing }) {
      row("goes through\(known)") { $0.fit.passing.text }
    }
    row("comes back as large") { side in
      if side.fit.same.isEmpty, side.fit.growth == nil, unknown != nil { return "not known" }
      return side.fit.same.isEmpty
        ? "none"
          + (side.fit.growth.map {
            "; \(change($0)) \($0 == 1...1 || $0 == -1 ... -1 ? "comes" : "come") out"
          } ?? "") : side.fit.same.text
    }
    if let fullyConnected {
      row("with \(fullyConnected.name) fully connected") { side in
        side.covered.map {
          $0.count == 1
            ? "only \($0.lowerBound)" : "only from \($0.lowerBound) to \($0.upperBound)"
        } ?? "none"
      }
    }
    let onlyThrough = sides.contains { $0.fit.fitting.isEmpty }
    row((onlyThrough ? "nearest that goes through" : "nearest") + known) { side in
      let (below, above) = nearest(side)
      if below == side.near { return "\(side.near) itself" }
      guard below != nil || above != nil else { return "none" }
      return [below.map { "\($0) below" }, above.map { "\($0) above" }]
        .compactMap(\.self).joined(separator: ", ") + " \(side.near)"
    }
    return [
      .heading("\(network.name): which sizes fit"),
      .table(Table([""] + sides.map(\.title), rows: rows)),
    ]
      + (unknown.map { [.prose("Behind \($0.name) nothing is known: \($0.whyUnknown!).".visible)] }
        ?? [])
      + sides.flatMap(steps)
  }

  private func steps(of side: Side) -> [Step] {
    let place = side.name == "both" ? "\(side.near) each way" : "\(side.near) \(side.title)"
    guard let misfit = side.misfit else { return [] }
    let title =
      switch misfit.kind {
      case .window, .join, .crop:
        side.fit.passing.isEmpty
          ? "No size up to \(largestExtent) goes through" : "Not through: \(place)"
      case .leftOver: "Through, but with cells left over: \(place)"
      case .output: "Through, but not back: \(place)"
      }
    let remedies = misfit.remedies.map { remedy in
      remedy.sentence
        + (remedy.output.map {
          $0 == remedy.input ? ": as many come out" : ": \($0) \($0 == 1 ? "comes" : "come") out"
        } ?? "")
    }
    return [.heading(title), .prose(misfit.sentence + ".")]
      + (remedies.isEmpty
        ? [] : [.prose("What helps, each by itself:"), .formula(remedies)])
  }

  /// The nearest sizes that fit.
  private func nearest(_ side: Side) -> (below: Int?, above: Int?) {
    let sizes = side.fit.fitting.isEmpty ? side.fit.passing : side.fit.fitting
    return (sizes.previous(atMost: side.near), sizes.next(atLeast: side.near))
  }

  /// `184 fewer`, `from 1 to 15 fewer`
  private func change(_ growth: ClosedRange<Int>) -> String {
    let (low, high) = (growth.lowerBound, growth.upperBound)
    if low == high { return "\(abs(low)) \(low < 0 ? "fewer" : "more")" }
    if high <= 0 { return "from \(-high) to \(-low) fewer" }
    return low >= 0 ? "from \(low) to \(high) more" : "from \(-low) fewer to \(high) more"
  }
}

extension FitReport {
  var json: JSON {
    let isLine = network.isOneDimensional
    func optional(_ number: Int?) -> JSON { number.map(JSON.integer) ?? .null }
    func sizes(_ set: (NetworkFit) -> SizeSet) -> JSON {
      .array(
        sides.flatMap { side in
          set(side.fit).progressions.map { progression in
            .object(
              [
                ("axis", .string(side.name)), ("remainder", .integer(progression.remainder)),
                ("modulus", .integer(progression.modulus)), ("from", .integer(progression.first)),
              ] + (progression.last.map { [("to", .integer($0))] } ?? []))
          }
        })
    }
    var members: [(String, JSON)] = [
      ("network", .string(network.name)),
      ("near", .array((isLine ? [near.width] : [near.height, near.width]).map(JSON.integer))),
      ("sizes", sizes(\.fitting)), ("goesThrough", sizes(\.passing)), ("sameSize", sizes(\.same)),
    ]
    if let fullyConnected {
      members.append(
        (
          "fullyConnected",
          .array(
            sides.map { side in
              .object([
                ("axis", .string(side.name)), ("layer", .string(fullyConnected.name)),
                ("from", optional(side.covered?.lowerBound)),
                ("to", optional(side.covered?.upperBound)),
              ])
            })
        ))
    }
    members += [
      (
        "nearest",
        .array(
          sides.map { side in
            let (below, above) = nearest(side)
            return .object([
              ("axis", .string(side.name)), ("size", .integer(side.near)),
              ("below", optional(below)), ("above", optional(above)),
            ])
          })
      ),
      ("failures", .array(sides.compactMap(failure))),
      ("knownUpTo", network.unknownLayer.map { .string($0.name) } ?? .null),
    ]
    return .object(members)
  }

  private func failure(_ side: Side) -> JSON? {
    guard let misfit = side.misfit else { return nil }
    return .object([
      ("axis", .string(side.name)), ("size", .integer(side.near)),
      ("kind", .string(misfit.kind.rawValue)), ("layer", .string(misfit.layer)),
      (
        "streams",
        .array(
          misfit.streams.map {
            .object([("layer", .string($0.layer)), ("cells", .integer($0.cells))])
          })
      ),
      ("reason", .string(misfit.sentence)),
      (
        "remedies",
        .array(
          misfit.remedies.map { remedy in
            .object([
              ("kind", .string(remedy.kind.rawValue)),
              ("layers", .array(remedy.layers.map(JSON.string))),
              ("text", .string(remedy.sentence)), ("input", .integer(remedy.input)),
              ("output", remedy.output.map(JSON.integer) ?? .null),
            ])
          })
      ),
    ])
  }
}

/// The size of `--near`.
private func nearSize(_ arguments: Arguments, isLine: Bool) throws(ExitStatus) -> Size? {
  guard let text = arguments["near"] else { return nil }
  let numbers = try text.split(separator: "x", omittingEmptySubsequences: false).map {
    (part) throws(ExitStatus) in
    try wholeNumber(part, "a number of --near", in: 1...Network.mostExtent)
  }
  guard numbers.count == 1 || numbers.count == 2 && !isLine else {
    throw .usage(
      "--near is \"\(text)\"; it must be a "
        + (isLine ? "length such as 16000" : "size such as 375x500, height first"))
  }
  return Size(height: isLine ? 1 : numbers[0], width: numbers.last!)
}
