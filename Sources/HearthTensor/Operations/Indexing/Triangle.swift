/// One side of a diagonal of the last two dimensions, the other side 0.
struct Triangle: TensorOperation {
    static let name = "tril"
    let diagonal: Int
    let upper: Bool

    static let names = ["tril", "triu"]
    var name: String { upper ? "triu" : "tril" }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].rank >= 2 else { throw ShapeError("at least 2 dimensions are expected") }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.triangle(x[0], diagonal: diagonal, upper: upper)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(self, to: g)) }
}

extension Triangle {
    var attributes: Attributes { ["diagonal": diagonal] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(diagonal: try attributes["diagonal"], upper: name == "triu")
    }
}

extension Tensor {
    /// The lower triangle of the last two dimensions, with `diagonal` diagonals above the main one; the rest is 0.
    public func tril(diagonal: Int = 0) -> Tensor { apply(Triangle(diagonal: diagonal, upper: false), to: self) }

    /// The upper triangle of the last two dimensions, from `diagonal` diagonals above the main one; the rest is 0.
    public func triu(diagonal: Int = 0) -> Tensor { apply(Triangle(diagonal: diagonal, upper: true), to: self) }

    /// A square matrix with this vector on a diagonal; of a matrix, its diagonal. PyTorch's `torch.diag`.
    public func diag(_ diagonal: Int = 0) -> Tensor {
        guard rank == 1 else { return self.diagonal(offset: diagonal) }
        let size = count + Swift.abs(diagonal)
        let rows = Tensor.arange(count, device: device) + Swift.max(-diagonal, 0)
        let positions = rows * size + Tensor.arange(count, device: device) + Swift.max(diagonal, 0)
        return Tensor.zeros([size * size], dtype: dtype, device: device).indexCopy(0, positions, self).reshape([
            size, size,
        ])
    }

    /// The sum of the diagonal of a matrix.
    public func trace() -> Tensor { diagonal().sum() }

    /// Coordinate matrices of vectors: with `"ij"` indexing, output `i` varies along dimension `i`.
    public static func meshgrid(_ vectors: Tensor..., indexing: MeshIndexing = .ij) -> [Tensor] {
        let sizes = Shape(vectors.map(\.count))
        let grids = vectors.enumerated().map { position, vector in
            var shape = Shape(repeating: 1, count: vectors.count)
            shape[position] = vector.count
            return vector.reshape(shape).expand(to: sizes)
        }
        return indexing == .xy && vectors.count > 1 ? grids.map { $0.transpose(0, 1) } : grids
    }
}

/// Which dimension the first vector of `meshgrid` varies along.
public enum MeshIndexing: Sendable {
    /// The first: matrix order.
    case ij
    /// The second: Cartesian order.
    case xy
}
