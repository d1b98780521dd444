import HearthTensor

/// Operators that make tensors of attributes, numbers and shapes.
enum Constants {
    static let rows: OperatorRows = [
        "Constant": constant,
        "ConstantOfShape": { n in
            let (value, type) = try fillValue(n)
            let shape = try n.shape(n.ints(0), value.dtype)
            return n.output(value.reshape([]).expand(to: shape).contiguous(), type)
        },
        "Range": range,
        "EyeLike": eyeLike,
        "OneHot": oneHot,
        "Trilu": { n in
            let x = try n[0]
            try n.check(x.rank >= 2, "2 dimensions and more", "\(x.rank)")
            let limit = 1 << 32
            let k = min(max(try n.integer(1) ?? 0, -limit), limit)
            let numbers = x.dtype == .bool ? x.to(.uint8) : x
            let part = n.bool("upper", true) ? numbers.triu(diagonal: k) : numbers.tril(diagonal: k)
            return n.like(0, part.to(x.dtype))
        },
    ]

    private static func constant(_ n: NodeContext) throws -> [Value] {
        // What has its value in the file is read with the model; here it comes from the call of a function.
        let files = ExternalFiles(besideModel: nil)
        if let tensor = n.attributes["value"]?.t { return [try tensor.value(files)] }
        if let sparse = n.attributes["sparse_value"]?.sparseTensor { return [try sparse.value(files)] }
        if let value = n.int("value_int") { return n.output(n.integers([value]).reshape([]), .int64) }
        if let values = n.intList("value_ints") { return n.output(n.integers(values), .int64) }
        if let value = n.attributes["value_float"]?.f { return n.output(Tensor(value, device: .cpu), .float32) }
        if let values = n.attributes["value_floats"]?.floats {
            return n.output(Tensor(values, shape: [values.count], device: .cpu), .float32)
        }
        throw n.error("a constant of numbers", "none")
    }

    private static func fillValue(_ n: NodeContext) throws -> (Tensor, ElementType) {
        guard let proto = n.attributes["value"]?.t else {
            return (Tensor.zeros([], dtype: .float32, device: .cpu), .float32)
        }
        guard case .tensor(let tensor, let type) = try proto.value(ExternalFiles(besideModel: nil)), tensor.count == 1
        else { throw n.error("one number as 'value'", "another number of them") }
        return (tensor, type)
    }

    private static func range(_ n: NodeContext) throws -> [Value] {
        let type = n.type(0)
        let dtype = try n[0].dtype
        let device = try n[0].device
        if dtype.isInteger {
            guard let start = try n.integer(0), let end = try n.integer(1), let step = try n.integer(2) else {
                throw n.error("a start, a limit and a step", "fewer")
            }
            try n.check(step != 0, "a step", "0")
            let count = ((Double(end) - Double(start)) / Double(step)).rounded(.up)
            let number = max(try n.whole(count), 0)
            _ = try n.shape([number], dtype)
            return n.output((Tensor.arange(number, device: device) * step + start).to(dtype), type)
        }
        guard let start = try n.number(0), let end = try n.number(1), let step = try n.number(2) else {
            throw n.error("a start, a limit and a step", "fewer")
        }
        let count = max(try n.whole(((end - start) / step).rounded(.up)), 0)
        let places = Tensor.arange(try n.shape([count], dtype)[0], dtype: .float64, device: device)
        return n.output((places * step + start).to(dtype), type)
    }

    private static func eyeLike(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let type = try n.elementType("dtype") ?? n.type(0)
        guard x.rank == 2, let dtype = type.dtype else { throw n.error("a matrix", "\(x.shape)") }
        let (rows, columns) = (
            Tensor.arange(x.shape[0], device: x.device), Tensor.arange(x.shape[1], device: x.device)
        )
        let k = min(max(n.int("k", 0), -1 << 40), 1 << 40)
        return n.output((rows.unsqueeze(1) + k == columns.unsqueeze(0)).to(dtype), type)
    }

    private static func oneHot(_ n: NodeContext) throws -> [Value] {
        let (index, values) = (try n[0], try n[2])
        guard let depth = try n.number(1) else { throw n.error("a depth", "none") }
        try n.check(values.shape == [2], "two values", "\(values.shape)")
        let count = try n.whole(depth)
        let axis = try n.axis(n.int("axis", -1), rank: index.rank + 1)
        _ = try n.shape(Array(index.shape) + [count], values.dtype)
        let places = index.to(.int64).unsqueeze(axis)
        let wrapped = Tensor.where(places < 0, places + count, places)
        var shape = Shape(repeating: 1, count: index.rank + 1)
        shape[axis] = count
        let classes = Tensor.arange(count, device: index.device).reshape(shape)
        return n.output(Tensor.where(wrapped == classes, values.select(0, 1), values.select(0, 0)), n.type(2))
    }
}
