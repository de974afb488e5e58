import LessonKit
import Lessons
import LiveBook
import Tensors

// A page writes its request, UTF-8, into the room it asked for; the answer lies where `answer` says, as
// long as `answerLength` says, until the next one.

nonisolated(unsafe) private var request: [UInt8] = []
nonisolated(unsafe) private var reply: [UInt8] = []

@_expose(wasm, "room") @_cdecl("room")
public func room(_ count: Int32) -> UnsafeMutablePointer<UInt8>? {
  request = [UInt8](repeating: 0, count: Int(count))
  return request.withUnsafeMutableBufferPointer { $0.baseAddress }
}

@_expose(wasm, "answer") @_cdecl("answer")
public func answer() -> UnsafePointer<UInt8>? {
  let book = LiveBook(lessons: LessonIndex.withOwnNumbers)
  reply = Array(book.answer(String(decoding: request, as: UTF8.self)).utf8)
  return reply.withUnsafeBufferPointer { $0.baseAddress }
}

@_expose(wasm, "answerLength") @_cdecl("answerLength")
public func answerLength() -> Int32 { Int32(reply.count) }

// MARK: Draw and segment

nonisolated(unsafe) private var layers = ""
nonisolated(unsafe) private var networks: [SceneNetwork] = []
nonisolated(unsafe) private var scores = SceneScores()

/// Takes the request as the layers of the network whose numbers come next.
@_expose(wasm, "takeLayers") @_cdecl("takeLayers")
public func takeLayers() { layers = String(decoding: request, as: UTF8.self) }

/// Takes the request as the numbers of a network, 32-bit, least byte first; 1 if it can be run.
@_expose(wasm, "takeNumbers") @_cdecl("takeNumbers")
public func takeNumbers() -> Int32 {
  var numbers: [Float] = []
  numbers.reserveCapacity(request.count / 4)
  var place = 0
  while place + 4 <= request.count {
    var bits: UInt32 = 0
    for byte in 0..<4 { bits |= UInt32(request[place + byte]) << UInt32(8 * byte) }
    numbers.append(Float(bitPattern: bits))
    place += 4
  }
  guard let network = try? SceneNetwork(layers, numbers: numbers) else { return 0 }
  networks.append(network)
  return 1
}

/// Runs a network, the first of which begins anew, on the request: a picture of so many rows.
@_expose(wasm, "segment") @_cdecl("segment")
public func segment(_ network: Int32, _ rows: Int32) -> Int32 {
  if network == 0 { scores = SceneScores() }
  let size = Size(height: Int(rows), width: request.count / 3 / max(1, Int(rows)))
  guard networks.indices.contains(Int(network)),
    let map = try? networks[Int(network)].scores(pixels: request, size: size)
  else { return 0 }
  scores.append(map)
  return 1
}

/// The labels of what lies so many thousandths of the way from one network to the next.
@_expose(wasm, "labels") @_cdecl("labels")
public func labels(_ network: Int32, _ thousandths: Int32) -> UnsafePointer<UInt8>? {
  guard let labels = try? scores.labels(from: Int(network), part: Float(thousandths) / 1000) else {
    return nil
  }
  reply = labels
  return reply.withUnsafeBufferPointer { $0.baseAddress }
}
