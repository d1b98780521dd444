extension Tensor {
    /// The int64 order that sorts the elements along `dim`; equal elements keep their order, NaN is the largest.
    public func argsort(dim: Int = -1, descending: Bool = false) -> Tensor {
        apply(ArgSort(axis: axis(dim, "argsort"), descending: descending), to: detach())
    }

    /// The elements in order along `dim`, and the positions they came from. Stable.
    public func sort(dim: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
        let dim = axis(dim, "sort")
        if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
        let indices = argsort(dim: dim, descending: descending)
        return (gather(dim, indices), indices)
    }

    /// The `count` largest (or smallest) elements along `dim`, in order, and their positions.
    public func topK(
        _ count: Int, dim: Int = -1, largest: Bool = true
    ) -> (values: Tensor, indices: Tensor) {
        let axis = axis(dim, "topK")
        guard count >= 0, count <= (rank == 0 ? 1 : shape[axis]) else {
            stop("topK", [spec], "\(count) elements are more than dimension \(dim) has")
            return (self, self)
        }
        if rank == 0 { return sort() }
        let indices = argsort(dim: dim, descending: largest).narrow(dim, start: 0, length: count).contiguous()
        return (gather(dim, indices), indices)
    }

    /// How often each integer from 0 on occurs, at least `minLength` of them; with `weights`, their sums.
    public func bincount(weights: Tensor? = nil, minLength: Int = 0) -> Tensor {
        guard rank == 1, dtype.isInteger else {
            return stop("bincount", [spec], "a vector of integers is expected", fallback: self)
        }
        // How long the result is depends on the elements, so this waits for the device.
        let index = to(.int64)
        let smallest = count == 0 ? 0 : index.min().item(as: Int.self)
        if smallest < 0 { return stop("bincount", [spec], "element \(smallest) is negative", fallback: self) }
        let length = Swift.max(count == 0 ? 0 : index.max().item(as: Int.self) + 1, minLength)
        let ones = weights ?? Tensor.ones([count], dtype: .int64, device: device)
        return Tensor.zeros([length], dtype: ones.dtype, device: device).indexAdd(0, index, ones)
    }
}

/// The order that sorts a dimension.
struct ArgSort: TensorOperation {
    static let name = "argsort"
    let axis: Int
    let descending: Bool

    func result(of x: Operands) -> Spec { Spec(x[0].shape, .int64) }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        if x[0].rank == 0 { return Tensor.zeros([], dtype: .int64, device: x.device) }
        return x.backend.argsort(x[0], along: axis, descending: descending)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(nil) }
}

extension ArgSort {
    var attributes: Attributes { ["dim": axis, "descending": descending] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(axis: try attributes["dim"], descending: try attributes["descending"])
    }
}
