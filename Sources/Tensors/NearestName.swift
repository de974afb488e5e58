/// Returns the name nearest to what was typed, or nil if none is near enough to be meant.
///
/// ```swift
/// nearest(to: "kernl", among: ["kernel", "stride"])   // "kernel"
/// ```
///
/// Near enough is an edit distance of at most a third of the letters typed and never more than 3, or
/// a name that begins with what was typed.
package func nearest(to typed: String, among names: [String]) -> String? {
  guard typed.count >= 2 else { return nil }
  let limit = min(3, max(1, (typed.count + 1) / 3))
  let measured = names.map { (name: $0, distance: editDistance(typed, $0)) }
  if let best = measured.min(by: { $0.distance < $1.distance }), best.distance <= limit {
    return best.name
  }
  return names.first { $0.hasPrefix(typed) || (typed.count >= 4 && typed.hasPrefix($0)) }
}

/// The least number of letters to insert, delete, replace or swap with a neighbour.
package func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a.utf8), Array(b.utf8))
  var before: [Int] = []
  var previous = Array(0...b.count)
  for i in a.indices {
    var current = [i + 1]
    for j in b.indices {
      let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
      var best = min(replaced, previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, before[j - 1] + 1)
      }
      current.append(best)
    }
    (before, previous) = (previous, current)
  }
  return previous[b.count]
}
