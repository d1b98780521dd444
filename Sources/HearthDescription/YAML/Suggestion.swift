/// The words for a name that is not there: the nearest that is, or all of them.
///
///     unknown("model", "resnet81", among: names)   // unknown model 'resnet81'; did you mean 'resnet18'?
package func unknown(_ kind: String, _ name: String, among names: [String]) -> String {
    let start = "unknown \(kind) '\(name)'"
    if let near = nearest(to: name, among: names) { return "\(start); did you mean '\(near)'?" }
    return "\(start); there are \(names.joined(separator: ", "))"
}

/// The name that differs least from a word, where that is by a third of it at most; capitals and dashes do not count.
package func nearest(to word: String, among names: [String]) -> String? {
    // A word from outside may be of any length; the distance takes time by the product of both.
    guard (1...64).contains(word.count) else { return nil }
    let distances = names.map { (name: $0, distance: distance(plain(word), plain($0))) }
    guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
    return best.distance <= max(1, word.count / 3) ? best.name : nil
}

private func plain(_ word: String) -> [Character] { Array(word.lowercased().replacing("-", with: "_")) }

/// How many characters must be added, taken out, changed or exchanged with their neighbour (optimal string alignment;
/// Damerau, 1964).
private func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for i in a.indices {
        var row = [i + 1]
        for j in b.indices {
            var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
            row.append(least)
        }
        rows.append(row)
    }
    return rows[a.count][b.count]
}
