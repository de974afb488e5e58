import ConvolutionArithmetic
public import Tensors

/// What is wrong in the text of a network, and where.
public struct NetworkTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line of the text, from 1.
  public let line: Int
  /// The character of the line, from 1.
  public let column: Int
  public let message: String

  /// `line 2, column 8: there is no layer "cnv"; did you mean conv?`
  public var description: String { "line \(line), column \(column): \(message)" }
}

extension Network {
  /// The network that a text describes, and the size of its picture.
  ///
  /// ```swift
  /// let (network, size) = try Network.described(
  ///   by: "conv 64 k4 s2 p1 relu; pool = max k2 s2; conv 1 k3", size: 64)
  /// try network.shapes(input: size).last   // 1×14×14
  /// ```
  ///
  /// The language is told in Docs/Networks.md: one layer for each line or semicolon, each reading the
  /// one before unless it names others.
  ///
  /// - Parameters:
  ///   - name: what the network is called.
  ///   - channels: of the input, instead of what the text says; 3, or 1 along one axis, if nobody does.
  ///   - size: of the input, instead of what the text says.
  /// - Throws: `NetworkTextError`, with the place and where there is one the nearest word.
  public static func described(
    by text: String, name: String = "network", channels: Int? = nil, size: Size? = nil
  ) throws(NetworkTextError) -> (network: Network, size: Size) {
    var reader = NetworkReader(try TextStatement.all(text), channels: channels, size: size)
    return try reader.network(name)
  }
}

extension Network {
  /// The words that a text has for layers.
  public static var textKinds: [String] { TextKind.allCases.map { $0.rawValue } }

  /// Whether a text describes a network along one axis: whether it has a `conv1d` or one of its kin.
  public static func isOneDimensional(text: String) -> Bool {
    ((try? TextStatement.all(text)) ?? []).contains { (try? TextKind.of($0.kind))?.isLine == true }
  }
}
