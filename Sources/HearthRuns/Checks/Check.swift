import Hearth

/// One check of the self-test: an operation, computed as a user would, against a slow and plain reference.
package struct Check {
    /// The operation's name.
    package let name: String
    /// Gives the largest error, in units of what is allowed: up to 1 is right.
    let run: () -> Double

    /// Whether the operation is right, and its error.
    package func outcome() -> (isRight: Bool, error: Double) {
        let error = run()
        return (error <= 1, error)
    }
}

extension Check {
    /// Where operations are computed in the self-check: shapes small enough to be quick and odd enough to meet the
    /// ends of vectorised loops.
    static let rows = 7
    static let columns = 37

    /// Compares elements; `tolerance` is relative where the reference is above 1, absolute below.
    static func difference(_ x: Tensor, _ reference: [Double], tolerance: Double = 2e-6) -> Double {
        let found = x.to(.float64).array(of: Double.self)
        guard found.count == reference.count else { return .infinity }
        return zip(found, reference).reduce(0) { worst, pair in
            if pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN) { return worst }
            let error = abs(pair.0 - pair.1) / (tolerance * max(1, abs(pair.1)))
            return error.isNaN ? .infinity : max(worst, error)
        }
    }

    /// Numbers for a check, the same every time.
    static func numbers(_ shape: Shape, _ range: ClosedRange<Double> = -3...3, seed: UInt64 = 7) -> Tensor {
        .uniform(shape, low: range.lowerBound, high: range.upperBound, generator: Generator(seed: seed))
    }

    static func doubles(_ x: Tensor) -> [Double] { x.to(.float64).array(of: Double.self) }

    /// A function of one number against the same function of `Double`.
    static func unary(
        _ name: String, in range: ClosedRange<Double> = -3...3, tolerance: Double = 2e-6,
        _ operation: @escaping (Tensor) -> Tensor, _ reference: @escaping (Double) -> Double
    ) -> Check {
        Check(name: name) {
            let x = numbers([rows, columns], range)
            let straight = difference(operation(x), doubles(x).map(reference), tolerance: tolerance)
            // Transposed operands take the strided loops.
            let turned = difference(operation(x.t()), doubles(x.t()).map(reference), tolerance: tolerance)
            return max(straight, turned)
        }
    }

    /// A function of two numbers against the same function of `Double`, with and without broadcasting.
    static func binary(
        _ name: String, in range: ClosedRange<Double> = -3...3, tolerance: Double = 2e-6,
        _ operation: @escaping (Tensor, Tensor) -> Tensor, _ reference: @escaping (Double, Double) -> Double
    ) -> Check {
        Check(name: name) {
            let (x, y) = (numbers([rows, columns], range), numbers([rows, columns], range, seed: 8))
            let row = numbers([columns], range, seed: 9)
            let plain = difference(
                operation(x, y), zip(doubles(x), doubles(y)).map(reference), tolerance: tolerance)
            let repeated = Array(repeating: doubles(row), count: rows).flatMap { $0 }
            let broadcast = difference(
                operation(x, row), zip(doubles(x), repeated).map(reference), tolerance: tolerance)
            return max(plain, broadcast)
        }
    }
}

/// Lists checks one below the other, each expression on its own, which also keeps the compiler quick.
@resultBuilder enum CheckList {
    static func buildExpression(_ check: Check) -> [Check] { [check] }
    static func buildExpression(_ checks: [Check]) -> [Check] { checks }
    static func buildPartialBlock(first: [Check]) -> [Check] { first }
    static func buildPartialBlock(accumulated: [Check], next: [Check]) -> [Check] { accumulated + next }
}
