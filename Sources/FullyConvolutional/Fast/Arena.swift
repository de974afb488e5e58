/// Places in one piece of memory for things that live for some steps: those that do not live at the same
/// time may share theirs.
struct Arena {
  /// The floats that all places take together.
  private(set) var count = 0
  private var places: [(start: Int, end: Int, lastUse: Int)] = []

  /// Finds room for `need` floats that are written in step `first` and last used in step `last`; steps
  /// must come in order. Returns the first gap that is large enough.
  mutating func place(_ need: Int, from first: Int, through last: Int) -> Int {
    places.removeAll { $0.lastUse < first }
    var start = 0
    for place in places.sorted(by: { $0.start < $1.start }) where place.start < start + need {
      start = max(start, place.end)
    }
    places.append((start, start + need, last))
    count = max(count, start + need)
    return start
  }
}
