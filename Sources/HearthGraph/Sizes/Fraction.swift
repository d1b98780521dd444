/// A number as the quotient of two small whole numbers.
struct Fraction {
    let numerator: Int
    let denominator: Int

    /// The fraction with the smallest denominator that is this number as far as doubles go; nil when there is none below
    /// a million.
    init?(_ value: Double) {
        guard value.isFinite, abs(value) < 1e9 else { return nil }
        // Continued fractions: each step gives the best fraction so far.
        var (p0, q0, p1, q1) = (0, 1, 1, 0)
        var rest = value
        for _ in 0..<32 {
            let whole = rest.rounded(.down)
            guard abs(whole) < 1e9 else { return nil }
            let (p, q) = (Int(whole) &* p1 &+ p0, Int(whole) &* q1 &+ q0)
            guard abs(q) <= 1_000_000, abs(p) <= 1 << 40 else { return nil }
            (p0, q0, p1, q1) = (p1, q1, p, q)
            if abs(Double(p) / Double(q) - value) <= value.ulp * 4 {
                (numerator, denominator) = (p, q)
                return
            }
            rest = 1 / (rest - whole)
        }
        return nil
    }
}
