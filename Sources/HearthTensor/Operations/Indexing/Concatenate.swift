/// Tensors one after another along a dimension.
struct Concatenate: TensorOperation {
    static let name = "cat"
    let axis: Int
    let sizes: [Int]

    func result(of x: Operands) throws(ShapeError) -> Spec {
        var shape = x[0].shape
        for tensor in x.dropFirst() {
            guard tensor.rank == shape.count,
                (0..<shape.count).allSatisfy({ $0 == axis || tensor.shape[$0] == shape[$0] })
            else { throw ShapeError("sizes must be equal in every dimension but \(axis)") }
            guard tensor.dtype == x[0].dtype else { throw ShapeError("dtypes must be equal") }
        }
        shape[axis] = sizes.reduce(0, +)
        return Spec(shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = Tensor.uninitialized(result, on: x.device)
        var start = 0
        for tensor in x {
            let size = tensor.shape[axis]
            if tensor.count > 0 {
                x.backend.copy(tensor, into: y.narrow(axis, start: start, length: size))
            }
            start += size
        }
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let parts = g.split(sizes, dim: axis)
        return Gradients(parts.indices.map { kept.needs($0) ? parts[$0] : nil })
    }
}

extension Concatenate {
    var attributes: Attributes { ["dim": axis, "sizes": sizes] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(axis: try attributes["dim"], sizes: try attributes["sizes"])
    }
}

extension Tensor {
    /// Tensors one after another along dimension `dim`; other sizes must be equal. Dtypes are promoted.
    public static func cat(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
        guard let first = tensors.first else {
            stop("cat", "at least one tensor is needed")
            return .meta([0])
        }
        let type = tensors.reduce(first.dtype) { $0.promoted(with: $1.dtype) }
        // As in PyTorch an empty vector fits everywhere.
        let parts = tensors.filter { $0.shape != [0] || tensors.allSatisfy { $0.rank == 1 } }
        let axis = (parts.first ?? first).axis(dim, "cat")
        guard (parts.first ?? first).rank > 0 else {
            return stop("cat", tensors.map(\.spec), "a tensor has no dimensions; use stack", fallback: first)
        }
        return apply(
            Concatenate(axis: axis, sizes: parts.map { $0.rank > axis ? $0.shape[axis] : 0 }),
            to: parts.map { $0.to(type) })
    }

    /// Tensors of one shape, along a new dimension `dim`.
    public static func stack(_ tensors: [Tensor], dim: Int = 0) -> Tensor {
        guard let first = tensors.first else {
            stop("stack", "at least one tensor is needed")
            return .meta([0])
        }
        let axis = first.axis(dim, "stack", rank: first.rank + 1)
        return cat(tensors.map { $0.unsqueeze(axis) }, dim: axis)
    }

    /// The tensor repeated as a tile, `counts[i]` times along dimension `i`; new dimensions in front.
    public func `repeat`(_ counts: Int...) -> Tensor { `repeat`(counts) }

    /// The tensor repeated as a tile; see `repeat(_:)`.
    public func `repeat`(_ counts: [Int]) -> Tensor {
        guard counts.count >= rank else {
            return stop(
                "repeat", [spec], "\(counts.count) counts for \(rank) dimensions", fallback: self)
        }
        return reshape(Shape(Array(repeating: 1, count: counts.count - rank) + Array(shape))).tiled(counts)
    }

    /// The tensor repeated as a tile; fewer counts than dimensions count for the last ones.
    public func tile(_ counts: Int...) -> Tensor { tile(counts) }

    /// The tensor repeated as a tile; see `tile(_:)`.
    public func tile(_ counts: [Int]) -> Tensor {
        let all = Array(repeating: 1, count: Swift.max(rank - counts.count, 0)) + counts
        return reshape(Shape(Array(repeating: 1, count: all.count - rank) + Array(shape))).tiled(all)
    }

    /// Every slice of dimension `dim` repeated `count` times; PyTorch's `repeat_interleave`.
    public func repeatInterleave(_ count: Int, dim: Int) -> Tensor {
        let axis = axis(dim, "repeatInterleave")
        var sizes = shape
        sizes.insert(count, at: axis + 1)
        return unsqueeze(axis + 1).expand(to: sizes).flatten(from: axis, to: axis + 1)
    }

    private func tiled(_ counts: [Int]) -> Tensor {
        zip(counts, 0...).reduce(self) { x, repetition in
            let (count, axis) = repetition
            if count == 1 { return x }
            var shape = x.shape
            shape.insert(count, at: axis)
            return x.unsqueeze(axis).expand(to: shape).flatten(from: axis, to: axis + 1)
        }
    }
}
