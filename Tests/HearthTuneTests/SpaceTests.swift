import Testing

import HearthTune

@Suite struct SpaceTests {
    private static let spaces: [Distribution] = [
        .int(low: -3, high: 9, step: 3, log: false), .int(low: 1, high: 1000, step: 1, log: true),
        .float(low: -1, high: 2, step: nil, log: false), .float(low: 1e-5, high: 1, step: nil, log: true),
        .float(low: 0, high: 1, step: 0.1, log: false), .categorical(["a", "b", "c"]),
        .int(low: 4, high: 4, step: 1, log: false), .float(low: 2, high: 2, step: nil, log: false),
        .float(low: 0, high: 0.3, step: 0.1, log: false), .float(low: 2, high: 3, step: 5, log: false),
    ]

    @Test(arguments: spaces) func valuesComeBackFromTheirPlace(space: Distribution) {
        for share in stride(from: 0.0, through: 1, by: 1.0 / 64) {
            let value = space.value(atShare: share)
            #expect(space.contains(value), "\(value)")
            let again = space.value(at: space.place(of: value))
            if case (.float(let a), .float(let b)) = (value, again) {
                #expect(abs(a - b) <= 1e-12 * max(1, abs(a)))
            } else {
                #expect(again == value)
            }
        }
        if let values = space.values { #expect(values.allSatisfy(space.contains)) }
        #expect(space.isSingle == (space.values?.count == 1))
    }

    @Test func stepsStayInTheirRange() {
        var random = RandomNumbers(3, 0, "steps")
        for count in 0..<2000 {
            // A range that a step of one to four decimals divides, and one that it may not.
            let step = Double(1 + Int(random.share() * 50)) / [10.0, 100, 1000, 10_000][count % 4]
            let low = ((random.share() - 0.5) * 1000).rounded() / 1000
            // As it is written, which need not be what the computer adds up to.
            let whole = ((low + step * Double(Int(random.share() * 40))) * 10_000).rounded() / 10_000
            let high = count % 2 == 0 ? whole : low + random.share()
            let space = Distribution.float(low: low, high: high, step: step, log: false)
            let values = (0...16).map { space.value(atShare: Double($0) / 16) } + (space.values ?? [])
            for value in values {
                #expect(space.contains(value), "\(value) of \(space)")
                #expect(space.value(at: space.place(of: value)) == value, "\(value) of \(space)")
            }
        }
    }

    @Test(arguments: [
        Distribution.int(low: .min, high: .max, step: 1, log: false), .int(low: 0, high: .max, step: 1, log: false),
        .int(low: .min, high: .max - 1, step: 2, log: false), .int(low: 1, high: .max, step: 1, log: true),
        .int(low: .min, high: .min, step: 1, log: false), .int(low: .max - 3, high: .max, step: 1, log: false),
        .int(low: .min, high: .max, step: .max, log: false), .float(low: -1e300, high: 1e300, step: 1e-9, log: false),
    ])
    func theLargestNumbersAreNumbers(space: Distribution) {
        for share in stride(from: 0.0, through: 1, by: 1.0 / 64) {
            let value = space.value(atShare: share)
            #expect(space.contains(value), "\(value)")
            #expect(space.contains(space.value(at: space.place(of: value))))
        }
        if let values = space.values { #expect(values.allSatisfy(space.contains)) }
    }

    @Test func numbersStandForTheirEquals() {
        let (real, whole) = (Self.spaces[2], Self.spaces[0])
        #expect(real.taking(.int(1)) == .float(1) && real.taking(.int(7)) == nil)
        #expect(whole.taking(.float(3)) == .int(3) && whole.taking(.float(2.5)) == nil)
        #expect(real.taking(.category("1")) == nil && whole.taking(.int(4)) == nil)
    }

    @Test func aPermutationHasEveryNumberOnce() {
        for count in [1, 2, 3, 6, 16, 17, 1000] {
            let orders = (0..<3).map { number in
                let order = Permutation(of: count, seed: 5, number: number)
                return (0..<count).map { order[$0] }
            }
            #expect(orders.allSatisfy { $0.sorted() == Array(0..<count) })
            if count > 100 { #expect(orders[0] != orders[1] && orders[0] != Array(0..<count)) }
        }
        #expect((0..<Int.max).contains(Permutation(of: .max, seed: 1, number: 0)[.max - 1]))
    }

    @Test func everyValueIsAsLikely() {
        let space = Distribution.int(low: 0, high: 4, step: 1, log: false)
        var counts = [Int](repeating: 0, count: 5)
        var random = RandomNumbers(1, 2, "x")
        for _ in 0..<5000 {
            if case .int(let value) = space.value(atShare: random.share()) { counts[value] += 1 }
        }
        #expect(counts.allSatisfy { abs($0 - 1000) < 120 }, "\(counts)")
        #expect(Distribution.float(low: 0, high: 1, step: 0.1, log: false).values?.count == 11)
    }

    @Test func aTruncatedNormalIsADensity() {
        let normal = TruncatedNormal(mean: 0.2, deviation: 0.5, 0...1)
        let steps = 2000
        let mass = (0..<steps).reduce(0.0) { $0 + exponential(normal.logDensity((Double($1) + 0.5) / Double(steps))) }
        #expect(abs(mass / Double(steps) - 1) < 1e-6)
        var random = RandomNumbers(1, 1, "normal")
        let samples = (0..<4000).map { _ in normal.sample(&random) }
        #expect(samples.allSatisfy { (0...1).contains($0) })
        #expect(abs(samples.reduce(0, +) / 4000 - 0.4095) < 0.02)
    }

    private func exponential(_ x: Double) -> Double {
        // The series, halved often enough to be short.
        let small = x / 1024
        var (sum, term) = (1.0, 1.0)
        for n in 1..<12 {
            term *= small / Double(n)
            sum += term
        }
        return (0..<10).reduce(sum) { value, _ in value * value }
    }

    @Test func improvementIsRightNearAndFar() {
        // φ(z) + z Φ(z) in 50 digits at 0, 1, -3 and -8.
        for (z, expected) in [(0.0, -0.9189385332), (1.0, 0.0800147), (-3.0, -7.869946), (-8.0, -37.12322)] {
            #expect(abs(GPSampler.logImprovement(z) - expected) < 2e-2, "\(z): \(GPSampler.logImprovement(z))")
        }
        #expect(abs(GPSampler.logImprovement(-4.999) - GPSampler.logImprovement(-5.001)) < 0.05)
    }
}
