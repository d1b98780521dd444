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
    /// The shape of weight and bias.
    let affine: Shape

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let count = groups.affineCount
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
        let (ofWeight, ofBias) = (sums.weight.view(Layout(affine)), sums.bias.view(Layout(affine)))
        return Gradients(input, hasWeight ? ofWeight : ofBias, ofBias)
    }

    /// The same derivative made of operations, which can be differentiated again.
    private func composed(_ g: Tensor, _ x: Tensor, _ weight: Tensor?) -> Gradients {
        let blocks = groups.blocks
        let along: Shape = [1, groups.count, 1]
        let xs = x.reshape(blocks)
        let gs = g.reshape(groups.affineBlocks)
        let weighted = (weight.map { gs * $0.reshape(groups.affinePlaces) } ?? gs).reshape(blocks)
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
        input = (input * factor).reshape(x.shape)
        guard hasWeight || hasBias else { return Gradients(input) }
        let ofBias = gs.sum(dims: groups.affineShared).reshape(affine)
        let ofWeight = weight.map { _ in
            (gs * standard.reshape(groups.affineBlocks)).sum(dims: groups.affineShared).reshape(affine)
        }
        return Gradients(input, ofWeight ?? ofBias, ofBias)
    }
}

extension Tensor {
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
            centred: centred, hasWeight: weight != nil, hasBias: bias != nil,
            affine: weight?.shape ?? bias?.shape ?? [])
        let result: Tensor
        switch (weight, bias) {
        case (let weight?, let bias?): result = apply(operation, to: self, weight, bias)
        case (let one?, nil), (nil, let one?): result = apply(operation, to: self, one)
        case (nil, nil): result = apply(operation, to: self)
        }
        return (result, mean, variance)
    }
}
