public import FastKernels

extension PictureSet {
  /// The set with all its pictures read once and kept in memory, several threads at once.
  ///
  /// - Throws: what reading the first picture that failed throws.
  public func kept(threads: Threads = .all) throws -> PictureSet {
    PictureSet(try inParallel(count, threads: threads, read), classNames: classNames)
  }
}
