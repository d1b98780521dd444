import HearthTensor

/// One direction of a recurrent layer: its weights, activations and options.
struct RecurrentRule {
    enum Kind {
        case plain, gru, lstm

        /// How many numbers of a product belong to one unit.
        var gates: Int {
            switch self {
            case .plain: 1
            case .gru: 3
            case .lstm: 4
            }
        }

        /// The activations of one direction where the node says nothing.
        var activations: [String] {
            switch self {
            case .plain: ["Tanh"]
            case .gru: ["Sigmoid", "Tanh"]
            case .lstm: ["Sigmoid", "Tanh", "Tanh"]
            }
        }
    }

    private let kind: Kind
    private let units: Int
    private let weight: Tensor
    private let recurrence: Tensor
    private let inputBias: Tensor
    private let stateBias: Tensor
    private let peepholes: Tensor?
    private let activations: [(Tensor) -> Tensor]
    private let clip: Double?
    private let isLinearFirst: Bool
    private let couplesForget: Bool
    /// Which of the fused layers computes the same; nil when none does.
    private let fused: RecurrentCell?

    init(
        _ n: NodeContext, _ kind: Kind, number: Int, weight: Tensor, recurrence: Tensor, bias: Tensor?,
        peepholes: Tensor?
    ) throws {
        self.kind = kind
        self.weight = weight
        self.recurrence = recurrence
        self.peepholes = peepholes
        units = recurrence.shape[1]
        let size = kind.gates * units
        let biases = bias ?? Tensor.zeros([2 * size], dtype: weight.dtype, device: weight.device)
        try n.check(biases.shape == [2 * size], "\(2 * size) biases", "\(biases.shape)")
        (inputBias, stateBias) = (biases.narrow(0, start: 0, length: size), biases.narrow(0, start: size, length: size))
        clip = n.float("clip").flatMap { $0 > 0 ? $0 : nil }
        isLinearFirst = n.bool("linear_before_reset")
        couplesForget = n.bool("input_forget")
        let count = kind.activations.count
        let all = n.textList("activations") ?? []
        let given = Array(all.dropFirst(number * count).prefix(count))
        let names = given.count == count ? given : kind.activations
        let (alphas, betas) = (n.floatList("activation_alpha") ?? [], n.floatList("activation_beta") ?? [])
        activations = try names.enumerated().map { i, name in
            let place = number * count + i
            return try Self.activation(
                name, place < alphas.count ? alphas[place] : nil, place < betas.count ? betas[place] : nil, n)
        }
        let isStandard = names.map { $0.lowercased() } == kind.activations.map { $0.lowercased() }
        let isPlain = isStandard && clip == nil && peepholes == nil && !couplesForget && weight.dtype == .float32
        switch kind {
        case .plain: fused = isPlain ? .tanh : nil
        case .gru: fused = isPlain && isLinearFirst ? .gru : nil
        case .lstm: fused = isPlain ? .lstm : nil
        }
    }

    private static func activation(
        _ name: String, _ alpha: Double?, _ beta: Double?, _ n: NodeContext
    ) throws -> (Tensor) -> Tensor {
        switch name.lowercased() {
        case "tanh": return { $0.tanh() }
        case "sigmoid": return { $0.sigmoid() }
        case "relu": return { $0.relu() }
        case "affine": return { $0 * (alpha ?? 1) + (beta ?? 0) }
        case "leakyrelu": return { $0.leakyReLU(slope: alpha ?? 0.01) }
        case "thresholdedrelu": return { x in x.maskedFill(x <= (alpha ?? 1), with: 0) }
        case "scaledtanh": return { ($0 * (beta ?? 1)).tanh() * (alpha ?? 1) }
        case "hardsigmoid": return { ($0 * (alpha ?? 0.2) + (beta ?? 0.5)).clamp(min: 0, max: 1) }
        case "elu": return { $0.elu(alpha: alpha ?? 1) }
        case "softsign": return { $0.softsign() }
        case "softplus": return { $0.softplus() }
        default: throw n.error("an activation of recurrent layers", "'\(name)'")
        }
    }

    /// All states and the last ones. `x` is `[length, batch, in]`; sequences end at their lengths, with zeros behind.
    func walk(
        _ x: Tensor, h: Tensor, c: Tensor?, lengths: Tensor?, isReversed: Bool
    ) -> (y: Tensor, h: Tensor, c: Tensor?) {
        if lengths == nil, let fused, x.count > 0, units > 0 { return fusedWalk(fused, x, h, c, isReversed) }
        let order = isReversed ? reversal(x.shape[0], lengths, x) : nil
        func turned(_ t: Tensor) -> Tensor {
            order.map { t.gather(0, $0.unsqueeze(-1).expand(to: t.shape)) } ?? t
        }
        let products = turned(x).matmul(weight.t()) + inputBias
        var (h, c) = (h, c)
        var states: [Tensor] = []
        for step in 0..<x.shape[0] {
            let (next, nextCell) = self.step(products.select(0, step), h, c)
            guard let lengths else {
                (h, c) = (next, nextCell)
                states.append(h)
                continue
            }
            let isInside = (lengths > step).unsqueeze(1)
            states.append(Tensor.where(isInside, next, 0))
            h = Tensor.where(isInside, next, h)
            if let old = c, let nextCell { c = Tensor.where(isInside, nextCell, old) }
        }
        guard !states.isEmpty else {
            return (Tensor.zeros([0, x.shape[1], units], dtype: x.dtype, device: x.device), h, c)
        }
        return (turned(Tensor.stack(states)), h, c)
    }

    /// `[length, batch]`: the elements of each sequence from its last to its first, and what is behind where it is.
    private func reversal(_ length: Int, _ lengths: Tensor?, _ x: Tensor) -> Tensor {
        let place = Tensor.arange(length, device: x.device).unsqueeze(1)
        let ends = lengths?.unsqueeze(0) ?? Tensor.full([1, x.shape[1]], length, dtype: .int64, device: x.device)
        return Tensor.where(place < ends, ends - 1 - place, place)
    }

    private func clipped(_ x: Tensor) -> Tensor { clip.map { x.clamp(min: -$0, max: $0) } ?? x }

    private func step(_ product: Tensor, _ h: Tensor, _ c: Tensor?) -> (Tensor, Tensor?) {
        switch kind {
        case .plain:
            return (activations[0](clipped(product + h.matmul(recurrence.t()) + stateBias)), nil)
        case .gru: return (gruStep(product, h), nil)
        case .lstm: return lstmStep(product, h, c ?? h)
        }
    }

    /// Gates z, r and h.
    private func gruStep(_ product: Tensor, _ h: Tensor) -> Tensor {
        let inputs = product.chunk(3, dim: -1)
        let weights = recurrence.chunk(3)
        let biases = stateBias.chunk(3)
        guard inputs.count == 3, weights.count == 3, biases.count == 3 else { return h }
        let z = activations[0](clipped(inputs[0] + h.matmul(weights[0].t()) + biases[0]))
        let r = activations[0](clipped(inputs[1] + h.matmul(weights[1].t()) + biases[1]))
        let reset =
            isLinearFirst
            ? (h.matmul(weights[2].t()) + biases[2]) * r : (r * h).matmul(weights[2].t()) + biases[2]
        let next = activations[1](clipped(inputs[2] + reset))
        return (1 - z) * next + z * h
    }

    /// Gates i, o, f and c.
    private func lstmStep(_ product: Tensor, _ h: Tensor, _ c: Tensor) -> (Tensor, Tensor?) {
        let gates = (product + h.matmul(recurrence.t()) + stateBias).chunk(4, dim: -1)
        guard gates.count == 4 else { return (h, c) }
        let views = peepholes?.chunk(3) ?? []
        func seen(_ gate: Tensor, _ number: Int, _ cell: Tensor) -> Tensor {
            clipped(views.count == 3 ? gate + views[number] * cell : gate)
        }
        let i = activations[0](seen(gates[0], 0, c))
        let f = couplesForget ? 1 - i : activations[0](seen(gates[2], 2, c))
        let next = f * c + i * activations[1](clipped(gates[3]))
        let o = activations[0](seen(gates[1], 1, next))
        return (o * activations[2](clipped(next)), next)
    }

    // MARK: Fused

    /// Rows of gates in the order of the fused layers.
    private func reordered(_ x: Tensor) -> Tensor {
        let parts = x.split(units)
        switch kind {
        case .plain: return x
        case .gru: return Tensor.cat([parts[1], parts[0], parts[2]])
        case .lstm: return Tensor.cat([parts[0], parts[2], parts[3], parts[1]])
        }
    }

    private func fusedWalk(
        _ cell: RecurrentCell, _ x: Tensor, _ h: Tensor, _ c: Tensor?, _ isReversed: Bool
    ) -> (y: Tensor, h: Tensor, c: Tensor?) {
        let (length, batch) = (x.shape[0], x.shape[1])
        let layer = Recurrence(
            cell, batchSizes: Array(repeating: batch, count: length), isReversed: isReversed)
        let weights = RecurrentWeights(
            input: reordered(weight), hidden: reordered(recurrence),
            biases: (input: reordered(inputBias), hidden: reordered(stateBias)))
        let result = layer(
            x.reshape([length * batch, x.shape[2]]), h: h.contiguous(), c: c.map { $0.contiguous() }, weights)
        return (result.output.reshape([length, batch, units]), result.h, result.c)
    }
}
