import CKernels

// Rows of special functions of two numbers.
extension BinaryFunction {
    static let fmax = BinaryFunction("fmax", HK_fmax, .floating) { g, x, y, _, _ in
        split(g, x, y, (x < y) | (x.isNaN() & ~y.isNaN()), (x > y) | y.isNaN())
    }
    static let fmin = BinaryFunction("fmin", HK_fmin, .floating) { g, x, y, _, _ in
        split(g, x, y, (x > y) | (x.isNaN() & ~y.isNaN()), (x < y) | y.isNaN())
    }
    static let logAddExp = BinaryFunction("logaddexp", HK_logaddexp, .floating) { g, x, y, _, _ in
        let share = (x - y).sigmoid()
        return (g * share, g * (1 - share))
    }
    static let logAddExp2 = BinaryFunction("logaddexp2", HK_logaddexp2, .floating) { g, x, y, _, _ in
        let share = ((x - y) * 0.693147180559945309417).sigmoid()
        return (g * share, g * (1 - share))
    }
    static let igamma = BinaryFunction("igamma", HK_igamma, .floating) { g, a, x, _, needs in
        (unknown("igamma", needs.x), needs.y ? g * gammaDensity(a, x) : nil)
    }
    static let igammac = BinaryFunction("igammac", HK_igammac, .floating) { g, a, x, _, needs in
        (unknown("igammac", needs.x), needs.y ? -(g * gammaDensity(a, x)) : nil)
    }
    static let zeta: BinaryFunction = BinaryFunction("zeta", HK_zeta, .floating) { g, s, q, _, needs in
        (unknown("zeta", needs.x), needs.y ? -(g * s * (s + 1).binary(.zeta, q)) : nil)
    }
    static let xlog1py = BinaryFunction("xlog1py", HK_xlog1py, .floating) { g, x, y, _, needs in
        (
            needs.x ? g * y.log1p().maskedFill((x == 0) & (y <= -1), with: 0.0) : nil,
            needs.y ? g * x / (y + 1) : nil
        )
    }

    static let heaviside = BinaryFunction(discrete: "heaviside", HK_heaviside, .arithmetic)
    static let nextAfter = BinaryFunction(discrete: "nextafter", HK_nextafter, .floating)
    static let gcd = BinaryFunction(discrete: "gcd", HK_gcd, .arithmetic)
    static let lcm = BinaryFunction(discrete: "lcm", HK_lcm, .arithmetic)

    /// The density of the gamma distribution: `x^(a - 1) exp(-x) / gamma(a)`.
    private static func gammaDensity(_ a: Tensor, _ x: Tensor) -> Tensor {
        ((a - 1) * x.log() - x - a.lgamma()).exp()
    }

    /// Stops the program where this derivative is needed, which PyTorch does not have either: 0 would be a silent
    /// mistake.
    private static func unknown(_ name: String, _ isNeeded: Bool) -> Tensor? {
        if isNeeded { stop(name, "the derivative by the first operand is not known; detach it") }
        return nil
    }
}
