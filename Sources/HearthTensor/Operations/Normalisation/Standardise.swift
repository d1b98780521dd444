/// `(x - mean) / sqrt(variance + epsilon) * weight + bias` by groups. Operands are x, the mean and the variance of each
/// group, then weight and bias where they are there.
struct Standardise: TensorOperation {
    static let name = "standardise"
    let groups: Groups
    let epsilon: Double
    /// True when mean and variance are those of `x`, so that its gradient goes through them too.
    let follows: Bool
    /// False when nothing is subtracted and the variance is the mean square.
    let centred: Bool
    let hasWeight: Bool
    let hasBias: Bool

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x.allSatisfy({ $0.dtype == x[0].dtype }) else { throw ShapeError("dtypes must be equal") }
        guard x[1].shape == [groups.count], x[2].shape == [groups.count] else {
            throw ShapeError("mean and variance must have \(groups.count) elements")
        }
        let count = groups.affineCount
        for i in 3..<x.count where x[i].count != count {
            throw ShapeError("weight and bias must have \(count) elements")
        }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        for i in 0..<(hasWeight ? 4 : 3) { kept.append(x[i]) }
        return x.backend.standardise(
            x[0], groups, mean: x[1], scale: scale(of: x[2], epsilon), weight: hasWeight ? x[3] : nil,
            bias: hasBias ? x[x.count - 1] : nil)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let (x, mean, variance, weight) = (kept[0], kept[1], kept[2], hasWeight ? kept[3] : nil)
        if isGradEnabled { return composed(g, x, mean, variance, weight) }
        let input =
            kept.needs(0)
            ? apply(
                StandardiseGradient(groups: groups, epsilon: epsilon, follows: follows, centred: centred),
                to: [g, x, mean, variance] + (weight.map { [$0] } ?? [])) : nil
        guard hasWeight || hasBias else { return gradients(input, nil, nil) }
        let sums = apply(StandardiseSums(groups: groups, epsilon: epsilon), to: [g, x, mean, variance])
        return gradients(input, sums.select(0, 0), sums.select(0, 1))
    }

    /// In the order of the operands: mean and variance are no functions here, and the sums get the shape of weight and
    /// bias where they are added to them.
    private func gradients(_ input: Tensor?, _ weight: Tensor?, _ bias: Tensor?) -> Gradients {
        Gradients([input, nil, nil] + (hasWeight ? [weight] : []) + (hasBias ? [bias] : []))
    }

    /// The same derivative made of operations, which can be differentiated again.
    private func composed(_ g: Tensor, _ x: Tensor, _ mean: Tensor, _ variance: Tensor, _ weight: Tensor?) -> Gradients
    {
        let blocks = groups.blocks
        let along: Shape = [1, groups.count, 1]
        let xs = x.reshape(blocks)
        let gs = g.reshape(groups.affineBlocks)
        let weighted = (weight.map { gs * $0.reshape(groups.affinePlaces) } ?? gs).reshape(blocks)
        var (centre, factor) = (mean.reshape(along), (variance + epsilon).rsqrt().reshape(along))
        if follows {
            // Mean and scale as functions of x, with the values that they have.
            centre = centred ? xs.mean(dims: [0, 2], keepDim: true) : centre
            let spread = (xs - centre).square().mean(dims: [0, 2], keepDim: true)
            factor = (spread + epsilon).rsqrt()
        }
        let standard = (xs - centre) * factor
        var input = weighted
        if follows {
            if centred { input = input - weighted.mean(dims: [0, 2], keepDim: true) }
            input = input - standard * (weighted * standard).mean(dims: [0, 2], keepDim: true)
        }
        input = (input * factor).reshape(x.shape)
        guard hasWeight || hasBias else { return gradients(input, nil, nil) }
        let ofBias = gs.sum(dims: groups.affineShared).reshape([-1])
        let ofWeight = weight.map { _ in
            (gs * standard.reshape(groups.affineBlocks)).sum(dims: groups.affineShared).reshape([-1])
        }
        return gradients(input, ofWeight, ofBias)
    }
}

extension Standardise {
    var attributes: Attributes {
        [
            "groups": groups, "epsilon": epsilon, "follows": follows, "centred": centred, "hasWeight": hasWeight,
            "hasBias": hasBias,
        ]
    }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            groups: try attributes["groups"], epsilon: try attributes["epsilon"], follows: try attributes["follows"],
            centred: try attributes["centred"], hasWeight: try attributes["hasWeight"],
            hasBias: try attributes["hasBias"])
    }
}

/// The derivative of `Standardise` by its input. Operands are the gradient, the input, mean, variance and the weight.
struct StandardiseGradient: TensorOperation {
    static let name = "standardise_backward"
    let groups: Groups
    let epsilon: Double
    let follows: Bool
    let centred: Bool

    func result(of x: Operands) -> Spec { x[1].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.standardiseGradient(
            x[0], x[1], groups, mean: x[2], scale: scale(of: x[3], epsilon), weight: x.count > 4 ? x[4] : nil,
            follows: follows, centred: centred)
    }

    /// Derivatives of derivatives are taken of the derivative made of other operations.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension StandardiseGradient {
    var attributes: Attributes {
        ["groups": groups, "epsilon": epsilon, "follows": follows, "centred": centred]
    }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            groups: try attributes["groups"], epsilon: try attributes["epsilon"], follows: try attributes["follows"],
            centred: try attributes["centred"])
    }
}

/// The derivatives of `Standardise` by weight and bias, `[2, count]`. Operands are the gradient, the input, mean and
/// variance.
struct StandardiseSums: TensorOperation {
    static let name = "standardise_sums"
    let groups: Groups
    let epsilon: Double

    func result(of x: Operands) -> Spec { Spec([2, groups.affineCount], x[0].dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.standardiseSums(x[0], x[1], groups, mean: x[2], scale: scale(of: x[3], epsilon))
    }

    /// Derivatives of derivatives are taken of the derivative made of other operations.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension StandardiseSums {
    var attributes: Attributes { ["groups": groups, "epsilon": epsilon] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(groups: try attributes["groups"], epsilon: try attributes["epsilon"])
    }
}

/// The mean of each group in one row and its biased variance in the next; unless `centred` 0 and the mean square.
struct Moments: TensorOperation {
    static let name = "moments"
    let groups: Groups
    let centred: Bool

    func result(of x: Operands) -> Spec { Spec([2, groups.count], x[0].dtype) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.moments(x[0], groups, centred: centred)
    }

    /// What follows from them is differentiated by the operations that use them.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension Moments {
    var attributes: Attributes { ["groups": groups, "centred": centred] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(groups: try attributes["groups"], centred: try attributes["centred"])
    }
}

/// One over the standard deviation, made in here since a kernel reads it for every element.
private func scale(of variance: Tensor, _ epsilon: Double) -> Tensor { (variance + epsilon).rsqrt() }

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
        let moments = statistics == nil ? apply(Moments(groups: groups, centred: centred), to: detach()) : nil
        let mean = statistics?.mean.detach() ?? moments!.select(0, 0)
        let variance = statistics?.variance.detach() ?? moments!.select(0, 1)
        let operation = Standardise(
            groups: groups, epsilon: epsilon, follows: statistics == nil, centred: centred, hasWeight: weight != nil,
            hasBias: bias != nil)
        // One number for each element of weight and bias, whatever their shape.
        let affine = [weight, bias].compactMap { $0?.reshape([-1]) }
        return (apply(operation, to: [self, mean, variance] + affine), mean, variance)
    }
}
