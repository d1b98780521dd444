// Tensors made from nothing. The default dtype is `float32`, of integers `int64`, as in PyTorch.
extension Tensor {
    /// Zeros.
    public static func zeros(_ shape: Shape, dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        full(shape, 0, dtype: dtype, device: device)
    }
    /// Zeros.
    public static func zeros(_ sizes: Int..., dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        zeros(Shape(sizes), dtype: dtype, device: device)
    }
    /// Ones.
    public static func ones(_ shape: Shape, dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        full(shape, 1, dtype: dtype, device: device)
    }
    /// Ones.
    public static func ones(_ sizes: Int..., dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        ones(Shape(sizes), dtype: dtype, device: device)
    }
    /// One value everywhere. Without a dtype: `bool`, `int64` or `float32`, after the kind of the value.
    public static func full(
        _ shape: Shape, _ value: some ScalarConvertible, dtype: DType? = nil, device: Device = .cpu
    ) -> Tensor {
        guard shape.allSatisfy({ $0 >= 0 }) else { fatalError("full: a size in \(shape) is negative") }
        let spec = Spec(shape, dtype ?? value.scalar.defaultDType)
        if device == .meta { return .meta(spec) }
        let tensor = Tensor.uninitialized(spec)
        device.backend.fill(tensor, with: value.scalar)
        return tensor
    }
    /// Elements that nobody has set. Reading them before writing gives arbitrary numbers.
    public static func empty(_ shape: Shape, dtype: DType = .float32, device: Device = .cpu) -> Tensor {
        device == .meta ? .meta(Spec(shape, dtype)) : .uninitialized(Spec(shape, dtype))
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
    public static func arange(_ end: Int, dtype: DType = .int64) -> Tensor {
        Device.cpu.backend.range(start: .int(0), step: .int(1), count: Swift.max(end, 0), dtype: dtype)
    }
    /// The integers from `start` up to but without `end`, `step` apart: int64.
    public static func arange(_ start: Int, _ end: Int, step: Int = 1, dtype: DType = .int64) -> Tensor {
        guard step != 0 else { fatalError("arange: the step must not be 0") }
        let count = Swift.max((end - start + step - step.signum()) / step, 0)
        return Device.cpu.backend.range(start: .int(start), step: .int(step), count: count, dtype: dtype)
    }
    /// Numbers from `start` up to but without `end`, `step` apart: float32.
    public static func arange(_ start: Double, _ end: Double, step: Double = 1, dtype: DType = .float32) -> Tensor {
        guard step != 0 else { fatalError("arange: the step must not be 0") }
        let count = Swift.max(Int(((end - start) / step).rounded(.up)), 0)
        return Device.cpu.backend.range(start: .double(start), step: .double(step), count: count, dtype: dtype)
    }
    /// `count` numbers at equal distances, from `start` to `end`, both included.
    public static func linspace(_ start: Double, _ end: Double, count: Int, dtype: DType = .float32) -> Tensor {
        let step = count > 1 ? (end - start) / Double(count - 1) : 0
        var line = Device.cpu.backend.range(start: .double(start), step: .double(step), count: count, dtype: dtype)
        // The last is `end` itself, whatever the rounding on the way.
        if count > 1 { line.fill(end, at: count - 1) }
        return line
    }
    /// `count` powers of `base`, with exponents at equal distances from `start` to `end`.
    public static func logspace(
        _ start: Double, _ end: Double, count: Int, base: Double = 10, dtype: DType = .float32
    ) -> Tensor {
        Tensor.pow(base, linspace(start, end, count: count, dtype: .float64)).to(dtype)
    }
    /// Ones on the diagonal of a matrix of `rows` by `columns` (square when left out), zeros elsewhere.
    public static func eye(_ rows: Int, _ columns: Int? = nil, dtype: DType = .float32) -> Tensor {
        let columns = columns ?? rows
        return (arange(rows).unsqueeze(1) == arange(columns).unsqueeze(0)).to(dtype)
    }
    /// For each class (an integer below `classes`) a row with a single 1, as a new last dimension: int64.
    public static func oneHot(_ index: Tensor, classes: Int? = nil, dtype: DType = .int64) -> Tensor {
        let count = classes ?? (index.count == 0 ? 0 : Int(index.max().item()) + 1)
        index.to(.int64).checkClasses(below: count, except: .min, "one_hot")
        return (index.to(.int64).unsqueeze(-1) == arange(count)).to(dtype)
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
