extension SamplerChoice {
    /// Points that leave no gaps: Sobol's sequence, moved by chance. Each parameter gets a dimension, up to 21; others are chosen
    /// at random. Optuna's `QMCSampler`.
    ///
    /// Dimensions go to the parameters that are known when a trial begins, by the first trial that asked for them and by name
    /// within it, and then to those that the trial itself is the first to ask for, in its order.
    public static func sobol(seed: UInt64? = nil) -> SamplerChoice {
        let seed = seed ?? .random(in: 0...UInt64.max)
        return SamplerChoice { SobolSampler(seed: seed) }
    }
}

package struct SobolSampler: Sampler {
    let seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    package func alone(
        _ name: String, _ distribution: Distribution, _ trial: TrialRecord, _ history: History
    ) -> ParameterValue {
        // The list of known names must not change within a trial, or two names could get the same dimension.
        let fresh = trial.parameters.keys.count { !history.met.contains($0) }
        let dimension = history.met.firstIndex(of: name) ?? history.met.count + fresh
        guard dimension < Sobol.dimensions else {
            return RandomSampler(seed: seed).alone(name, distribution, trial, history)
        }
        // A random pattern of bits is flipped, the same for all points (a digital shift), which keeps the points as
        // evenly spread as they are.
        var random = RandomNumbers(seed, dimension, "sobol")
        let bits = Sobol.bits(point: trial.number, dimension: dimension) ^ UInt32(truncatingIfNeeded: random.next())
        return distribution.value(atShare: (Double(bits) + 0.5) * 0x1p-32)
    }
}

/// Sobol's sequence in up to 21 dimensions.
///
/// Source: Joe and Kuo, "Constructing Sobol sequences with better two-dimensional projections", 2008
/// (<https://web.maths.unsw.edu.au/~fkuo/sobol/>): the directions of their file `new-joe-kuo-6.21201`.
package enum Sobol {
    package static let dimensions = 21

    /// The point as a number of 32 bits, from 0 to before 2³²; points are counted from 0, in the order of Gray's code.
    package static func bits(point: Int, dimension: Int) -> UInt32 {
        let gray = UInt32(truncatingIfNeeded: point ^ point >> 1)
        return directions[dimension].enumerated().reduce(0) {
            gray >> UInt32($1.offset) & 1 == 1 ? $0 ^ $1.element : $0
        }
    }

    /// For each dimension after the first the degree of its polynomial, the inner coefficients, and the first directions.
    private static let polynomials: [(degree: Int, coefficients: UInt32, first: [UInt32])] = [
        (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]),
        (4, 4, [1, 3, 5, 13]), (5, 2, [1, 1, 5, 5, 17]), (5, 4, [1, 1, 5, 5, 5]), (5, 7, [1, 1, 7, 11, 19]),
        (5, 11, [1, 1, 5, 1, 1]), (5, 13, [1, 1, 1, 3, 11]), (5, 14, [1, 3, 5, 5, 31]),
        (6, 1, [1, 3, 3, 9, 7, 49]), (6, 13, [1, 1, 1, 15, 21, 21]), (6, 16, [1, 3, 1, 13, 27, 49]),
        (6, 19, [1, 1, 1, 15, 7, 5]), (6, 22, [1, 3, 1, 15, 13, 25]), (6, 25, [1, 1, 5, 5, 19, 61]),
        (7, 1, [1, 3, 7, 11, 23, 15, 103]), (7, 4, [1, 3, 7, 13, 13, 15, 69]),
    ]

    private static let directions: [[UInt32]] = {
        let first = (0..<32).map { UInt32(1) << UInt32(31 - $0) }
        return [first]
            + polynomials.map { degree, coefficients, first in
                var v = first.enumerated().map { $1 << UInt32(31 - $0) }
                for i in degree..<32 {
                    var next = v[i - degree] ^ v[i - degree] >> UInt32(degree)
                    for k in 1..<degree where coefficients >> UInt32(degree - 1 - k) & 1 == 1 { next ^= v[i - k] }
                    v.append(next)
                }
                return v
            }
    }()
}
