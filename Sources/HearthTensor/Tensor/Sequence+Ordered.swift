// The compiler makes `sorted` anew for every type of elements: 4 KB of code and a tenth of a second, some sixty times. What
// sorts a few things now and then sorts their numbers instead, which is compiled once.

extension Sequence {
    /// What `sorted(by:)` gives: the elements, smaller ones first, equal ones in the order they have.
    package func ordered(by isBefore: (Element, Element) -> Bool) -> [Element] {
        let elements = Array(self)
        return order(elements.count) { isBefore(elements[$0], elements[$1]) }.map { elements[$0] }
    }
}

extension Sequence where Element: Comparable {
    /// What `sorted()` gives.
    package func ordered() -> [Element] { ordered(by: <) }
}

@inline(never) private func order(_ count: Int, _ isBefore: (Int, Int) -> Bool) -> [Int] {
    Array(0..<count).sorted(by: isBefore)
}
