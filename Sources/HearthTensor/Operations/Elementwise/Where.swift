/// Picks from two tensors by a condition, element by element.
struct Choose: TensorOperation {
    static let name = "where"

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].dtype == .bool else { throw ShapeError("the condition must be bool") }
        guard x[0].shape == x[1].shape, x[1].spec == x[2].spec else {
            throw ShapeError("shapes and dtypes must be equal")
        }
        return x[1].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        return x.backend.choose(x[0], x[1], x[2])
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let condition = kept[0]
        return Gradients(
            nil, kept.needs(1) ? g.masked(where: condition) : nil, kept.needs(2) ? g.masked(where: ~condition) : nil)
    }
}

extension Choose {
    init(_ name: String, _ attributes: Attributes) { self.init() }
}

extension Tensor {
    /// `x` where `condition` holds, else `y`; all three are broadcast, `x` and `y` promoted to one dtype.
    public static func `where`(_ condition: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
        guard let values = Dimensions.broadcast(x.shape, y.shape),
            let shape = Dimensions.broadcast(condition.shape, values)
        else {
            return stop(
                "where", [condition.spec, x.spec, y.spec],
                "sizes must be equal or 1 in every dimension, counted from the last", fallback: x)
        }
        let type = Tensor.promoted(x, y)
        return apply(
            Choose(), to: condition.expand(to: shape), x.to(type).expand(to: shape), y.to(type).expand(to: shape))
    }

    /// `x` where `condition` holds, else a number.
    public static func `where`(_ condition: Tensor, _ x: Tensor, _ y: some ScalarConvertible) -> Tensor {
        let type = y.scalar.promoted(with: x.dtype)
        return Tensor.where(condition, x, Tensor.full([], y, dtype: type, device: x.device))
    }

    /// A number where `condition` holds, else `y`.
    public static func `where`(_ condition: Tensor, _ x: some ScalarConvertible, _ y: Tensor) -> Tensor {
        let type = x.scalar.promoted(with: y.dtype)
        return Tensor.where(condition, Tensor.full([], x, dtype: type, device: y.device), y)
    }

    /// This tensor with `value` where `mask` (bool, broadcast to its shape) holds. Keeps the dtype.
    public func maskedFill(_ mask: Tensor, with value: some ScalarConvertible) -> Tensor {
        Tensor.where(mask, Tensor.full([], value, dtype: dtype, device: device), self)
    }

    /// This tensor where `mask` holds, else 0.
    func masked(where mask: Tensor) -> Tensor {
        Tensor.where(mask, self, Tensor.full([], 0, dtype: dtype, device: device))
    }
}
