/// A small dense matrix in the processor's memory, row-major: what the routines of linear algebra work on.
///
/// They compute in `Double` whatever the tensor's dtype is, one matrix of a batch after another.
struct Matrix {
    let rows: Int
    let columns: Int
    private(set) var elements: [Double]

    init(rows: Int, columns: Int, elements: [Double]? = nil) {
        self.rows = rows
        self.columns = columns
        self.elements = elements ?? Array(repeating: 0, count: rows * columns)
    }

    /// Ones on the diagonal.
    static func identity(_ rows: Int, _ columns: Int) -> Matrix {
        var y = Matrix(rows: rows, columns: columns)
        for i in 0..<min(rows, columns) { y[i, i] = 1 }
        return y
    }

    subscript(row: Int, column: Int) -> Double {
        @inline(__always) get { elements[row * columns + column] }
        @inline(__always) set { elements[row * columns + column] = newValue }
    }

    var transposed: Matrix {
        var y = Matrix(rows: columns, columns: rows)
        for i in 0..<rows { for j in 0..<columns { y[j, i] = self[i, j] } }
        return y
    }

    mutating func swapRows(_ first: Int, _ second: Int) {
        if first == second { return }
        for j in 0..<columns { elements.swapAt(first * columns + j, second * columns + j) }
    }

    /// The columns in another order.
    func columns(in order: [Int]) -> Matrix {
        var y = Matrix(rows: rows, columns: order.count)
        for i in 0..<rows { for (j, source) in order.enumerated() { y[i, j] = self[i, source] } }
        return y
    }

    /// This matrix with others of as many columns below it.
    func above(_ others: Matrix...) -> Matrix {
        Matrix(
            rows: others.reduce(rows) { $0 + $1.rows }, columns: columns,
            elements: others.reduce(elements) { $0 + $1.elements })
    }
}

extension Operands {
    /// Applies a routine to the matrices in the last two dimensions of the operands, which have equal batch dimensions.
    func eachMatrix(_ result: Spec, _ routine: ([Matrix]) -> Matrix) -> Tensor {
        let sizes = map { (rows: $0.shape[-2], columns: $0.shape[-1]) }
        let sources = map { $0.to(.float64).array(of: Double.self) }
        let batch = result.shape.elementCount == 0 ? 0 : self[0].shape.dropLast(2).reduce(1, *)
        var elements: [Double] = []
        elements.reserveCapacity(result.shape.elementCount)
        for i in 0..<batch {
            let matrices = sizes.indices.map { operand in
                let (rows, columns) = sizes[operand]
                let part = sources[operand][(i * rows * columns)..<((i + 1) * rows * columns)]
                return Matrix(rows: rows, columns: columns, elements: Array(part))
            }
            elements += routine(matrices).elements
        }
        return Tensor(elements, shape: result.shape, device: device).to(result.dtype)
    }

    /// Throws unless the first operand is a batch of matrices of `float32` or `float64`.
    func checkMatrices(square: Bool = false) throws(ShapeError) {
        guard self[0].rank >= 2 else { throw ShapeError("at least 2 dimensions are expected") }
        guard self[0].dtype == .float32 || self[0].dtype == .float64 else {
            throw ShapeError("float32 or float64 is expected")
        }
        if square, self[0].shape[-1] != self[0].shape[-2] { throw ShapeError("square matrices are expected") }
    }

    /// Throws unless the second operand has the rows, the batch and the dtype of the first.
    func checkRightSide() throws(ShapeError) {
        let (a, b) = (self[0], self[1])
        guard a.rank == b.rank, a.shape.dropLast().elementsEqual(b.shape.dropLast()), a.dtype == b.dtype else {
            throw ShapeError("the right side must have the rows, batch and dtype of the matrix")
        }
    }
}

extension Tensor {
    /// Two batches of matrices with their batch dimensions broadcast and their dtypes promoted.
    static func alignedMatrices(_ x: Tensor, _ y: Tensor, _ name: String) -> (Tensor, Tensor)? {
        guard x.rank >= 2, y.rank >= 2,
            let batch = Dimensions.broadcast(Shape(x.shape.dropLast(2)), Shape(y.shape.dropLast(2)))
        else {
            stop(name, [x.spec, y.spec], "two batches of matrices are expected, sizes equal or 1")
            return nil
        }
        let type = x.dtype.promoted(with: y.dtype)
        return (
            x.to(type).expand(to: Shape(Array(batch) + x.shape.suffix(2))),
            y.to(type).expand(to: Shape(Array(batch) + y.shape.suffix(2)))
        )
    }

    /// Ones on the diagonal, for each matrix of this batch.
    func identity() -> Tensor { Tensor.eye(shape[-1], dtype: dtype, device: device).expand(to: shape) }

    /// The number, from 1, of the first true element of each row of a mask; 0 where there is none: int32.
    var firstTrue: Tensor {
        let rows = detach()
        if shape[-1] == 0 { return Tensor.zeros(Shape(shape.dropLast()), dtype: .int32, device: device) }
        return ((rows.to(.uint8).argmax(dim: -1) + 1) * rows.any(dim: -1)).to(.int32)
    }

    /// The diagonal of the last two dimensions.
    var matrixDiagonal: Tensor { diagonal(dim1: -2, dim2: -1) }
}
