/// Picks one element for each index along a dimension.
struct Gather: TensorOperation {
    static let name = "gather"
    let source: Shape
    let axis: Int

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try checkIndex(x[1], along: axis, of: x[0])
        return Spec(x[1].shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[1])
        return x.backend.gather(x[0], along: axis, x[1])
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let zeros = Tensor.zeros(source, dtype: g.dtype, device: g.device)
        return Gradients(apply(Scatter(axis: axis, mode: .add), to: zeros, kept[0], g), nil)
    }
}

extension Gather {
    var attributes: Attributes { ["source": source, "dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(source: try attributes["source"], axis: try attributes["dim"])
    }
}

/// Writes or adds one element for each index along a dimension.
struct Scatter: TensorOperation {
    static let name = "scatter"
    let axis: Int
    let mode: ScatterMode

    static let names = ScatterMode.allCases.map(name(of:))
    var name: String { Self.name(of: mode) }

    private static func name(of mode: ScatterMode) -> String { mode == .replace ? "scatter" : "scatter_\(mode)" }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        try checkIndex(x[1], along: axis, of: x[0])
        guard x[1].shape == x[2].shape else {
            throw ShapeError("the index of shape \(x[1].shape) is larger than the source of shape \(x[2].shape)")
        }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[1])
        let y = x.backend.scatter(x[0], along: axis, x[1], x[2], mode)
        if mode == .max || mode == .min || mode == .multiply {
            kept.append(x[0])
            kept.append(x[2])
            kept.append(y)
        }
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let index = kept[0]
        switch mode {
        case .add: return Gradients(g, nil, kept.needs(2) ? g.gather(axis, index) : nil)
        case .replace:
            let cleared = kept.needs(0) ? g.scatter(axis, index, 0.0) : nil
            return Gradients(cleared, nil, kept.needs(2) ? g.gather(axis, index) : nil)
        case .multiply:
            return multiplied(g, index, kept[1], kept[2], kept[3])
        case .max, .min:
            // All elements that are equal to the extreme share the gradient equally, as in PyTorch.
            let (x, source, y) = (kept[1].detach(), kept[2].detach(), kept[3].detach())
            let own = (x == y).to(g.dtype)
            let theirs = (source == y.gather(axis, index)).to(g.dtype)
            let share = g / own.scatterAdd(axis, index, theirs)
            return Gradients(share * own, nil, share.gather(axis, index) * theirs)
        }
    }
}

extension Scatter {
    var attributes: Attributes { ["dim": axis] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        let mode = ScatterMode.allCases.first { Self.name(of: $0) == name }
        self.init(axis: try attributes["dim"], mode: mode ?? .replace)
    }

    /// The derivatives of a product by its factors. The product of the others is the product divided by a factor, but
    /// where the factor is 0: there it is computed again with 1 in its place.
    private func multiplied(_ g: Tensor, _ index: Tensor, _ x: Tensor, _ source: Tensor, _ y: Tensor) -> Gradients {
        let (isZero, sourceIsZero) = (x.detach() == 0, source.detach() == 0)
        let own = x.maskedFill(isZero, with: 1)
        let others = apply(self, to: own, index, source)
        // Where two factors are 0, the product of all but one is 0 for each, so the gradient is 0.
        let zeros = Tensor.zeros(like: x).scatterAdd(axis, index, sourceIsZero.to(x.dtype)).gather(axis, index)
        let isOnlyZero = sourceIsZero & (zeros == 1)
        let withoutIt = apply(self, to: x, index, source.maskedFill(isOnlyZero, with: 1))
        let divided = (g * y).gather(axis, index) / source.maskedFill(sourceIsZero, with: 1)
        return Gradients(
            g * others / own, nil, Tensor.where(isOnlyZero, (g * withoutIt).gather(axis, index), divided))
    }
}

private func checkIndex(_ index: Tensor, along axis: Int, of x: Tensor) throws(ShapeError) {
    guard index.dtype == .int64 else { throw ShapeError("the index must be int64") }
    guard index.rank == x.rank else { throw ShapeError("the index must have \(x.rank) dimensions") }
    for other in 0..<x.rank where other != axis && index.shape[other] > x.shape[other] {
        throw ShapeError("the index has size \(index.shape[other]) in dimension \(other), more than \(x.shape[other])")
    }
}

/// What `scatterReduce` does with elements that meet.
public enum ScatterReduction: Sendable, Hashable, CaseIterable {
    case sum, product, mean, max, min
}

extension ScatterReduction {
    /// What changes nothing that it is combined with.
    fileprivate func start(_ dtype: DType) -> Scalar {
        switch self {
        case .sum, .mean: return .int(0)
        case .product: return .int(1)
        case .max, .min:
            let sign = self == .max ? -1.0 : 1.0
            if dtype.isFloatingPoint { return .double(sign * .infinity) }
            return .int(dtype.bound(upper: self == .min))
        }
    }
}

extension DType {
    /// The smallest or the largest integer of the type.
    fileprivate func bound(upper: Bool) -> Int {
        switch self {
        case .bool: upper ? 1 : 0
        case .uint8: upper ? 255 : 0
        case .int8: Int(upper ? Int8.max : Int8.min)
        case .int16: Int(upper ? Int16.max : Int16.min)
        case .int32: Int(upper ? Int32.max : Int32.min)
        default: upper ? Int.max : Int.min
        }
    }
}

extension Tensor {
    /// `x[index[i][j], j]` for `dim` 0, and so on: one element for each of `index` (int64, of the same rank).
    public func gather(_ dim: Int, _ index: Tensor) -> Tensor {
        let axis = axis(dim, "gather")
        let places = rank == 0 ? [index.reshape([-1]), reshape([1])] : [index, self]
        let y = apply(Gather(source: places[1].shape, axis: axis), to: places[1], places[0])
        return rank == 0 ? y.reshape(index.shape) : y
    }

    /// A copy with `source` written at the places that `index` names along `dim`.
    public func scatter(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
        scatter(dim, index, source, .replace)
    }

    /// A copy with a number written at the places that `index` names along `dim`.
    public func scatter(_ dim: Int, _ index: Tensor, _ value: some ScalarConvertible) -> Tensor {
        scatter(dim, index, Tensor.full([], value, dtype: dtype, device: device).expand(to: index.shape), .replace)
    }

    /// A copy with `source` added at the places that `index` names along `dim`.
    public func scatterAdd(_ dim: Int, _ index: Tensor, _ source: Tensor) -> Tensor {
        scatter(dim, index, source, .add)
    }

    /// A copy in which elements that `index` names along `dim` are combined with those of `source`. Without `includeSelf`
    /// an element that is named takes no part itself.
    public func scatterReduce(
        _ dim: Int, _ index: Tensor, _ source: Tensor, _ reduction: ScatterReduction, includeSelf: Bool = true
    ) -> Tensor {
        let own = includeSelf ? self : scatter(dim, index, reduction.start(dtype))
        switch reduction {
        case .sum: return own.scatter(dim, index, source, .add)
        case .product: return own.scatter(dim, index, source, .multiply)
        case .max: return own.scatter(dim, index, source, .max)
        case .min: return own.scatter(dim, index, source, .min)
        case .mean:
            let ones = Tensor.ones([], dtype: dtype, device: device)
            let first = includeSelf ? ones.expand(to: shape) : ones.expand(to: shape).scatter(dim, index, 0)
            let counts = first.scatterAdd(dim, index, ones.expand(to: index.shape)).clamp(min: 1)
            let sums = own.scatter(dim, index, source, .add)
            return dtype.isFloatingPoint ? sums / counts : sums.floorDivide(counts)
        }
    }

    private func scatter(_ dim: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode) -> Tensor {
        let axis = axis(dim, "scatter")
        // Of a source that is larger than the index the first part counts.
        var part = source.to(dtype)
        if part.rank == index.rank {
            for (i, size) in index.shape.enumerated() where size < part.shape[i] {
                part = part.narrow(i, start: 0, length: size)
            }
        }
        return apply(Scatter(axis: axis, mode: mode), to: self, index, part)
    }
}
