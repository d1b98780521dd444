import HearthTensor

/// Operators of Microsoft's domain that exporters and ONNX Runtime's optimiser write.
enum Microsoft {
    static let rows: OperatorRows = [
        "FusedMatMul": fusedProduct,
        "FusedGemm": { n in
            let y = try n.run(standard: "Gemm")
            return n.like(0, try activated(n, y, n.floatList("activation_params")))
        },
        "FusedConv": { n in
            var y = try Convolutions.convolve(n, n[0], n[1], n.optional(2))
            if let added = try n.optional(3) { y = y + added }
            return n.like(0, try activated(n, y, n.floatList("activation_params")))
        },
        "Gelu": { n in n.like(0, try n[0].gelu()) },
        "FastGelu": { n in n.like(0, try biased(n).gelu(approximate: .tanh)) },
        "BiasGelu": { n in n.like(0, try biased(n).gelu()) },
        "QuickGelu": { n in n.like(0, Activations.swish(try n[0], n.float("alpha", 1.702))) },
        "BiasSplitGelu": { n in
            let halves = try biased(n).chunk(2, dim: -1)
            try n.check(halves.count == 2, "two halves", "\(halves.count)")
            return n.like(0, halves[0] * halves[1].gelu())
        },
        "LayerNormalization": { n in [.tensor(try n.run(standard: "LayerNormalization"), n.type(0))] },
        "SimplifiedLayerNormalization": simplified,
        "SkipLayerNormalization": skipLayer,
        "SkipSimplifiedLayerNormalization": skipSimplified,
        "EmbedLayerNormalization": embed,
        "Inverse": { n in n.like(0, try n[0].inverse()) },
    ]

    /// Written by exporters into the standard's domain, though it is not of the standard.
    static let standardRows: OperatorRows = ["SimplifiedLayerNormalization": simplified]

    private static func biased(_ n: NodeContext) throws -> Tensor {
        let x = try n[0]
        return try n.optional(1).map { x + $0 } ?? x
    }

    private static func activated(_ n: NodeContext, _ x: Tensor, _ given: [Double]?) throws -> Tensor {
        let parameters = given ?? []
        func parameter(_ i: Int, _ standard: Double) -> Double { i < parameters.count ? parameters[i] : standard }
        switch n.text("activation", "") {
        case "": return x
        case "Relu": return x.relu()
        case "Tanh": return x.tanh()
        case "Sigmoid": return x.sigmoid()
        case "LeakyRelu":
            return x.leakyReLU(slope: parameter(0, n.float("activation_alpha", 0.01)))
        case "Clip": return x.clamp(min: parameter(0, -.infinity), max: parameter(1, .infinity))
        case "HardSigmoid": return (x * parameter(0, 0.2) + parameter(1, 0.5)).clamp(min: 0, max: 1)
        case let other: throw n.error("an activation that Hearth knows", "'\(other)'")
        }
    }

    private static func fusedProduct(_ n: NodeContext) throws -> [Value] {
        func turned(_ x: Tensor, _ name: String) -> Tensor {
            guard x.rank >= 2 else { return x }
            // The first dimension goes in front of the last but one.
            let x = n.bool("transBatch\(name)") ? x.moveDim(0, to: x.rank - 2) : x
            return n.bool("trans\(name)") ? x.mT : x
        }
        let y = turned(try n[0], "A").matmul(turned(try n[1], "B"))
        let alpha = n.float("alpha", 1)
        return n.like(0, alpha == 1 ? y : y * alpha)
    }

    /// The root mean square normalisation over the dimensions from `axis` on, in float32.
    private static func rms(_ n: NodeContext, _ x: Tensor, _ scale: Tensor, axis: Int) -> (y: Tensor, inverse: Tensor) {
        let wide = x.dtype == .float64 ? x : x.to(.float32)
        let mean = wide.square().mean(dims: Array(axis..<x.rank), keepDim: true)
        let inverse = (mean + n.float("epsilon", 1e-5)).rsqrt()
        return ((wide * inverse).to(x.dtype) * scale, inverse)
    }

    private static func simplified(_ n: NodeContext) throws -> [Value] {
        let (x, scale) = (try n[0], try n[1])
        let axis = try n.axis(n.int("axis", -1), rank: x.rank)
        let result = rms(n, x, scale, axis: axis)
        return n.like(0, result.y) + n.native(result.inverse)
    }

    private static func skipLayer(_ n: NodeContext) throws -> [Value] {
        var sum = try n[0] + n[1]
        if let bias = try n.optional(4) { sum = sum + bias }
        try n.check(sum.rank > 0, "1 dimension and more", "0")
        let wide = sum.dtype == .float64 ? sum : sum.to(.float32)
        let mean = wide.mean(dim: -1, keepDim: true)
        let centred = wide - mean
        let inverse = (centred.square().mean(dim: -1, keepDim: true) + n.float("epsilon", 1e-12)).rsqrt()
        var y = (centred * inverse).to(sum.dtype) * (try n[2])
        if let beta = try n.optional(3) { y = y + beta }
        return n.like(0, y) + n.native(mean, inverse) + n.like(0, sum)
    }

    private static func skipSimplified(_ n: NodeContext) throws -> [Value] {
        var sum = try n[0] + n[1]
        if let bias = try n.optional(3) { sum = sum + bias }
        try n.check(sum.rank > 0, "1 dimension and more", "0")
        let result = rms(n, sum, try n[2], axis: sum.rank - 1)
        let mean = sum.to(result.inverse.dtype).mean(dim: -1, keepDim: true)
        return n.like(0, result.y) + n.native(mean, result.inverse) + n.like(0, sum)
    }

    /// Words, positions and segments embedded, added and normalised.
    private static func embed(_ n: NodeContext) throws -> [Value] {
        let (words, table, positions) = (try n[0].to(.int64), try n[2], try n[3])
        try n.check(words.rank == 2 && table.rank == 2, "[batch, length] words", "\(words.shape)")
        func rows(_ table: Tensor, _ index: Tensor) -> Tensor {
            table.indexSelect(0, index.reshape([-1])).reshape(Shape(Array(index.shape) + [table.shape[-1]]))
        }
        let places =
            try n.optional(8)?.to(.int64) ?? Tensor.arange(words.shape[1], device: words.device).unsqueeze(0)
        var sum = rows(table, words) + rows(positions, places)
        if let segments = try n.optional(1), let embedding = try n.optional(4) {
            sum = sum + rows(embedding, segments.to(.int64))
        }
        let y = sum.layerNorm(
            [table.shape[1]], weight: try n[5], bias: try n[6], epsilon: n.float("epsilon", 1e-12))
        // How many words of each row count.
        let lengths =
            try n.optional(7)?.to(.int32).sum(dim: 1, dtype: .int32)
            ?? Tensor.zeros([words.shape[0]], dtype: .int32, device: words.device)
        return n.like(2, y) + n.output(lengths.to(.int32), .int32) + n.like(2, sum)
    }
}

extension NodeContext {
    /// The first output of the standard's operator of this name for the same node.
    fileprivate func run(standard name: String) throws -> Tensor {
        guard let function = OperatorTable.function("", name), let tensor = try function(self).first?.tensor else {
            throw error("a tensor", "none")
        }
        return tensor
    }
}
