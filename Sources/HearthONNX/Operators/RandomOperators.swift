import HearthTensor

/// Operators that draw numbers. With a seed they are the same in every run.
enum RandomOperators {
    static let rows: OperatorRows = [
        "RandomNormal": { n in
            try draw(n, n.shape(n.intList("shape") ?? [], .float64), type(n, .float32), .cpu, normal)
        },
        "RandomUniform": { n in
            try draw(n, n.shape(n.intList("shape") ?? [], .float64), type(n, .float32), .cpu, uniform)
        },
        "RandomNormalLike": { n in try draw(n, n[0].shape, type(n, n.type(0)), n[0].device, normal) },
        "RandomUniformLike": { n in try draw(n, n[0].shape, type(n, n.type(0)), n[0].device, uniform) },
        "Bernoulli": { n in
            let type = try type(n, n.type(0))
            let drawn = Tensor.bernoulli(try n[0].to(.float32), generator: generator(n))
            return n.output(Conversions.convert(drawn, .float32, to: type), type)
        },
        "Multinomial": { n in
            let type = try type(n, .int32)
            let logs = try n[0]
            try n.check(logs.rank == 2 && logs.dtype.isFloatingPoint, "[batch, classes]", "\(logs.spec)")
            _ = try n.shape([logs.shape[0], n.int("sample_size", 1)], .float64)
            let drawn = Tensor.multinomial(
                logs.softmax(dim: 1), count: n.int("sample_size", 1), replacement: true, generator: generator(n))
            return n.output(Conversions.convert(drawn, .int64, to: type), type)
        },
        "Dropout": dropout,
    ]

    private static func type(_ n: NodeContext, _ standard: ElementType) throws -> ElementType {
        try n.elementType("dtype") ?? standard
    }

    private static func generator(_ n: NodeContext) -> Generator? {
        n.float("seed").map { Generator(seed: UInt64(Float($0).bitPattern)) }
    }

    private static func normal(_ n: NodeContext, _ shape: Shape, _ device: Device) -> Tensor {
        Tensor.randn(shape, device: device, generator: generator(n)) * n.float("scale", 1) + n.float("mean", 0)
    }

    private static func uniform(_ n: NodeContext, _ shape: Shape, _ device: Device) -> Tensor {
        let (low, high) = (n.float("low", 0), n.float("high", 1))
        return Tensor.rand(shape, device: device, generator: generator(n)) * (high - low) + low
    }

    private static func draw(
        _ n: NodeContext, _ shape: Shape, _ type: ElementType, _ device: Device,
        _ numbers: (NodeContext, Shape, Device) -> Tensor
    ) throws -> [Value] {
        n.output(Conversions.convert(numbers(n, shape, device), .float32, to: type), type)
    }

    /// What is dropped is chosen in training alone, which an input asks for since version 12.
    private static func dropout(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let isTraining =
            n.version >= 12 ? try n.flag(2) ?? false : n.version < 7 && !n.bool("is_test", true)
        let ratio = n.version >= 12 ? try n.number(1) ?? 0.5 : n.float("ratio", 0.5)
        let maskType: ElementType = n.version >= 10 ? .bool : n.type(0)
        guard isTraining, ratio > 0 else {
            return n.like(0, x) + n.output(Tensor.ones(like: x, dtype: maskType.dtype), maskType)
        }
        try n.check(ratio < 1, "a ratio below 1", "\(ratio)")
        let kept = Tensor.rand(x.shape, device: x.device, generator: generator(n)) >= ratio
        let mask = Conversions.convert(kept, .bool, to: maskType)
        return n.like(0, x * kept.to(x.dtype) / (1 - ratio)) + n.output(mask, maskType)
    }
}
