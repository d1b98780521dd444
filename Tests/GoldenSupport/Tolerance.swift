import HearthTensor

/// How far a result may lie from PyTorch's. Integers and bool must be equal, half types may differ in the last place.
package struct Tolerance: Sendable {
    /// Of `float32`.
    let relative: Double
    /// Of `float32`.
    let absolute: Double
    /// Of `float64`, relative and absolute.
    let double: Double
    /// Units in the last place of `float16` and `bfloat16`.
    let places: Int

    package init(relative: Double = 1e-5, absolute: Double = 1e-6, double: Double = 1e-10, places: Int = 1) {
        self.relative = relative
        self.absolute = absolute
        self.double = double
        self.places = places
    }

    /// In words, how the first element that is too far off differs; nil when none is.
    package func difference(_ found: Tensor, _ expected: Tensor) -> String? {
        guard found.shape == expected.shape, found.dtype == expected.dtype else {
            return "\(found.spec); expected \(expected.spec)"
        }
        let (a, b) = (Self.numbers(found), Self.numbers(expected))
        for position in a.indices where !isClose(a[position], b[position], found.dtype) {
            return "element \(position) is \(a[position]); expected \(b[position])"
        }
        return nil
    }

    private func isClose(_ a: Double, _ b: Double, _ dtype: DType) -> Bool {
        if a == b || (a.isNaN && b.isNaN) { return true }
        switch dtype {
        case .float32: return (a - b).magnitude <= absolute + relative * b.magnitude && b.isFinite
        case .float64: return (a - b).magnitude <= double * (1 + b.magnitude) && b.isFinite
        case .float16: return Self.distance(Int(Float16(a).bitPattern), Int(Float16(b).bitPattern)) <= places
        case .bfloat16:
            return Self.distance(Int(BFloat16(Float(a)).bitPattern), Int(BFloat16(Float(b)).bitPattern)) <= places
        default: return false
        }
    }

    /// How many numbers of 16 bits lie from one bit pattern to the other.
    private static func distance(_ a: Int, _ b: Int) -> Int {
        func rank(_ bits: Int) -> Int { bits & 0x8000 == 0 ? bits : 0x8000 - bits }
        return (rank(a) - rank(b)).magnitude > 1 << 20 ? 1 << 20 : abs(rank(a) - rank(b))
    }

    /// The elements as `Double`; large integers lose digits, which no golden file depends on.
    private static func numbers(_ x: Tensor) -> [Double] { x.detach().to(.float64).array(of: Double.self) }
}

/// The gradient of a result that the golden files use: ((7 i mod 11) - 5) / 4.
package func goldenWeights(_ x: Tensor) -> Tensor {
    Tensor((0..<x.count).map { Double(($0 * 7 % 11) - 5) / 4 }, shape: x.shape).to(x.dtype)
}
