#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// What the process that runs an attempt tells the one that waits for it, a line at a time, on a
/// descriptor of its own. Every line begins with a word that only the two know, so that nothing an
/// attempt prints, and no early `exit(0)`, can be taken for a verdict.
public enum Report: Equatable, Sendable {
  /// A case is about to run.
  case started(CaseNotice)
  /// The check is done.
  case verdict(Verdict)

  /// The line, without its end.
  public func line(nonce: String) -> String {
    switch self {
    case .started(let notice): "\(nonce) case \(Report.json(notice))"
    case .verdict(let verdict): "\(nonce) verdict \(Report.json(verdict))"
    }
  }

  /// The report of a line, or nil if the line is not one.
  public init?(line: some StringProtocol, nonce: String) {
    let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, !nonce.isEmpty, parts[0] == nonce else { return nil }
    let data = Data(parts[2].utf8)
    let decoder = JSONDecoder()
    switch parts[1] {
    case "case":
      guard let notice = try? decoder.decode(CaseNotice.self, from: data) else { return nil }
      self = .started(notice)
    case "verdict":
      guard let verdict = try? decoder.decode(Verdict.self, from: data) else { return nil }
      self = .verdict(verdict)
    default: return nil
    }
  }

  private static func json(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else {
      preconditionFailure("a report that cannot be written as JSON")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
