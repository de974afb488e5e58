import Networks
import Tensors
import Testing
import Training

/// Sets give the same picture for the same number, and orders that a seed decides.
@Suite struct PictureSetTests {
  @Test func `a longer set of scenes begins with the shorter one`() throws {
    let (short, long) = (
      PictureSet.scenes(count: 3, seed: 5, size: 20), PictureSet.scenes(count: 8, seed: 5, size: 20)
    )
    #expect((short.count, long.count) == (3, 8))
    #expect(short.classNames == ClassNames.scenes && short.classes == 6)
    for index in 0..<3 { #expect(try short.read(index) == long.read(index)) }
  }

  @Test func `sets of different seeds have no picture in common`() throws {
    var seen: Set<[UInt8]> = []
    for seed in [0, 1, 2, .max] as [UInt64] {
      let set = PictureSet.scenes(count: 25, seed: seed, size: 16)
      for index in 0..<25 { seen.insert(try set.read(index).pixels) }
    }
    #expect(seen.count == 4 * 25)
  }

  @Test func `pictures of one shape have one label, from 0 to 4`() throws {
    let set = PictureSet.singleShapes(count: 60, seed: 1, size: 32)
    #expect(set.classNames == ["disc", "square", "triangle", "ring", "cross"])
    var labels: Set<UInt8> = []
    for index in 0..<60 {
      let picture = try set.read(index)
      #expect(picture.size == 32 && picture.labelSize == 1 && picture.labels.count == 1)
      labels.formUnion(picture.labels)
    }
    #expect(labels == [0, 1, 2, 3, 4])
  }

  @Test func `a set of given pictures gives them back`() throws {
    let pictures = [1, 2].map { side in
      LabeledPicture(
        size: Size(side), pixels: .init(repeating: 9, count: 3 * side * side),
        labels: .init(repeating: 1, count: side * side))
    }
    let set = PictureSet(pictures, classNames: ["a", "b"])
    #expect(set.count == 2 && set.classes == 2)
    #expect(try [set.read(0), set.read(1)] == pictures)
    #expect(set.name(1) == "picture 1")
  }

  @Test func `a picture is laid in eight ways, pixels and labels alike`() {
    // p q
    // r s
    // t u
    let letters = Array("pqrstu".utf8)
    let picture = LabeledPicture(
      size: Size(height: 3, width: 2), pixels: letters.flatMap { [$0, $0, $0] }, labels: letters)
    let expected = [
      "pq rs tu", "qp sr ut", "tu rs pq", "ut sr qp", "prt qsu", "qsu prt", "trp usq", "usq trp",
    ]
    for (way, rows) in expected.enumerated() {
      let laid = picture.laid(way)
      let result = Array(rows.utf8).filter { $0 != UInt8(ascii: " ") }
      #expect(laid.labels == result, "way \(way)")
      #expect(laid.pixels == result.flatMap { [$0, $0, $0] }, "way \(way)")
      #expect(laid.size.width == rows.split(separator: " ")[0].count)
    }
  }

  @Test func `a picture of one label keeps it, however it is laid`() throws {
    let picture = try PictureSet.singleShapes(count: 1, seed: 4, size: 32).read(0)
    let laid = (0..<8).map(picture.laid)
    #expect(laid.allSatisfy { $0.labels == picture.labels && $0.labelSize == 1 })
    #expect(Set(laid.map(\.pixels)).count == 8)
  }

  @Test func `an epoch takes every picture once, in its own order`() {
    for count in [0, 1, 2, 7, 400] {
      let order = shuffledIndices(count: count, seed: 3, epoch: 2)
      #expect(order.sorted() == Array(0..<count))
      #expect(order == shuffledIndices(count: count, seed: 3, epoch: 2))
    }
    let orders = Set(
      (0..<5).flatMap { epoch in
        (0..<5).map { shuffledIndices(count: 50, seed: $0, epoch: epoch) }
      })
    #expect(orders.count == 25)
    // Recorded: a run that is resumed elsewhere goes on with the same pictures.
    #expect(shuffledIndices(count: 10, seed: 0, epoch: 0) == [1, 7, 6, 2, 0, 9, 8, 4, 5, 3])
  }

  @Test func `all orders of three occur equally often`() {
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<600 {
      counts[shuffledIndices(count: 3, seed: 0, epoch: epoch), default: 0] += 1
    }
    #expect(counts.count == 6 && counts.values.allSatisfy { (70...130).contains($0) }, "\(counts)")
  }
}
