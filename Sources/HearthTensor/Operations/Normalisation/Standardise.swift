/// `(x - mean) * scale * weight + bias` by groups, with a mean and a scale that follow from `x` or are given.
private struct Standardise: Operation {
    static let name = "standardise"
    let groups: Groups
    let mean: Tensor
    /// One over the deviation.
    let scale: Tensor
    /// True when mean and scale are those of `x`, so that its gradient goes through them too.
    let follows: Bool
    /// False when nothing is subtracted and the scale is that of the mean square.
    let centred: Bool
    let hasWeight: Bool
    let hasBias: Bool

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let count = groups.affineAlong ? groups.length : groups.count
        for i in 1..<x.count where x[i].count != count {
            throw ShapeError("weight and bias must have \(count) elements")
        }
        return x[0].spec
    }

    private func weight(_ x: Operands) -> Tensor? { hasWeight ? x[1] : nil }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        if hasWeight { kept.append(x[1]) }
        let bias = hasBias ? x[hasWeight ? 2 : 1] : nil
        return x.backend.standardise(
            x[0], groups, mean: mean, scale: scale, weight: weight(x), bias: bias)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (x, weight) = (kept[0], hasWeight ? kept[1] : nil)
        if isGradEnabled { return composed(g, x, weight) }
        let backend = x.device.backend
        let input =
            kept.needs(0)
            ? backend.standardiseGradient(
                g, x, groups, mean: mean, scale: scale, weight: weight, follows: follows, centred: centred) : nil
        guard hasWeight || hasBias else { return Gradients(input) }
        let sums = backend.standardiseSums(g, x, groups, mean: mean, scale: scale)
        return Gradients(input, hasWeight ? sums.weight.view(weight!.layoutOfShape) : sums.bias, sums.bias)
    }

    /// The same derivative made of operations, which can be differentiated again.
    private func composed(_ g: Tensor, _ x: Tensor, _ weight: Tensor?) -> Gradients {
        let blocks = groups.blocks
        let along: Shape = [1, groups.count, 1]
        let (xs, gs) = (x.reshape(blocks), g.reshape(blocks))
        let places: Shape = groups.affineAlong ? [1, 1, groups.length] : along
        let weighted = weight.map { gs * $0.reshape(places) } ?? gs
        var (centre, factor) = (mean.reshape(along), scale.reshape(along))
        if follows {
            // Mean and scale as functions of x, with the values that they have.
            centre = centred ? xs.mean(dims: [0, 2], keepDim: true) : centre
            let spread = (xs - centre).square().mean(dims: [0, 2], keepDim: true)
            let epsilon = scale.square().reciprocal().reshape(along) - spread.detach()
            factor = (spread + epsilon).rsqrt()
        }
        let standard = (xs - centre) * factor
        var input = weighted
        if follows {
            if centred { input = input - weighted.mean(dims: [0, 2], keepDim: true) }
            input = input - standard * (weighted * standard).mean(dims: [0, 2], keepDim: true)
        }
        let sums = groups.affineAlong ? [0, 1] : [0, 2]
        let ofBias = gs.sum(dims: sums)
        let ofWeight = weight.map { (gs * standard).sum(dims: sums).reshape($0.shape) }
        return Gradients((input * factor).reshape(x.shape), ofWeight ?? ofBias, ofBias)
    }
}

extension Tensor {
    fileprivate var layoutOfShape: Layout { Layout(shape) }

    /// This tensor standardised by groups with their own statistics, or with `statistics` that are given.
    ///
    /// Halves are computed in float32. The mean and the variance that were used are the second and third result.
    func standardised(
        _ groups: Groups, weight: Tensor?, bias: Tensor?, epsilon: Double, centred: Bool = true,
        statistics: (mean: Tensor, variance: Tensor)? = nil
    ) -> (result: Tensor, mean: Tensor, variance: Tensor) {
        if dtype.isHalf {
            let wide = to(.float32).standardised(
                groups, weight: weight?.to(.float32), bias: bias?.to(.float32), epsilon: epsilon, centred: centred,
                statistics: statistics.map { ($0.mean.to(.float32), $0.variance.to(.float32)) })
            return (wide.result.to(dtype), wide.mean, wide.variance)
        }
        let (mean, variance) = noGrad {
            if let statistics { return (statistics.mean.detach(), statistics.variance.detach()) }
            guard device != .meta else { return (Tensor.meta([groups.count]), Tensor.meta([groups.count])) }
            return device.backend.moments(detach(), groups, centred: centred)
        }
        let operation = Standardise(
            groups: groups, mean: mean, scale: noGrad { (variance + epsilon).rsqrt() }, follows: statistics == nil,
            centred: centred, hasWeight: weight != nil, hasBias: bias != nil)
        let result: Tensor
        switch (weight, bias) {
        case (let weight?, let bias?): result = apply(operation, to: self, weight, bias)
        case (let one?, nil), (nil, let one?): result = apply(operation, to: self, one)
        case (nil, nil): result = apply(operation, to: self)
        }
        return (result, mean, variance)
    }
}
