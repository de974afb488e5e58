import Foundation
import Testing

/// `convbook network`: what each layer gives, costs and sees.
@Suite struct NetworkCommandTests {
  private struct Answer: Decodable {
    struct Layer: Decodable {
      let name: String
      let receptiveField: Int
      let fieldRange: [Int]?
    }
    let layers: [Layer]
  }

  private func layers(_ line: String) throws -> [String: Answer.Layer] {
    let outcome = try Convbook.run("network \(line) --format json")
    #expect(outcome.code == 0, "\(outcome.error)")
    let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    return Dictionary(uniqueKeysWithValues: answer.layers.map { ($0.name, $0) })
  }

  @Test func `the field is a range where it depends on the phase`() throws {
    let fcn = try layers("fcn8s")
    #expect(
      fcn["score"]?.fieldRange == [404 + 32, 404 + 64] && fcn["score"]?.receptiveField == 468)
    #expect(fcn["fc7"]?.fieldRange == nil && fcn["fc7"]?.receptiveField == 404)
    let net = try layers("u-net --input 572")
    #expect(net["join4"]?.receptiveField == 140 && net["join4"]?.fieldRange == nil)
    #expect(net["score"]?.fieldRange == [188, 204])
    let table = try Convbook.run("network fcn8s").lines
    let score = try #require(table.last { $0.hasPrefix("score ") || $0.contains(" score ") })
    #expect(score.contains("436 or 468"))
  }

  @Test func `where vgg16's pools round up, it is said what torchvision does`() throws {
    // 250 → 125 → 63 → 32 → 16 → 8: the second and the third pool have an odd side.
    let odd = try Convbook.run("network vgg16 --input 250").output
    #expect(
      odd.contains("Rounded up: pool2 to 63×63, pool3 to 32×32.")
        && odd.contains("torchvision's round down"))
    #expect(!(try Convbook.run("network vgg16 --input 256x224").output.contains("Rounded up")))
    #expect(!(try Convbook.run("network fcn8s --input 250").output.contains("Rounded up")))
  }

  @Test(arguments: [
    ("vgg16 --input 100", "the picture needs at least 193 pixels each way"),
    ("vgg16 --input 300x192", "the picture needs at least 193 pixels each way"),
    ("u-net --input 100", "the picture needs at least 188 pixels each way"),
  ]) func `a picture that is too small is told its own least size`(
    line: String, words: String
  ) throws {
    let outcome = try Convbook.run("network \(line)")
    #expect(outcome.code == 65 && outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1)
  }
}
