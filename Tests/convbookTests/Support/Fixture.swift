import Foundation
import Interchange
import Tensors

/// A folder of arrays for one test, gone with it.
final class Fixture {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "convbook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  /// The names of the files in the folder.
  var files: Set<String> {
    Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
  }

  func save(_ name: String, _ shape: Shape, _ elements: [Float]) throws {
    try save(name, NPYWriter.encode(Tensor(shape: shape, elements: elements)))
  }

  func save(_ name: String, ramp shape: Shape) throws {
    try save(name, NPYWriter.encode(Tensor<Float>.ramp(shape)))
  }

  func save(_ name: String, _ bytes: [UInt8]) throws {
    try Data(bytes).write(to: folder.appendingPathComponent(name))
  }

  /// A `.npy` file with this header and data.
  func save(_ name: String, header: String, data: [UInt8]) throws {
    let text = Array((header + "\n").utf8)
    let length = [UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
    try save(name, [0x93] + Array("NUMPY".utf8) + [1, 0] + length + text + data)
  }

  func load(_ name: String) throws -> NumericArray {
    try NPYReader.read(path: folder.appendingPathComponent(name).path)
  }

  /// Runs `convbook` in the folder; it keeps nothing elsewhere.
  func run(_ line: String) throws -> Convbook.Outcome {
    try Convbook.run(line, in: folder, environment: ["HOME": "", "XDG_CACHE_HOME": ""])
  }
}

extension Fixture {
  /// A JSON object in the folder.
  func json(_ name: String) throws -> [String: Any] {
    let data = try Data(contentsOf: folder.appendingPathComponent(name))
    return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// Starts `convbook` in the folder, sends it a signal as soon as a file is there, and returns its exit
  /// code, or the signal that ended it.
  func start(
    _ line: String, stopping signal: Int32, whenThereIs file: String
  ) throws -> Int32 {
    let process = Process()
    process.executableURL = Convbook.binary
    process.arguments = line.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let path = folder.appendingPathComponent(file).path
    while process.isRunning, !FileManager.default.fileExists(atPath: path) {
      Thread.sleep(forTimeInterval: 0.002)
    }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }
}
