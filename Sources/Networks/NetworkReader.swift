import ConvolutionArithmetic
import Tensors

/// Reads statements into layers.
struct NetworkReader {
  let statements: [TextStatement]
  let size: Size?
  let channels: Int?
  let isLine: Bool
  let given: Set<String>
  var statedSize: Size?
  var layers: [Network.Layer] = []
  /// The channels of every layer.
  var counts: [String: Int] = [:]
  /// What a name in the text stands for: a layer, or the last of several.
  var meaning: [String: String] = [:]
  /// How many layers of a kind were given a name.
  var named: [TextKind: Int] = [:]
  var sizes = GrowingSizes()
  /// What follows the size of the picture; see ``Network/stretching``.
  var stretching: [String: Network.Operation] = [:]
  /// What is right for this size of picture alone; see ``Network/bound``.
  var bound: Network.Bound?

  init(_ statements: [TextStatement], channels: Int?, size: Size?) {
    (self.statements, self.channels, self.size) = (statements, channels, size)
    isLine = statements.contains { (try? TextKind.of($0.kind))?.isLine == true }
    given = Set(statements.compactMap { $0.name?.text })
  }

  mutating func network(_ name: String) throws(NetworkTextError) -> (Network, Size) {
    var statements = statements[...]
    var stated: Int?
    if let first = statements.first, try TextKind.of(first.kind).kind == .input {
      statements = statements.dropFirst()
      stated = try input(first)
    }
    let count = channels ?? stated ?? (isLine ? 1 : 3)
    let picture = Network.Layer(name: "input", operation: .input(channels: count), inputs: [])
    layers.append(picture)
    sizes.append(picture)
    counts["input"] = count
    meaning["input"] = "input"
    for statement in statements { try add(statement) }
    guard layers.count > 1 else {
      throw NetworkTextError(
        line: 1, column: 1, message: "there is no layer; one is, for instance, conv 64 k3")
    }
    return (described(name), usedSize)
  }

  /// The network so far.
  func described(_ name: String = "network") -> Network {
    Network(
      name, layers: layers, isOneDimensional: isLine, sharing: [:], stretching: stretching,
      bound: bound)
  }

  var usedSize: Size {
    size ?? statedSize ?? (isLine ? Size(height: 1, width: 16000) : 224)
  }

  /// The channels of `input 3x224x224`, and perhaps the size.
  mutating func input(_ statement: TextStatement) throws(NetworkTextError) -> Int {
    let example = isLine ? "input 1 or input 1x16000" : "input 3 or input 3x224x224"
    guard let word = statement.words.first, statement.words.count == 1, statement.name == nil,
      let numbers = Self.numbers(word.text),
      numbers.allSatisfy({ (1...Network.mostExtent).contains($0) }),
      [1, isLine ? 2 : 3].contains(numbers.count)
    else {
      throw (statement.words.first ?? statement.kind).error(
        "the input is written \(example), each number from 1 to \(Network.mostExtent)")
    }
    if numbers.count == 2 { statedSize = Size(height: 1, width: numbers[1]) }
    if numbers.count == 3 { statedSize = Size(height: numbers[1], width: numbers[2]) }
    return numbers[0]
  }

  mutating func add(_ statement: TextStatement) throws(NetworkTextError) {
    let (kind, isLine) = try self.kind(of: statement)
    if let isLine, isLine != self.isLine {
      throw statement.kind.error(
        "\(statement.kind.text) is along two axes, and other layers along one; write \(kind.rawValue)1d"
      )
    }
    if isLine == nil, self.isLine, !kind.options.filter({ $0 == "k" }).isEmpty {
      throw statement.kind.error(
        "other layers are along one axis; write \(kind.rawValue)1d")
    }
    guard kind != .input else {
      throw statement.kind.error("the input is told before all layers")
    }
    if let name = statement.name { try check(name) }
    let options = try options(of: statement, kind)
    let inputs = try inputs(of: statement, kind, options)
    let repeats = options.repeats ?? 1
    guard layers.count + repeats <= Network.mostLayers else {
      throw statement.kind.error("there are more than \(Network.mostLayers) layers")
    }
    var reads = inputs
    var named = statement.name?.text
    for number in 1...repeats {
      let label = repeats > 1 ? named.map { "\($0)_\(number)" } : named
      let operation = try operation(statement, kind, options, reads)
      var name = try append(label, kind, operation, reads, at: statement)
      stretching[name] = stretched(operation, kind, options)
      // How a step's padding falls on the two sides depends on the size.
      if case .maxPool(let stand) = stretching[name],
        stand.rows.stride > 1 || stand.columns.stride > 1
      {
        bound = bound ?? Network.Bound(size: usedSize, layers: [], blind: [])
        bound!.layers.append(name)
      }
      if options.relu, kind != .conv, kind != .fc {
        name = try append(label.map { "\($0)_relu" }, .relu, .relu, [name], at: statement)
      }
      reads = [name] + inputs.dropFirst()
    }
    if let text = named { meaning[text] = reads[0] }
    named = nil
  }

  private func kind(
    of statement: TextStatement
  ) throws(NetworkTextError) -> (kind: TextKind, isLine: Bool?) {
    do throws(NetworkTextError) {
      return try TextKind.of(statement.kind)
    } catch {
      let text = statement.kind.text
      guard meaning[text] != nil else { throw error }
      throw statement.kind.error(
        "\(text) is a layer; what is done with it comes first, as in conv 64 k3 from \(text)")
    }
  }

  /// Refuses a name that is taken, or that could be read as something else.
  func check(_ name: TextWord) throws(NetworkTextError) {
    let text = name.text
    guard meaning[text] == nil, counts[text] == nil else {
      throw name.error("there is a layer \(text) already; each has a name of its own")
    }
    guard Self.numbers(text) == nil, Double(text) == nil,
      !Self.words.contains(text), !TextKind.allCases.contains(where: { $0.rawValue == text })
    else {
      throw name.error("\"\(text)\" means something already; call the layer otherwise")
    }
    guard
      text.unicodeScalars.allSatisfy({
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-./".unicodeScalars.contains($0)
      })
    else {
      throw name.error("\"\(text)\" is no name; letters, digits, _, -, . and / make one")
    }
  }

  @discardableResult
  mutating func append(
    _ label: String?, _ kind: TextKind, _ operation: Network.Operation, _ inputs: [String],
    at statement: TextStatement
  ) throws(NetworkTextError) -> String {
    var name = label ?? ""
    if label == nil {
      repeat {
        named[kind, default: 0] += 1
        name = "\(kind.rawValue)\(named[kind]!)"
      } while counts[name] != nil || given.contains(name)
    } else if counts[name] != nil {
      throw (statement.name ?? statement.kind).error(
        "there is a layer \(name) already; each has a name of its own")
    }
    counts[name] = try channels(of: operation, inputs, at: statement)
    let layer = Network.Layer(name: name, operation: operation, inputs: inputs)
    layers.append(layer)
    sizes.append(layer)
    meaning[name] = name
    return name
  }

  /// The channels that a layer gives.
  ///
  /// - Throws: `NetworkTextError` if they, or the weights, are more than any network has.
  func channels(
    of operation: Network.Operation, _ inputs: [String], at statement: TextStatement
  ) throws(NetworkTextError) -> Int {
    let read = inputs.map { counts[$0]! }
    do throws(GeometryError) {
      switch operation {
      case .channels, .shuffle:
        try Network.Layer(name: "", operation: operation, inputs: inputs).check(channels: read)
      default: break
      }
      return try operation.checkedChannels(of: read)!
    } catch {
      let groups = statement.words.first {
        Self.option($0.text)?.name == "g" && meaning[$0.text] == nil
      }
      throw (groups ?? statement.kind).error("\(error)")
    }
  }
}
