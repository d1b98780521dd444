import HearthTensor

extension PatternSearch {
    /// A layer normalisation or RMS normalisation that was taken apart, with its weight and bias where it has them.
    func normalisation(_ id: Int) -> FoundPattern? {
        guard isWide(id) else { return nil }
        if let (scaled, bias) = affine(id, "add"), let (inner, weight) = affine(scaled, "mul"),
            let found = standardised(inner), found.isCentred, has(found.sizes, weight), has(found.sizes, bias)
        {
            return FoundPattern(name: "layer_norm", operands: [found.x, weight, bias]) {
                $0[0].layerNorm(found.shape, weight: $0[1], bias: $0[2], epsilon: found.epsilon)
            }
        }
        if let (inner, weight) = affine(id, "mul"), let found = standardised(inner), has(found.sizes, weight) {
            return FoundPattern(name: found.name, operands: [found.x, weight]) {
                found.isCentred
                    ? $0[0].layerNorm(found.shape, weight: $0[1], epsilon: found.epsilon)
                    : $0[0].rmsNorm(found.shape, weight: $0[1], epsilon: found.epsilon)
            }
        }
        guard let found = standardised(id) else { return nil }
        return FoundPattern(name: found.name, operands: [found.x]) {
            found.isCentred
                ? $0[0].layerNorm(found.shape, epsilon: found.epsilon)
                : $0[0].rmsNorm(found.shape, epsilon: found.epsilon)
        }
    }

    /// `(x - mean) / sqrt(variance + epsilon)` over the last dimensions; without the mean, by the mean square.
    private struct Standardised {
        let x: Int
        let sizes: [Int]
        let epsilon: Double
        let isCentred: Bool

        var shape: Shape { Shape(sizes) }
        var name: String { isCentred ? "layer_norm" : "rms_norm" }
    }

    private func standardised(_ id: Int) -> Standardised? {
        guard let (x, inside) = dividedByRoot(id), let (epsilon, variance) = number(inside, of: "add"),
            let mean = mean(variance), product(mean.x) == (1, [x, x])
        else { return nil }
        if let difference = operands(x, of: "sub"), let centre = self.mean(shown(difference[1])),
            centre == (difference[0], mean.sizes)
        {
            return Standardised(x: difference[0], sizes: mean.sizes, epsilon: epsilon, isCentred: true)
        }
        return Standardised(x: x, sizes: mean.sizes, epsilon: epsilon, isCentred: false)
    }

    /// A value that is divided by a root, and what the root is of.
    private func dividedByRoot(_ id: Int) -> (x: Int, inside: Int)? {
        if let quotient = operands(id, of: "div"), let inside = operands(shown(quotient[1]), of: "sqrt") {
            return (quotient[0], inside[0])
        }
        guard let factors = operands(id, of: "mul") else { return nil }
        for (x, factor) in [(factors[0], factors[1]), (factors[1], factors[0])] {
            let factor = shown(factor)
            if let inside = operands(factor, of: "rsqrt") { return (x, inside[0]) }
            if let (exponent, inside) = number(factor, of: "pow"), exponent == -0.5 { return (x, inside) }
            if let root = operands(factor, of: "reciprocal"), let inside = operands(root[0], of: "sqrt") {
                return (x, inside[0])
            }
        }
        return nil
    }

    /// The mean of a value over its last dimensions, which stay with size 1; and their sizes.
    package func mean(_ id: Int) -> (x: Int, sizes: [Int])? {
        let (number, values) = product(id)
        guard values.count == 1, let (operation, operands) = graph.node(values[0])?.operation,
            operation.name == "sum", let axes = operation["dims"]?.integers?.sorted(),
            let shape = graph.node(operands[0])?.shape, axes == Array(shape.count - axes.count..<shape.count)
        else { return nil }
        let sizes = axes.compactMap { shape[$0].fixed }
        guard sizes.count == axes.count, !sizes.isEmpty, number.isNearly(1 / Double(sizes.reduce(1, *))) else {
            return nil
        }
        return (operands[0], sizes)
    }

    /// The operands of a function of a value and a row for all of it.
    private func affine(_ id: Int, _ name: String) -> (inner: Int, row: Int)? {
        guard let operands = operands(id, of: name) else { return nil }
        let rank = { graph.node(shown($0))?.shape.count ?? 0 }
        return rank(operands[0]) >= rank(operands[1])
            ? (operands[0], shown(operands[1])) : (operands[1], shown(operands[0]))
    }

    private func has(_ sizes: [Int], _ row: Int) -> Bool { graph.node(row)?.shape == sizes.map { .fixed($0) } }
}
