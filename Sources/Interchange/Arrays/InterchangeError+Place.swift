extension InterchangeError {
  /// The same sentence with the file's name before it.
  func located(in path: String) -> InterchangeError {
    InterchangeError("\(path): \(description)")
  }
}
