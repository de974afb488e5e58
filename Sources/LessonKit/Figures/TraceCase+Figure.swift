public import ConvolutionArithmetic
import Tensors

extension TraceCase {
  /// The drawing of one form.
  ///
  /// - Parameters:
  ///   - cell: the cell that a still picture shows, and with which an animation begins; where there are too
  ///     many for all, the only one.
  ///   - part: the rows and columns of the output that alone are drawn.
  /// - Throws: `GeometryError` if there is no such cell or form, or the maps are too large to be drawn.
  public func figure(
    _ form: TraceForm = .window, cell: (row: Int, column: Int)? = nil, part: FigurePart? = nil,
    picture: Int = 0, caption: String? = nil
  ) throws(GeometryError) -> Figure {
    guard (0..<output.batch).contains(picture) else {
      throw GeometryError(
        "there is no picture \(picture); the input has \(counted(output.batch, "picture")), counted from 0"
      )
    }
    let isWhole = cell == nil || output.channels * output.size.area <= Figure.mostMoments
    let trace: Trace
    if let part {
      trace = try self.trace(form, of: part)
    } else {
      try refuseTooLarge(form)
      trace = try self.trace(form, cell: isWhole ? nil : cell, withStamps: false)
    }
    return try Figure(
      trace, cell: cell, part: part, picture: picture,
      caption: (caption ?? self.caption(form))
        + (output.batch > 1 ? ", picture \(picture) of \(output.batch)" : ""))
  }

  /// Refuses, before anything is computed, what has to be drawn whole and can't be.
  private func refuseTooLarge(_ form: TraceForm) throws(GeometryError) {
    let (from, to) = (input.size, output.size)
    switch form {
    case .window, .zeroInsertion: return
    case .scatter:
      let widths = [from.width, to.width]
      try Figure.checkRoom(
        width: isRow ? widths.max()! : widths.reduce(0, +), height: max(from.height, to.height),
        Figure.offerOfParts)
    case .matrix:
      try Figure.checkRoom(
        width: input.channels * from.area, height: output.channels * to.area,
        Figure.offerOfParts)
    }
  }

  /// The trace of a part: all maps, but the arithmetic of those rows and columns alone.
  private func trace(_ form: TraceForm, of part: FigurePart) throws(GeometryError) -> Trace {
    let all = output.size
    guard part.rows?.upperBound ?? 0 < all.height, part.columns?.upperBound ?? 0 < all.width,
      part.rows?.lowerBound ?? 0 >= 0, part.columns?.lowerBound ?? 0 >= 0
    else {
      throw GeometryError(
        "\(part.description) are not all there: the output is \(all), so its rows go from 0 to "
          + "\(all.height - 1) and its columns from 0 to \(all.width - 1)")
    }
    guard form == .window || form == .zeroInsertion else {
      throw GeometryError(
        "a part is drawn of the forms window and zero-insertion; the form \(form.rawValue) is drawn whole"
      )
    }
    let (rows, columns) = (part.rows ?? 0...all.height - 1, part.columns ?? 0...all.width - 1)
    var trace = try trace(form, cell: (rows.lowerBound, columns.lowerBound))
    let reader = form == .zeroInsertion ? try zerosInserted() : self
    trace.readings = try reader.equations(rows: Range(rows), columns: Range(columns))
    return trace
  }
}
