import ConvolutionArithmetic
import Interchange
import LessonKit
import Networks
import Tensors

/// What one cell of a network sees, as `--layer` and `--cell` ask for it.
struct CellRequest {
  private let layer: String
  private let cell: String
  private let output: String?
  private let image: String?
  private let format: String
  private let isSized: Bool

  /// Checks the options; nil if they ask for nothing.
  init?(_ arguments: Arguments, format: String) throws {
    guard let layer = arguments["layer"], let cell = arguments["cell"] else {
      guard let option = ["layer", "cell", "output", "image"].first(where: arguments.has) else {
        return nil
      }
      throw ExitStatus.usage(
        "--\(option) is for the view of one cell; write --layer L --cell R,C, such as --layer conv1 "
          + "--cell 3,5"
          + (option == "output" ? "; all layers are drawn with --format svg > layers.svg" : ""))
    }
    guard !["dot", "svg", "svg-graph"].contains(format) else {
      throw ExitStatus.usage(
        "--format \(format) draws the layers; the view of a cell is drawn with --output view.svg")
    }
    (self.layer, self.cell, self.format) = (layer, cell, format)
    (output, image, isSized) = (arguments["output"], arguments["image"], arguments.has("input"))
    guard image == nil || output != nil else {
      throw ExitStatus.usage("--image is what the drawing lies on; --output says where it goes")
    }
    guard let output else { return }
    let endings = ["svg"] + PictureFile.endings(for: .picture)
    guard endings.contains(FilePlace.ending(of: output)) else {
      throw ExitStatus.usage(
        "--output is \(output); its name must end in \(listed(endings.map { ".\($0)" }))")
    }
    try InputFiles([image, arguments.operands.first].compactMap(\.self)).check(output: output)
  }

  /// Draws the view, if it is to be drawn, and tells it.
  func show(_ given: GivenNetwork) throws {
    let (network, picture) = (given.network, try image.map { try Picture(contentsOf: $0) })
    var size = given.size
    if let picture, let path = image {
      let own = Size(height: picture.height, width: picture.width)
      guard !isSized || own == size else {
        throw ExitStatus.data("\(path) is a picture of \(own), and --input is \(size)")
      }
      guard !network.isOneDimensional else {
        throw ExitStatus.data("\(network.name) reads lines of cells, and \(path) is a picture")
      }
      size = own
    }
    let names = network.layers.map(\.name)
    guard names.contains(layer) else {
      let near = nearest(to: layer, among: names).map { "; did you mean \($0)?" } ?? ""
      let some = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", …" : "")
      throw ExitStatus.usage(
        "\(network.name) has no layer \"\(layer)\"; its layers are \(some)\(near)")
    }
    let place = try place(in: network, size)
    let report = CellReport(
      network: network,
      view: try CellView(
        of: network, layer: layer, row: place.row, column: place.column, picture: size))
    if let output {
      let drawing = CellDrawing(report.view, on: picture)
      if FilePlace.ending(of: output) == "svg" {
        try AtomicFile.write(Array(drawing.svg.utf8), to: output)
      } else {
        try PictureFile.write(drawing.picture, to: output)
      }
    }
    printReport(report.steps, report.json, format: format)
  }

  /// The cell that is meant, which must be one of the layer's.
  private func place(in network: Network, _ picture: Size) throws -> (row: Int, column: Int) {
    let isLine = network.isOneDimensional
    let index = network.layers.firstIndex { $0.name == layer }!
    guard let map = try network.knownShapes(input: picture)[index]?.size else {
      throw ExitStatus.data("the size of \(layer) is not known, nor what it sees")
    }
    let parts = cell.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == (isLine ? 1 : 2) else {
      throw ExitStatus.usage(
        "--cell is \"\(cell)\"; it must be "
          + (isLine ? "a number such as 12" : "a row and a column such as 12,30"))
    }
    let column = try wholeNumber(
      parts.last!, isLine ? "--cell" : "the column in --cell", in: 0...map.width - 1)
    if isLine { return (0, column) }
    return (try wholeNumber(parts[0], "the row in --cell", in: 0...map.height - 1), column)
  }
}

/// What is said about what a cell sees.
private struct CellReport {
  let network: Network
  let view: CellView

  /// One axis: what is seen, and how much of the padding before and behind the picture.
  private struct Side {
    let name: String
    let size: Int
    let seen: ClosedRange<Int>?
    let before: Int
    let after: Int
  }

  private var sides: [Side] {
    func side(
      _ name: String, _ size: Int, _ seen: ClosedRange<Int>?, _ reach: ClosedRange<Int>?
    ) -> Side {
      Side(
        name: name, size: size, seen: seen, before: max(0, -(reach?.lowerBound ?? 0)),
        after: max(0, (reach?.upperBound ?? 0) + 1 - size))
    }
    let (seen, reach) = (view.seen, view.reach)
    let columns = side(
      network.isOneDimensional ? "cells" : "columns", view.picture.width, seen?.columns,
      reach?.columns)
    return network.isOneDimensional
      ? [columns] : [side("rows", view.picture.height, seen?.rows, reach?.rows), columns]
  }

  private var place: String {
    network.isOneDimensional ? "\(view.column)" : "\(view.row),\(view.column)"
  }

  var steps: [Step] {
    let isLine = network.isOneDimensional
    let rows = sides.map { side in
      [
        side.name, side.seen.map { "\($0.lowerBound) to \($0.upperBound)" } ?? "none",
        "\(side.seen?.count ?? 0) of \(side.size)", "\(side.before)", "\(side.after)",
      ]
    }
    let what = isLine ? "\(counted(view.picture.width, "cell"))" : "a picture of \(view.picture)"
    return [
      .heading("Cell \(place) of \(view.layer) of \(network.name), on \(what)"),
      .table(Table(["", "sees", "how many", "padding before", "behind"], rows: rows)),
      .prose(
        "\(grouped(view.paths)) \(view.paths.integer == 1 ? "path leads" : "paths lead") from the \(isLine ? "input" : "picture") to it"
          + (view.pathsFromPadding.isZero
            ? "." : ", and \(grouped(view.pathsFromPadding)) from the padding around it.")
          + " The most from one \(isLine ? "cell" : "pixel") are \(grouped(view.most))."),
    ]
  }

  var json: JSON {
    let isLine = network.isOneDimensional
    func range(_ range: ClosedRange<Int>?) -> JSON {
      range.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) } ?? .null
    }
    func number(_ count: PathCount) -> JSON {
      count.integer.map(JSON.integer) ?? .string(count.description)
    }
    var members: [(String, JSON)] = [
      ("network", .string(network.name)), ("layer", .string(view.layer)),
      ("cell", .array((isLine ? [view.column] : [view.row, view.column]).map(JSON.integer))),
      (
        "input",
        .array(
          (isLine ? [view.picture.width] : [view.picture.height, view.picture.width]).map(
            JSON.integer))
      ),
    ]
    for side in sides { members.append((side.name, range(side.seen))) }
    members.append(
      (
        "padding",
        .object(
          sides.map { side in
            (side.name, .array([.integer(side.before), .integer(side.after)]))
          })
      ))
    members += [
      ("paths", number(view.paths)), ("pathsFromPadding", number(view.pathsFromPadding)),
    ]
    // Pixel by pixel only where a person may still look at it.
    if let (rows, columns) = view.seen, rows.count * columns.count <= 10_000 {
      members.append(
        (
          "counts",
          .array(
            rows.map { row in
              .array(columns.map { number(view.paths(row: row, column: $0)) })
            })
        ))
    }
    return .object(members)
  }
}
