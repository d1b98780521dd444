/// Weighted sums of elements along one dimension, or the transpose of that, which is its derivative.
struct Resample: TensorOperation {
    static let name = "interpolate"
    let axis: Int
    let rule: Resampling
    let transposed: Bool
    /// What the rule comes to.
    private let taps: Taps

    init(axis: Int, rule: Resampling, transposed: Bool = false) {
        self.axis = axis
        self.rule = rule
        self.transposed = transposed
        taps = rule.taps
    }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].dtype.isFloatingPoint else { throw ShapeError("a floating-point dtype is expected") }
        var shape = x[0].shape
        shape[axis] = transposed ? taps.size : taps.outputs
        return Spec(shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.resample(x[0], along: axis, taps, transposed: transposed)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(apply(Resample(axis: axis, rule: rule, transposed: !transposed), to: g))
    }
}

extension Resample {
    var attributes: Attributes { ["dim": axis, "rule": rule, "transposed": transposed] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(axis: try attributes["dim"], rule: try attributes["rule"], transposed: try attributes["transposed"])
    }

    static func == (a: Resample, b: Resample) -> Bool {
        a.axis == b.axis && a.rule == b.rule && a.transposed == b.transposed
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(axis)
        hasher.combine(rule)
        hasher.combine(transposed)
    }
}

/// How values between elements are found.
public enum InterpolationMode: String, Sendable, CaseIterable {
    /// The element below, as PyTorch has always computed it.
    case nearest
    /// The nearest element.
    case nearestExact
    /// A straight line between two neighbours, in each of one, two or three dimensions: PyTorch's `linear`, `bilinear`
    /// and `trilinear`.
    case linear
    /// A cubic curve through four neighbours: PyTorch's `bicubic`.
    case cubic
    /// The mean of all elements that fall together: PyTorch's `area`.
    case area
}

extension Tensor {
    /// `[N, C, …]` with its last dimensions made larger or smaller, to `size` or by `scale`. PyTorch's `F.interpolate`.
    /// - Parameters:
    ///   - size: The new sizes; or give `scale`, the factor, one number or one for each dimension.
    ///   - alignCorners: Whether the centres of the corner elements stay where they are (linear and cubic alone).
    ///   - recomputeScale: Whether the factor is taken from the sizes after rounding, not from `scale`.
    ///   - antialias: Whether more elements are taken together where the result is smaller (linear and cubic alone).
    public func interpolate(
        size: (any Extent)? = nil, scale: [Double]? = nil, mode: InterpolationMode = .nearest,
        alignCorners: Bool = false, recomputeScale: Bool = false, antialias: Bool = false
    ) -> Tensor {
        let spatial = rank - 2
        guard (1...3).contains(spatial), (size == nil) != (scale == nil) else {
            return stop(
                "interpolate", [spec],
                "[N, C, …] with one to three more dimensions and one of size and scale are "
                    + "expected", fallback: self)
        }
        guard !(alignCorners || antialias) || mode == .linear || mode == .cubic else {
            return stop(
                "interpolate", [spec], "alignCorners and antialias go with linear and cubic, not with \(mode)",
                fallback: self)
        }
        let factors = scale.map { $0.count == 1 ? Array(repeating: $0[0], count: spatial) : $0 }
        let sizes =
            size?.checked(spatial, "size", "interpolate")
            ?? Dimensions(zip(shape.dropFirst(2), factors!).map { Int((Double($0) * $1).rounded(.down)) })
        guard sizes.count == spatial, sizes.allSatisfy({ $0 > 0 }), !shape.dropFirst(2).contains(0) else {
            return stop(
                "interpolate", [spec], "sizes must be positive and one for each dimension; found \(sizes)",
                fallback: self)
        }
        if mode == .area { return adaptiveAvgPool(rank: spatial, sizes) }
        var y = self
        for i in 0..<spatial {
            let rule = Resampling(
                size: shape[i + 2], outputs: sizes[i], factor: recomputeScale ? nil : factors?[i], mode: mode,
                alignCorners: alignCorners, antialias: antialias)
            if rule.changes { y = apply(Resample(axis: i + 2, rule: rule), to: y) }
        }
        return y
    }
}

/// The rule by which one dimension is resampled. The conventions are PyTorch's.
struct Resampling: Hashable, Sendable {
    let size: Int
    let outputs: Int
    /// The factor that was asked for; nil when it follows from the sizes.
    let factor: Double?
    let mode: InterpolationMode
    let alignCorners: Bool
    let antialias: Bool

    /// False when every element of the result is the one at its place.
    var changes: Bool { size != outputs || !(factor == nil || factor == 1 || mode == .nearest) }

    /// How each element of the result is made.
    var taps: Taps {
        switch mode {
        case .nearest, .nearestExact: Taps(size: size, (0..<outputs).map { [(nearest($0), 1)] })
        case .linear, .cubic, .area: Taps(size: size, (0..<outputs).map { antialias ? smoothed($0) : between($0) })
        }
    }

    /// How far one step in the result is in the input.
    private var step: Double {
        if alignCorners { return outputs > 1 ? Double(size - 1) / Double(outputs - 1) : 0 }
        return factor.map { 1 / $0 } ?? Double(size) / Double(outputs)
    }

    private func nearest(_ o: Int) -> Int {
        if mode == .nearest, outputs == 2 * size { return o / 2 }
        // In single precision, as PyTorch does, since the rounding decides which element it is.
        let step = Float(factor.map { 1 / $0 } ?? Double(Float(size) / Float(outputs)))
        let place = mode == .nearest ? Float(o) * step : (Float(o) + 0.5) * step
        return Swift.min(Int(place.rounded(.down)), size - 1)
    }

    private func between(_ o: Int) -> [(position: Int, weight: Double)] {
        var place = alignCorners ? Double(o) * step : (Double(o) + 0.5) * step - 0.5
        if mode == .linear { place = Swift.max(place, 0) }
        let below = place.rounded(.down)
        let (first, part) = (Int(below), place - below)
        if mode == .linear {
            // Beyond the end there is nothing to take part.
            return first >= size - 1 ? [(size - 1, 1)] : [(first, 1 - part), (first + 1, part)]
        }
        return (-1...2).map { (first + $0, Self.cubic(part - Double($0), -0.75)) }
    }

    /// The weights of a filter that is as wide as the elements that fall together.
    private func smoothed(_ o: Int) -> [(position: Int, weight: Double)] {
        let width = Swift.max(step, 1)
        let support = (mode == .linear ? 1.0 : 2.0) * width
        let centre = step * (Double(o) + 0.5)
        let first = Swift.max(Int(centre - support + 0.5), 0)
        let end = Swift.min(Int(centre + support + 0.5), size)
        let weights = (first..<Swift.max(end, first)).map { position in
            let distance = (Double(position) - centre + 0.5) / width
            return mode == .linear ? Swift.max(1 - abs(distance), 0) : Self.cubic(distance, -0.5)
        }
        let total = weights.reduce(0, +)
        return weights.enumerated().map { (first + $0, total == 0 ? 0 : $1 / total) }
    }

    /// The cubic convolution kernel with parameter `a`. Source: Keys, "Cubic Convolution Interpolation for Digital Image
    /// Processing", 1981.
    private static func cubic(_ distance: Double, _ a: Double) -> Double {
        let x = abs(distance)
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
}

extension Resampling: AttributeRecord {
    /// A factor of 0 stands for none.
    var attributes: Attributes {
        [
            "size": size, "outputs": outputs, "factor": factor ?? 0, "mode": mode.rawValue,
            "alignCorners": alignCorners, "antialias": antialias,
        ]
    }

    init(_ attributes: Attributes) throws(AttributeError) {
        let (factor, name): (Double, String) = (try attributes["factor"], try attributes["mode"])
        guard let mode = InterpolationMode(rawValue: name) else {
            throw AttributeError("unknown interpolation '\(name)'")
        }
        self.init(
            size: try attributes["size"], outputs: try attributes["outputs"], factor: factor == 0 ? nil : factor,
            mode: mode, alignCorners: try attributes["alignCorners"], antialias: try attributes["antialias"])
        guard size > 0, outputs > 0, outputs <= Int(Int32.max), size <= Int(Int32.max) else {
            throw AttributeError("sizes in 1...\(Int32.max) are expected, not \(size) and \(outputs)")
        }
    }
}
