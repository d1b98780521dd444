import HearthTune

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A function whose minimum is known (<https://www.sfu.ca/~ssurjano/optimization.html>).
struct TestFunction: Sendable {
    let name: String
    let ranges: [ClosedRange<Double>]
    let value: @Sendable ([Double]) -> Double

    /// The best of 100 trials.
    func search(_ sampler: SamplerChoice) async throws -> Double {
        let study = try Study(name, sampler: sampler)
        try await study.optimize(trials: 100) { trial in
            value(ranges.enumerated().map { trial.suggestFloat("x\($0.offset)", $0.element) })
        }
        return try study.bestTrial()?.value ?? .infinity
    }

    static let all = [branin, hartmann, rosenbrock]

    /// 0.397887 at three points.
    static let branin = TestFunction(name: "Branin", ranges: [-5...10, 0...15]) { x in
        let a = x[1] - 5.1 / (4 * Double.pi * Double.pi) * x[0] * x[0] + 5 / Double.pi * x[0] - 6
        return a * a + 10 * (1 - 1 / (8 * Double.pi)) * cos(x[0]) + 10
    }

    /// -3.32237.
    static let hartmann = TestFunction(name: "Hartmann 6", ranges: [ClosedRange<Double>](repeating: 0...1, count: 6)) {
        x in
        let a: [[Double]] = [
            [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
        ]
        let p: [[Double]] = [
            [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
            [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
        ]
        let weights = [1.0, 1.2, 3, 3.2]
        var sum = 0.0
        for i in 0..<4 {
            var distance = 0.0
            for k in 0..<6 { distance += a[i][k] * (x[k] - p[i][k]) * (x[k] - p[i][k]) }
            sum -= weights[i] * exp(-distance)
        }
        return sum
    }

    /// 0 where all are 1.
    static let rosenbrock = TestFunction(
        name: "Rosenbrock 4", ranges: [ClosedRange<Double>](repeating: -5...10, count: 4)
    ) { x in
        var sum = 0.0
        for i in 0..<3 {
            let (valley, slope) = (x[i + 1] - x[i] * x[i], 1 - x[i])
            sum += 100 * valley * valley + slope * slope
        }
        return sum
    }
}
