internal import Platform

/// `1.5 GB`, and what is less than a tenth of one as `12 MB`
public func gigabytes(_ bytes: Int) -> String {
  guard bytes >= 100_000_000 else { return "\(bytes / 1_000_000) MB" }
  let tenths = bytes / 100_000_000 + (bytes % 100_000_000 >= 50_000_000 ? 1 : 0)
  return "\(tenths / 10).\(tenths % 10) GB"
}

/// What this machine's memory is, as far as the system tells.
public enum SystemMemory {
  /// The bytes that this process can still get without swapping; nil if nobody says.
  public static var available: Int? { availableMemory }

  /// Refuses a need that the memory does not meet, before anything is taken: there is no way back from
  /// an allocation that fails.
  ///
  /// - Parameters:
  ///   - bytes: the need; nil where it is beyond all numbers.
  ///   - purpose: the sentence's subject: `fcn8s on a picture of 500×500`.
  /// - Throws: ``InterchangeError``
  public static func check(_ bytes: Int?, for purpose: @autoclosure () -> String)
    throws(InterchangeError)
  {
    // A little is always there, and asking the system costs more than taking it.
    if let bytes, bytes < 1 << 24 { return }
    guard let available, bytes.map({ $0 > available }) ?? true else { return }
    throw InterchangeError(
      "\(purpose()) needs \(bytes.map(gigabytes) ?? "more memory than can be counted")"
        + "\(bytes == nil ? "" : " of memory"); \(gigabytes(available)) are available")
  }

  /// The most memory that this process has held so far, in bytes.
  public static var peak: Int { peakMemory }
}
