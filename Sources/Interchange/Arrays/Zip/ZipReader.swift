/// The members of a zip file, by its central directory; stored or deflated, with or without zip64.
///
/// Every length is checked against the file, and no two members may share bytes: this is what makes
/// the worst zip bombs.
struct ZipReader {
  let file: FileContents
  let members: [ZipMember]

  /// What every zip file with members begins with.
  static let magic: [UInt8] = [0x50, 0x4B, 3, 4]

  init(_ file: FileContents) throws {
    self.file = file
    members = try file.withBytes { (bytes) throws in
      let directory = try ZipDirectory(bytes)
      var members: [ZipMember] = []
      var names: Set<String> = []
      var cursor = ByteCursor(bytes, in: directory.range, of: "the zip directory")
      while cursor.rest > 0 {
        let member = try ZipMember(directory: &cursor, limit: directory.range.lowerBound)
        guard names.insert(member.name).inserted else {
          throw InterchangeError("the zip file has two members called \(member.name.printable)")
        }
        members.append(member)
      }
      guard members.count == directory.count else {
        throw InterchangeError(
          "the zip directory has \(members.count) members, and its end says \(directory.count)")
      }
      try Self.refuseOverlaps(members)
      return members
    }
  }

  /// The member with this name.
  func member(_ name: String) -> ZipMember? {
    members.first { $0.name == name }
  }

  /// The member's bytes, inflated when they are asked for.
  ///
  /// - Parameter zeroMeansUnknown: whether a stated CRC-32 of 0 is no checksum at all.
  func block(of member: ZipMember, zeroMeansUnknown: Bool = false) -> ByteBlock {
    let checksum = zeroMeansUnknown && member.checksum == 0 ? nil : member.checksum
    return member.isDeflated
      ? ByteBlock(.deflated(file, member.data, size: member.size), checksum: checksum)
      : ByteBlock(.stored(file, member.data), checksum: checksum)
  }

  private static func refuseOverlaps(_ members: [ZipMember]) throws {
    let ordered = members.sorted { $0.header < $1.header }
    for (member, next) in zip(ordered, ordered.dropFirst())
    where member.data.upperBound > next.header {
      throw InterchangeError(
        "the zip members \(member.name.printable) and \(next.name.printable) overlap")
    }
  }
}
