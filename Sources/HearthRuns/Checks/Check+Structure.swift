import Hearth

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Check {
    /// Every check, in the order in which they are run.
    package static var all: [Check] {
        unaries + binaries + gradients + reductions + products + normalisations + indexing + conversions + randomness
            + updates + layers
    }

    /// The matrix `[rows, columns]` that the checks below share, as rows of numbers.
    private static func matrix(_ range: ClosedRange<Double> = -3...3) -> (x: Tensor, rows: [[Double]]) {
        let x = numbers([rows, columns], range)
        let flat = doubles(x)
        return (x, (0..<rows).map { Array(flat[($0 * columns)..<(($0 + 1) * columns)]) })
    }

    private static func transposed(_ rows: [[Double]]) -> [[Double]] {
        rows[0].indices.map { column in rows.map { $0[column] } }
    }

    /// A reduction of both dimensions of a matrix, one after another.
    private static func reduction(
        _ name: String, in range: ClosedRange<Double> = -3...3, tolerance: Double = 2e-6,
        _ operation: @escaping (Tensor, Int) -> Tensor, _ reference: @escaping ([Double]) -> Double
    ) -> Check {
        Check(name: name) {
            let (x, rows) = matrix(range)
            return max(
                difference(operation(x, 1), rows.map(reference), tolerance: tolerance),
                difference(operation(x, 0), transposed(rows).map(reference), tolerance: tolerance))
        }
    }

    private static func position(_ values: [Double], _ isBetter: (Double, Double) -> Bool) -> Double {
        Double(values.indices.reduce(0) { isBetter(values[$1], values[$0]) ? $1 : $0 })
    }

    private static func variance(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
    }

    @CheckList private static var reductions: [Check] {
        reduction("sum", tolerance: 1e-5, { $0.sum(dim: $1) }, { $0.reduce(0, +) })
        reduction("mean", { $0.mean(dim: $1) }, { $0.reduce(0, +) / Double($0.count) })
        reduction("prod", in: 0.8...1.2, tolerance: 1e-5, { $0.prod(dim: $1) }, { $0.reduce(1, *) })
        reduction("max", { $0.max(dim: $1).values }, { $0.max()! })
        reduction("min", { $0.min(dim: $1).values }, { $0.min()! })
        reduction("argmax", { $0.argmax(dim: $1) }, { position($0, >) })
        reduction("argmin", { $0.argmin(dim: $1) }, { position($0, <) })
        reduction("var", { $0.variance(dim: $1) }, variance)
        reduction("norm", { $0.norm(dim: $1) }, { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() })
        reduction("logsumexp", { $0.logSumExp(dim: $1) }, { log($0.reduce(0) { $0 + exp($1) }) })
        reduction("any", { ($0 > 2.9).any(dim: $1) }, { $0.contains { $0 > 2.9 } ? 1 : 0 })
        reduction("all", { ($0 > -2.9).all(dim: $1) }, { $0.allSatisfy { $0 > -2.9 } ? 1 : 0 })
        Check(name: "cumsum") {
            let (x, rows) = matrix()
            let reference = rows.flatMap { row in row.indices.map { row[...$0].reduce(0, +) } }
            return difference(x.cumsum(dim: 1), reference, tolerance: 1e-5)
        }
        Check(name: "cumprod") {
            let (x, rows) = matrix(0.8...1.2)
            let reference = rows.flatMap { row in row.indices.map { row[...$0].reduce(1, *) } }
            return difference(x.cumprod(dim: 1), reference, tolerance: 1e-5)
        }
    }

    private static func naive(_ a: [Double], _ b: [Double], _ m: Int, _ k: Int, _ n: Int) -> [Double] {
        (0..<m).flatMap { i in (0..<n).map { j in (0..<k).reduce(0) { $0 + a[i * k + $1] * b[$1 * n + j] } } }
    }

    private static func product(_ m: Int, _ k: Int, _ n: Int, _ dtype: DType, tolerance: Double) -> Double {
        let (a, b) = (numbers([m, k]).to(dtype), numbers([k, n], seed: 8).to(dtype))
        let reference = naive(doubles(a), doubles(b), m, k, n)
        let plain = difference(a.matmul(b), reference, tolerance: tolerance)
        // Transposed views of transposed copies are the same matrices laid out the other way.
        let turned = difference(
            a.t().contiguous().t().matmul(b.t().contiguous().t()), reference, tolerance: tolerance)
        return max(plain, turned)
    }

    @CheckList private static var products: [Check] {
        Check(name: "matmul") {
            [(1, 1, 1), (5, 3, 7), (64, 33, 17), (33, 129, 65)].map {
                product($0.0, $0.1, $0.2, .float32, tolerance: 3e-5)
            }.max()!
        }
        Check(name: "matmul_f64") { product(17, 33, 9, .float64, tolerance: 1e-12) }
        Check(name: "matmul_batched") {
            let (a, b) = (numbers([3, 4, 5]), numbers([3, 5, 2], seed: 8))
            let reference = (0..<3).flatMap { naive(doubles(a[$0]), doubles(b[$0]), 4, 5, 2) }
            return difference(a.matmul(b), reference, tolerance: 1e-5)
        }
        Check(name: "linear") {
            let (x, w, bias) = (numbers([6, 11]), numbers([4, 11], seed: 8), numbers([4], seed: 9))
            let product = naive(doubles(x), doubles(w.t()), 6, 11, 4)
            let reference = product.enumerated().map { $1 + doubles(bias)[$0 % 4] }
            return difference(x.linear(w, bias: bias), reference, tolerance: 1e-5)
        }
    }

    private static func softmax(_ row: [Double]) -> [Double] {
        let sum = row.reduce(0) { $0 + exp($1) }
        return row.map { exp($0) / sum }
    }

    @CheckList private static var normalisations: [Check] {
        Check(name: "softmax") {
            let (x, rows) = matrix()
            return max(
                difference(x.softmax(dim: 1), rows.flatMap(softmax)),
                difference(x.softmax(dim: 0).t(), transposed(rows).flatMap(softmax)))
        }
        Check(name: "log_softmax") {
            let (x, rows) = matrix()
            return difference(x.logSoftmax(dim: 1), rows.flatMap { softmax($0).map(log) })
        }
        Check(name: "cross_entropy") {
            let (x, rows) = matrix()
            let classes = (0..<Self.rows).map { $0 * 5 % columns }
            let reference = zip(rows, classes).map { -log(softmax($0)[$1]) }
            return difference(x.crossEntropyRows(Tensor(classes)), reference)
        }
    }

    @CheckList private static var indexing: [Check] {
        Check(name: "index_select") {
            let (x, rows) = matrix()
            return difference(x.indexSelect(0, Tensor([6, 0, 3])), rows[6] + rows[0] + rows[3])
        }
        Check(name: "gather") {
            let (x, rows) = matrix()
            let index = (0..<Self.rows).map { [$0, 36 - $0] }
            return difference(x.gather(1, Tensor(index)), zip(rows, index).flatMap { [$0[$1[0]], $0[$1[1]]] })
        }
        Check(name: "scatter_add") {
            let y = Tensor.zeros([4]).scatterAdd(0, Tensor([1, 3, 1]), Tensor([1.0, 2.0, 4.0]))
            return difference(y, [0, 5, 0, 2])
        }
        Check(name: "cat") {
            let (x, rows) = matrix()
            return difference(Tensor.cat([x, x], dim: 1), rows.flatMap { $0 + $0 })
        }
        Check(name: "transpose") {
            let (x, rows) = matrix()
            return difference(x.t().contiguous(), transposed(rows).flatMap { $0 })
        }
        Check(name: "flip") {
            let (x, rows) = matrix()
            return difference(x.flip(1), rows.flatMap { $0.reversed() })
        }
        Check(name: "sort") {
            let (x, rows) = matrix()
            return difference(x.sort(dim: 1).values, rows.flatMap { $0.sorted() })
        }
        Check(name: "nonzero") {
            difference(Tensor([0, 3, 0, 1]).nonzero(), [1, 3])
        }
        Check(name: "tril") {
            let (x, rows) = matrix()
            let reference = rows.enumerated().flatMap { i, row in
                row.enumerated().map { j, value in j <= i ? value : 0 }
            }
            return difference(x.tril(), reference)
        }
    }

    private static var conversions: [Check] {
        DType.allCases.map { dtype in
            Check(name: "to_\(dtype)") {
                let x = numbers([rows, columns], 0...100).round()
                let reference = doubles(x).map { dtype == .bool ? ($0 == 0 ? 0 : 1) : $0 }
                return difference(x.to(dtype), reference, tolerance: dtype.isHalf ? 8e-3 : 0.5e-6)
            }
        }
    }

    private static func check(_ name: String, _ shape: Shape = [3, 5], _ body: @escaping (Tensor) -> Tensor) -> Check {
        Check(name: "\(name) gradient") {
            let x = numbers(shape, 0.2...2).to(.float64)
            do {
                try gradientCheck([x], order: 2) { body($0[0]) }
                return 0
            } catch {
                return .infinity
            }
        }
    }

    /// Gradients against central differences, in float64.
    @CheckList private static var gradients: [Check] {
        let w = numbers([5, 4], seed: 8).to(.float64)
        check("elementwise") { ($0.exp() * $0.sin() / ($0 + 1)).tanh() }
        check("activations") { $0.gelu() + $0.silu() + $0.sigmoid().softplus() }
        check("reductions") { $0.logSumExp(dim: 1) * $0.prod(dim: 1) + $0.variance(dim: 1) }
        check("matmul") { $0.matmul(w).softmax(dim: 1) }
        check("cross_entropy") { $0.crossEntropyRows(Tensor([0, 3, 1])) }
        check("views") { $0.t()[1..<3].reshape([-1]).cumsum(dim: 0) }
    }

    private static func moments(_ name: String, _ mean: Double, _ variance: Double, _ draw: @escaping () -> Tensor)
        -> Check
    {
        Check(name: name) {
            let x = draw().to(.float64)
            // Twenty standard errors of a mean of 100,000 would be a bug, not chance.
            let room = 20 * (variance / 100_000).squareRoot()
            let meanError = abs(x.mean().item() - mean) / room
            return max(meanError, abs(x.variance().item() - variance) / (variance * 0.1))
        }
    }

    private static func seeded() -> Generator { Generator(seed: 3) }

    @CheckList private static var randomness: [Check] {
        let shape: Shape = [100_000]
        moments("rand", 0.5, 1.0 / 12) { .rand(shape, generator: seeded()) }
        moments("randn", 0, 1) { .randn(shape, generator: seeded()) }
        moments("exponential", 0.5, 0.25) { .exponential(shape, rate: 2, generator: seeded()) }
        moments("bernoulli", 0.3, 0.21) { .bernoulli(shape, probability: 0.3, generator: seeded()) }
        moments("randint", 4.5, 8.25) { .randint(0..<10, shape, generator: seeded()) }
        moments("dropout", 1, 1.0 / 3) { Tensor.ones(shape).dropout(0.25, generator: seeded()) }
    }

    private static func trained(_ make: ([Parameter]) -> any Optimizer) -> [Double] {
        let parameter = Parameter(Tensor([1.0, -2.0, 0.5]))
        let optimizer = make([parameter])
        for _ in 0..<3 {
            parameter.grad = parameter.tensor.detach() * 2
            optimizer.step()
        }
        return doubles(parameter.tensor)
    }

    private static func reference(
        _ step: (_ x: inout Double, _ g: Double, _ memory: inout [Double], _ number: Int) -> Void
    )
        -> [Double]
    {
        [1.0, -2.0, 0.5].map { start in
            var (x, memory) = (start, [0.0, 0.0])
            for number in 1...3 { step(&x, 2 * x, &memory, number) }
            return x
        }
    }

    private static func compare(_ found: [Double], _ expected: [Double]) -> Double {
        zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1) / 2e-6) }
    }

    /// One parameter, three steps, against the formulas.
    @CheckList private static var updates: [Check] {
        Check(name: "sgd") {
            compare(
                trained { SGD($0, lr: 0.1, momentum: 0.9) },
                reference { x, g, memory, _ in
                    memory[0] = 0.9 * memory[0] + g
                    x -= 0.1 * memory[0]
                })
        }
        Check(name: "adam") {
            compare(
                trained { Adam($0, lr: 0.1) },
                reference { x, g, memory, number in
                    memory[0] = 0.9 * memory[0] + 0.1 * g
                    memory[1] = 0.999 * memory[1] + 0.001 * g * g
                    let first = memory[0] / (1 - pow(0.9, Double(number)))
                    let second = memory[1] / (1 - pow(0.999, Double(number)))
                    x -= 0.1 * first / (second.squareRoot() + 1e-8)
                })
        }
        Check(name: "rmsprop") {
            compare(
                trained { RMSprop($0, lr: 0.1) },
                reference { x, g, memory, _ in
                    memory[0] = 0.99 * memory[0] + 0.01 * g * g
                    x -= 0.1 * g / (memory[0].squareRoot() + 1e-8)
                })
        }
        Check(name: "adagrad") {
            compare(
                trained { Adagrad($0, lr: 0.1) },
                reference { x, g, memory, _ in
                    memory[0] += g * g
                    x -= 0.1 * g / (memory[0].squareRoot() + 1e-10)
                })
        }
    }
}
