#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What is known of a function from values at some points: for any point a mean and a deviation.
///
/// Points lie in the unit cube. Nearby points have similar values by Matérn's kernel of smoothness 5/2 with a length for each
/// dimension; values are standardised.
///
/// Source: Rasmussen and Williams, "Gaussian processes for machine learning", 2006 (<http://gaussianprocess.org/gpml>),
/// chapters 2, 4 and 5.
package struct GaussianProcess {
    /// What the kernel is made from, each as its logarithm: the size of a value, the noise, and a length for each dimension.
    package struct Settings {
        package var scale: Double
        package var noise: Double
        package var lengths: [Double]

        package init(dimensions: Int) {
            scale = 0
            noise = log(1e-4)
            lengths = [Double](repeating: log(0.5), count: dimensions)
        }

        fileprivate var all: [Double] {
            get { [scale, noise] + lengths }
            set { (scale, noise, lengths) = (newValue[0], newValue[1], Array(newValue[2...])) }
        }
    }

    private let points: [[Double]]
    private let settings: Settings
    private let factor: Cholesky
    private let weights: [Double]
    private let mean: Double
    private let deviation: Double

    /// The process of these values at these points, with the most likely settings, or with given ones.
    package init(_ points: [[Double]], _ values: [Double], settings given: Settings? = nil) {
        self.points = points
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        (self.mean, deviation) = (mean, variance > 0 ? variance.squareRoot() : 1)
        let deviation = deviation
        let standard = values.map { ($0 - mean) / deviation }
        settings = given ?? Self.likeliest(points, standard)
        factor = Cholesky(Self.covariance(points, settings))
        weights = factor.solve(standard)
    }

    /// Mean and deviation of the function at a point, in the units of the values.
    package func predict(_ point: [Double]) -> (mean: Double, deviation: Double) {
        let near = points.map { exp(settings.scale) * Self.matern($0, point, settings.lengths) }
        let reduced = factor.forward(near)
        let variance = exp(settings.scale) - reduced.reduce(0) { $0 + $1 * $1 }
        return (
            mean + deviation * zip(near, weights).reduce(0) { $0 + $1.0 * $1.1 },
            deviation * max(variance, 1e-12).squareRoot()
        )
    }

    private static func distance(_ a: [Double], _ b: [Double], _ lengths: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices {
            let difference = (a[i] - b[i]) * exp(-lengths[i])
            sum += difference * difference
        }
        return (5 * sum).squareRoot()
    }

    private static func matern(_ a: [Double], _ b: [Double], _ lengths: [Double]) -> Double {
        let r = distance(a, b, lengths)
        return (1 + r + r * r / 3) * exp(-r)
    }

    private static func covariance(_ points: [[Double]], _ settings: Settings) -> [[Double]] {
        let scale = exp(settings.scale)
        return points.indices.map { i in
            (0...i).map { j in
                scale * matern(points[i], points[j], settings.lengths) + (i == j ? exp(settings.noise) + 1e-10 : 0)
            }
        }
    }

    /// How likely values are with settings, how far settings lie from what is usual included, and its derivative by each.
    private static func likelihood(
        _ points: [[Double]], _ values: [Double], _ settings: Settings
    ) -> (value: Double, gradient: [Double]) {
        let count = points.count
        let factor = Cholesky(covariance(points, settings))
        let weights = factor.solve(values)
        var value = -0.5 * zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } - factor.halfLogDeterminant
        var gradient = [Double](repeating: 0, count: 2 + settings.lengths.count)
        let inverse = factor.inverse()
        let (scale, noise) = (exp(settings.scale), exp(settings.noise))
        let squares = settings.lengths.map { exp(-2 * $0) }
        for i in 0..<count {
            for j in 0...i {
                // The factor of the covariance's derivative at (i, j): one half, doubled off the diagonal since (j, i)
                // is the same.
                let share = (weights[i] * weights[j] - inverse[i][j]) * (i == j ? 0.5 : 1)
                let r = distance(points[i], points[j], settings.lengths)
                let fall = exp(-r)
                gradient[0] += share * scale * (1 + r + r * r / 3) * fall
                if i == j { gradient[1] += share * noise }
                let slope = share * scale * 5.0 / 3 * (1 + r) * fall
                for k in squares.indices {
                    let difference = points[i][k] - points[j][k]
                    gradient[2 + k] += slope * difference * difference * squares[k]
                }
            }
        }
        // Wide normal priors around usual settings: few points alone would allow extreme ones.
        let usual = [0, log(1e-4)] + settings.lengths.map { _ in log(0.5) }
        let spread = [1.0, 2.0] + settings.lengths.map { _ in 1.2 }
        for (k, x) in settings.all.enumerated() {
            let distance = (x - usual[k]) / spread[k]
            value -= 0.5 * distance * distance
            gradient[k] -= distance / spread[k]
        }
        return (value, gradient)
    }

    /// The settings that make the values most likely: steps along the sign of the derivative whose size grows while it stays
    /// the same (Riedmiller and Braun's Rprop, 1993), from the usual settings.
    private static func likeliest(_ points: [[Double]], _ values: [Double]) -> Settings {
        guard points.count > 2, let dimensions = points.first?.count else {
            return Settings(dimensions: points.first?.count ?? 0)
        }
        var settings = Settings(dimensions: dimensions)
        var best = (settings: settings, value: -Double.infinity)
        var steps = [Double](repeating: 0.1, count: dimensions + 2)
        var before = [Double](repeating: 0, count: dimensions + 2)
        for _ in 0..<40 {
            let (value, gradient) = likelihood(points, values, settings)
            if value > best.value { best = (settings, value) }
            var all = settings.all
            for k in all.indices {
                if gradient[k] * before[k] < 0 {
                    steps[k] *= 0.5
                } else if gradient[k] * before[k] > 0 {
                    steps[k] *= 1.2
                }
                all[k] += gradient[k] > 0 ? min(steps[k], 0.5) : -min(steps[k], 0.5)
            }
            // Length scales outside these bounds give the same covariance as the bounds do.
            all[1] = min(max(all[1], log(1e-6)), log(1))
            for k in 2..<all.count { all[k] = min(max(all[k], log(0.01)), log(20)) }
            before = gradient
            settings.all = all
            if steps.allSatisfy({ $0 < 1e-3 }) { break }
        }
        return best.settings
    }
}

/// A symmetric positive matrix as the product of a lower triangle and its transpose.
struct Cholesky {
    /// The rows of the lower triangle one after another, each with room for `size` elements.
    private let elements: [Double]
    private let size: Int

    // The loops walk pointers with `while`: ranges and arrays cost a call for each element in an unoptimised build, and a
    // search spends its time here.

    /// Takes the lower triangle, row by row. What rounding has made negative on the diagonal becomes tiny.
    init(_ matrix: [[Double]]) {
        let size = matrix.count
        var elements = matrix.flatMap { $0 + [Double](repeating: 0, count: size - $0.count) }
        elements.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            for i in 0..<size {
                let row = start + i * size
                for j in 0...i {
                    let other = start + j * size
                    let sum = Self.less(row[j], row, other, j)
                    row[j] = i == j ? max(sum, 1e-14).squareRoot() : sum / other[j]
                }
            }
        }
        self.elements = elements
        self.size = size
    }

    /// Half of the logarithm of the determinant.
    var halfLogDeterminant: Double { (0..<size).reduce(0) { $0 + log(elements[$1 * size + $1]) } }

    /// The solution of the lower triangle for a right side whose first elements, as many as `zeros`, are 0.
    func forward(_ right: [Double], zeros: Int = 0) -> [Double] {
        var x = right
        withPointers(&x) { elements, x in
            var i = zeros
            while i < size {
                let row = elements + i * size
                x[i] = Self.less(x[i], row + zeros, x + zeros, i - zeros) / row[i]
                i += 1
            }
        }
        return x
    }

    /// The solution of the matrix for a right side whose first elements, as many as `zeros`, are 0.
    func solve(_ right: [Double], zeros: Int = 0) -> [Double] {
        var x = forward(right, zeros: zeros)
        withPointers(&x) { elements, x in
            var i = size - 1
            while i >= 0 {
                let diagonal = elements + i * size + i
                x[i] = Self.less(x[i], diagonal + size, by: size, x + i + 1, size - 1 - i) / diagonal[0]
                i -= 1
            }
        }
        return x
    }

    /// The inverse of the matrix.
    func inverse() -> [[Double]] {
        (0..<size).map { column in
            var unit = [Double](repeating: 0, count: size)
            unit[column] = 1
            return solve(unit, zeros: column)
        }
    }

    private func withPointers(
        _ x: inout [Double], _ body: (_ elements: UnsafePointer<Double>, _ x: UnsafeMutablePointer<Double>) -> Void
    ) {
        elements.withUnsafeBufferPointer { elements in
            x.withUnsafeMutableBufferPointer { x in
                guard let start = elements.baseAddress, let x = x.baseAddress else { return }
                body(start, x)
            }
        }
    }

    /// `value` less the products of `count` elements of `a`, which lie `step` apart, and of `b`.
    private static func less(
        _ value: Double, _ a: UnsafePointer<Double>, by step: Int = 1, _ b: UnsafePointer<Double>, _ count: Int
    ) -> Double {
        var (rest, k) = (value, 0)
        while k < count {
            rest -= a[k * step] * b[k]
            k += 1
        }
        return rest
    }
}
