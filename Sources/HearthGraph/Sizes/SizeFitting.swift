/// Finds what numbers that differ between traces have to do with the sizes that differ there.
///
/// A program is traced several times with other numbers for each named size. A number that was found in it is a list, one
/// entry for each trace; what it is made of is the simplest formula that gives the whole list. The numbers of the traces
/// are chosen (`assignments`) so that no wrong formula gives them all.
struct SizeFitting {
    /// The numbers of each named size, trace by trace.
    private let named: [(size: Size, values: [Int])]
    private var known: [[Int]: Size] = [:]
    private var atoms: [(size: Size, values: [Int])] = []

    init(_ named: [(name: String, values: [Int])]) {
        self.named = named.map { (.named($0.name), $0.values) }
        for (size, values) in self.named { learn(size, values) }
    }

    /// Makes the formula for a list of numbers known, unless a simpler one is.
    mutating func learn(_ size: Size, _ values: [Int]) {
        guard size.fixed == nil, known[values] == nil else { return }
        known[values] = size
        atoms.append((size, values))
    }

    /// What gives these numbers; nil when nothing simple does.
    mutating func fit(_ values: [Int]) -> Size? {
        if let simple = simple(values) { return simple }
        guard let found = product(values, depth: 2) ?? sum(values) ?? quotient(values) else { return nil }
        learn(found, values)
        return found
    }

    /// A number, something that is known, or a straight line of one name.
    private func simple(_ values: [Int]) -> Size? {
        if let first = values.first, values.allSatisfy({ $0 == first }) { return .fixed(first) }
        if let size = known[values] { return size }
        for (size, numbers) in named {
            guard let line = Self.line(values, numbers) else { continue }
            return .fixed(line.slope) * size + .fixed(line.start)
        }
        return nil
    }

    private static func line(_ y: [Int], _ x: [Int]) -> (slope: Int, start: Int)? {
        guard y.count > 1, x[1] != x[0], (y[1] - y[0]) % (x[1] - x[0]) == 0 else { return nil }
        let slope = (y[1] - y[0]) / (x[1] - x[0])
        let (reach, overflow) = slope.multipliedReportingOverflow(by: x[0])
        guard !overflow else { return nil }
        let start = y[0] - reach
        return zip(x, y).allSatisfy { $1 == $0 &* slope &+ start } ? (slope, start) : nil
    }

    private func product(_ values: [Int], depth: Int) -> Size? {
        if depth == 0 || values.contains(0) { return nil }
        for (size, numbers) in atoms.reversed() where zip(values, numbers).allSatisfy({ $1 != 0 && $0 % $1 == 0 }) {
            let rest = zip(values, numbers).map { $0 / $1 }
            if let factor = simple(rest) ?? product(rest, depth: depth - 1) { return factor * size }
        }
        return nil
    }

    private func sum(_ values: [Int]) -> Size? {
        for (size, numbers) in atoms {
            let rest = zip(values, numbers).map { $0 - $1 }
            if let other = simple(rest) ?? product(rest, depth: 1) { return size + other }
        }
        return nil
    }

    /// `(size + a) / b` for small `b`, where the traces leave only one `a`.
    private func quotient(_ values: [Int]) -> Size? {
        for (size, numbers) in named {
            for divisor in 2...8 {
                let lowest = zip(values, numbers).map { $0 * divisor - $1 }.max() ?? 0
                let highest = zip(values, numbers).map { $0 * divisor + divisor - 1 - $1 }.min() ?? 0
                if lowest == highest { return (size + .fixed(lowest)) / divisor }
            }
        }
        return nil
    }
}

extension SizeFitting {
    /// Numbers for names, trace by trace: enough of them that rounded quotients by up to 8 are told apart, in an order of
    /// their own for each name, so that no name is a straight line of another.
    /// - Parameters:
    ///   - names: The names, and what the program's author says of their range.
    ///   - start: Where the numbers of the first name begin.
    static func assignments(_ names: [String], from start: Int) -> [(name: String, values: [Int])] {
        // Steps that have no divisor in common with 11 visit every rest.
        let strides = [1, 3, 7, 4, 9, 5, 2, 8, 6, 10]
        return names.enumerated().map { i, name in
            let first = start + i * (start / 2 + 12)
            return (name, (0..<traces).map { first + ($0 * strides[i % strides.count] + i) % traces })
        }
    }

    /// How many traces are compared.
    static let traces = 11
}
