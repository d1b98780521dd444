/// A pattern of names in which `*` stands for any characters and `?` for one.
package struct NamePattern {
    private let pattern: [Character]

    package init(_ pattern: String) { self.pattern = Array(pattern) }

    /// True when the whole name fits.
    package func matches(_ name: String) -> Bool {
        let name = Array(name)
        var (i, j) = (0, 0)
        // Where the last star is, and how far it has reached: what follows it is tried again one character later.
        var star: (pattern: Int, name: Int)?
        while j < name.count {
            if i < pattern.count, pattern[i] == "*" {
                star = (i, j)
                i += 1
            } else if i < pattern.count, pattern[i] == "?" || pattern[i] == name[j] {
                i += 1
                j += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                i = last.pattern + 1
                j = last.name + 1
            } else {
                return false
            }
        }
        return pattern[i...].allSatisfy { $0 == "*" }
    }
}
