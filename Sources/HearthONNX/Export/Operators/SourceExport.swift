import HearthGraph
import HearthTensor

extension ExportTable {
    static let sources: [String: ExportRule] = [
        "full": { n in
            let dtype = try n.arguments.dtype("dtype")
            return try filled(n, try n.number(n.arguments.argument("value"), dtype))
        },
        "empty": { n in try filled(n, n.draft.number(0, try n.arguments.dtype("dtype"))) },
        "integers": { n in try n.sizes.vector(try n.arguments.sizes("values")) },
        "arange": { n in
            let dtype = try n.arguments.dtype("dtype")
            let (start, step) = (try n.arguments.argument("start"), try n.arguments.argument("step"))
            let places = try n.sizes.range(try n.arguments.size("count"))
            if start == .size(0), step == .size(1) { return places.to(dtype) }
            // In float64, since that is how Hearth counts what does not end as whole numbers.
            let type: DType = dtype.isFloatingPoint ? .float64 : .int64
            return (places.to(type) * (try n.number(step, type)) + (try n.number(start, type))).to(dtype)
        },
    ]

    /// A value everywhere in the shape that an operation has as an attribute.
    private static func filled(_ n: ExportNode, _ value: ExportValue) throws -> ExportValue {
        let shape = try n.arguments.sizes("shape")
        if shape.isEmpty { return value }
        n.exporter.expansions[n.result.id] = (value, [])
        return value.with("Expand", try n.sizes.vector(shape))
    }

    static let randomness: [String: ExportRule] = [
        "dropout": { n in n[0].dropped(try n.arguments.number("probability")) },
        "uniform": { n in
            try random(
                n, "RandomUniformLike",
                ["low": .float(try n.arguments.number("low")), "high": .float(try n.arguments.number("high"))])
        },
        "normal": { n in
            try random(
                n, "RandomNormalLike",
                ["mean": .float(try n.arguments.number("mean")), "scale": .float(try n.arguments.number("std"))])
        },
        "randint": { n in
            let (low, high) = (try n.arguments.number("low"), try n.arguments.number("high"))
            let numbers = try random(n, "RandomUniformLike", ["low": .float(low), "high": .float(high)], .float32)
            return numbers.then("Floor").to(try n.arguments.dtype("dtype"))
        },
        "bernoulli": { n in
            let numbers = try random(n, "RandomUniformLike", ["low": .float(0), "high": .float(1)], .float32)
            return numbers.compared("Less", try n.arguments.number("probability")).to(try n.arguments.dtype("dtype"))
        },
        "exponential": { n in
            // 1 - u is never 0.
            let numbers = try random(n, "RandomUniformLike", ["low": .float(0), "high": .float(1)])
            return -((1 - numbers).then("Log") / (try n.arguments.number("rate")))
        },
        "randperm": { n in
            let count = try n.sizes.vector([try n.arguments.size("count")])
            let zeros = n.draft.number(0, .float32).with("Expand", count)
            let numbers = n.draft.add("RandomUniformLike", [zeros], ["dtype": .int(ElementType.float32.rawValue)])
            return n.draft.add("TopK", [numbers, count], ["axis": 0], results: [.float32, .int64])[1]
        },
    ]

    /// Random numbers of the shape that an operation has as an attribute.
    private static func random(
        _ n: ExportNode, _ operatorName: String, _ attributes: KeyValuePairs<String, ExportAttribute>,
        _ type: DType? = nil
    ) throws -> ExportValue {
        let dtype = try type ?? n.arguments.dtype("dtype")
        let zeros = n.draft.number(0, dtype).with("Expand", try n.sizes.vector(try n.arguments.sizes("shape")))
        return n.draft.add(operatorName, [zeros], attributes, dtype: dtype)
    }
}

extension ExportValue {
    /// The value with elements set to 0 at random, as in training.
    func dropped(_ probability: Double) -> ExportValue {
        let isTraining = draft.constant(Tensor([true], shape: [], device: .cpu))
        return draft.add("Dropout", [self, draft.number(probability, .float32), isTraining])
    }
}
