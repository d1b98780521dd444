// Tensors made from nothing. The default dtype is `float32`, of integers `int64`, as in PyTorch.
extension Tensor {
    /// Zeros.
    public static func zeros(_ shape: Shape, dtype: DType = .float32, device: Device = .default) -> Tensor {
        full(shape, 0, dtype: dtype, device: device)
    }
    /// Zeros.
    public static func zeros(_ sizes: Int..., dtype: DType = .float32, device: Device = .default) -> Tensor {
        zeros(Shape(sizes), dtype: dtype, device: device)
    }
    /// Ones.
    public static func ones(_ shape: Shape, dtype: DType = .float32, device: Device = .default) -> Tensor {
        full(shape, 1, dtype: dtype, device: device)
    }
    /// Ones.
    public static func ones(_ sizes: Int..., dtype: DType = .float32, device: Device = .default) -> Tensor {
        ones(Shape(sizes), dtype: dtype, device: device)
    }
    /// One value everywhere. Without a dtype: `bool`, `int64` or `float32`, after the kind of the value.
    public static func full(
        _ shape: Shape, _ value: some ScalarConvertible, dtype: DType? = nil, device: Device = .default
    ) -> Tensor {
        apply(Fill(shape: shape, dtype: dtype ?? value.scalar.defaultDType, value: value.scalar), on: device)
    }
    /// Elements that are not set: reading them before they are written gives arbitrary numbers.
    public static func empty(_ shape: Shape, dtype: DType = .float32, device: Device = .default) -> Tensor {
        apply(Empty(shape: shape, dtype: dtype), on: device)
    }
    /// A tensor without elements, on the `meta` device, to follow shapes with.
    public static func meta(_ shape: Shape, dtype: DType = .float32) -> Tensor { .meta(Spec(shape, dtype)) }

    /// Zeros of the shape, dtype and device of another tensor.
    public static func zeros(like other: Tensor, dtype: DType? = nil) -> Tensor {
        zeros(other.shape, dtype: dtype ?? other.dtype, device: other.device)
    }
    /// Ones of the shape, dtype and device of another tensor.
    public static func ones(like other: Tensor, dtype: DType? = nil) -> Tensor {
        ones(other.shape, dtype: dtype ?? other.dtype, device: other.device)
    }
    /// One value in the shape, dtype and device of another tensor.
    public static func full(like other: Tensor, _ value: some ScalarConvertible, dtype: DType? = nil) -> Tensor {
        full(other.shape, value, dtype: dtype ?? other.dtype, device: other.device)
    }
    /// Unset elements in the shape, dtype and device of another tensor.
    public static func empty(like other: Tensor, dtype: DType? = nil) -> Tensor {
        empty(other.shape, dtype: dtype ?? other.dtype, device: other.device)
    }

    /// The integers from 0 up to but without `end`: int64.
    public static func arange(_ end: Int, dtype: DType = .int64, device: Device = .default) -> Tensor {
        range(.int(0), .int(1), Swift.max(end, 0), dtype, device)
    }
    /// The integers from `start` up to but without `end`, `step` apart: int64.
    public static func arange(
        _ start: Int, _ end: Int, step: Int = 1, dtype: DType = .int64, device: Device = .default
    ) -> Tensor {
        if step == 0 { stop("arange", "the step must not be 0") }
        let count = step == 0 ? 0 : Swift.max((end - start + step - step.signum()) / step, 0)
        return range(.int(start), .int(step), count, dtype, device)
    }
    /// Numbers from `start` up to but without `end`, `step` apart: float32.
    public static func arange(
        _ start: Double, _ end: Double, step: Double = 1, dtype: DType = .float32, device: Device = .default
    ) -> Tensor {
        let length = ((end - start) / step).rounded(.up)
        guard let count = Int(exactly: length) else {
            stop("arange", "from \(start) to \(end) by \(step) is no number of steps")
            return .meta([0], dtype: dtype)
        }
        return range(.double(start), .double(step), Swift.max(count, 0), dtype, device)
    }
    /// `count` numbers at equal distances, from `start` to `end`, both included.
    public static func linspace(
        _ start: Double, _ end: Double, count: Int, dtype: DType = .float32, device: Device = .default
    ) -> Tensor {
        let step = count > 1 ? (end - start) / Double(count - 1) : 0
        var line = range(.double(start), .double(step), count, dtype, device)
        // The last is `end` itself, whatever the rounding on the way.
        if count > 1 { line.fill(end, at: count - 1) }
        return line
    }

    private static func range(
        _ start: Scalar, _ step: Scalar, _ count: Int, _ dtype: DType, _ device: Device
    ) -> Tensor {
        apply(Arange(start: start, step: step, count: count, dtype: dtype), on: device)
    }
    /// `count` powers of `base`, with exponents at equal distances from `start` to `end`.
    public static func logspace(
        _ start: Double, _ end: Double, count: Int, base: Double = 10, dtype: DType = .float32,
        device: Device = .default
    ) -> Tensor {
        Tensor.pow(base, linspace(start, end, count: count, dtype: .float64, device: device)).to(dtype)
    }
    /// Ones on the diagonal of a matrix of `rows` by `columns` (square when left out), zeros elsewhere.
    public static func eye(
        _ rows: Int, _ columns: Int? = nil, dtype: DType = .float32, device: Device = .default
    ) -> Tensor {
        let (down, across) = (arange(rows, device: device), arange(columns ?? rows, device: device))
        return (down.unsqueeze(1) == across.unsqueeze(0)).to(dtype)
    }
    /// For each class (an integer below `classes`) a row with a single 1, as a new last dimension: int64.
    public static func oneHot(_ index: Tensor, classes: Int? = nil, dtype: DType = .int64) -> Tensor {
        let count = classes ?? (index.count == 0 ? 0 : Int(index.max().item()) + 1)
        let places = apply(CheckClasses(count: count), to: index.to(.int64))
        return (places.unsqueeze(-1) == arange(count, device: index.device)).to(dtype)
    }
}

extension Scalar {
    /// The dtype of a tensor made of this number.
    var defaultDType: DType {
        switch self {
        case .bool: .bool
        case .int: .int64
        case .double: .float32
        }
    }
}
