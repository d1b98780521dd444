extension Tensor {
    /// The int64 order that sorts the elements along `dim`; equal elements keep their order, NaN is the largest.
    public func argsort(dim: Int = -1, descending: Bool = false) -> Tensor {
        apply(ArgSort(axis: axis(dim, "argsort"), descending: descending), to: detach())
    }

    /// The elements in order along `dim`, and the positions they came from. Stable.
    public func sort(dim: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
        if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
        let indices = argsort(dim: dim, descending: descending)
        return (gather(dim, indices), indices)
    }

    /// The `count` largest (or smallest) elements along `dim`, in order, and their positions.
    public func topK(
        _ count: Int, dim: Int = -1, largest: Bool = true
    ) -> (values: Tensor, indices: Tensor) {
        guard count >= 0, count <= (rank == 0 ? 1 : shape[axis(dim, "topK")]) else {
            stop("topK", [spec], "\(count) elements are more than dimension \(dim) has")
            return (self, self)
        }
        if rank == 0 { return sort() }
        let indices = argsort(dim: dim, descending: largest).narrow(dim, start: 0, length: count).contiguous()
        return (gather(dim, indices), indices)
    }

    /// The `k`-th smallest element along `dim` (from 1), and its position. PyTorch's `kthvalue`.
    public func kthValue(_ k: Int, dim: Int = -1) -> (value: Tensor, index: Tensor) {
        guard k > 0 else {
            stop("kthValue", [spec], "elements are counted from 1; asked for \(k)")
            return (self, self)
        }
        let (values, indices) = topK(k, dim: dim, largest: false)
        return (values.select(dim, k - 1), indices.select(dim, k - 1))
    }

    /// The lower median along `dim`, and its position; the first NaN where there is one.
    public func median(dim: Int) -> (value: Tensor, index: Tensor) {
        let axis = axis(dim, "median")
        if rank == 0 { return (self, Tensor.zeros([], dtype: .int64, device: device)) }
        let middle = kthValue((shape[axis] + 1) / 2, dim: axis)
        guard dtype.isFloatingPoint else { return middle }
        let isNaN = detach().isNaN()
        let first = isNaN.to(.uint8).argmax(dim: axis)
        let index = Tensor.where(isNaN.any(dim: axis), first, middle.index)
        return (gather(axis, index.unsqueeze(axis)).squeeze(axis), index)
    }

    /// The lower median of all elements.
    public func median() -> Tensor { reshape([-1]).median(dim: 0).value }

    /// The distinct elements in ascending order; where each element went (in the shape of this tensor), and how often
    /// each occurs.
    public func unique() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        let (sorted, order) = reshape([-1]).detach().sort()
        guard count > 0 else { return (sorted, order.reshape(shape), order) }
        let differs = sorted.narrow(0, start: 1, length: count - 1) != sorted.narrow(0, start: 0, length: count - 1)
        let isFirst = Tensor.cat([Tensor([true], device: device), differs])
        let group = isFirst.to(.int64).cumsum(dim: 0) - 1
        let starts = isFirst.nonzero().reshape([-1])
        let ends = Tensor.cat([starts.narrow(0, start: 1, length: starts.count - 1), Tensor([count], device: device)])
        let inverse = Tensor.zeros([count], dtype: .int64, device: device).scatter(0, order, group)
        return (sorted.indexSelect(0, starts), inverse.reshape(shape), ends - starts)
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

    /// Where each value would be put into this sorted vector to keep it sorted; int64, in the shape of `values`.
    /// Before equal elements, or after them with `right`. PyTorch's `searchsorted`.
    public func searchSorted(_ values: Tensor, right: Bool = false) -> Tensor {
        guard rank == 1 else {
            return stop("searchSorted", [spec, values.spec], "a sorted vector is expected", fallback: values)
        }
        let column = values.unsqueeze(-1)
        return (right ? self <= column : self < column).sum(dim: -1)
    }
}

/// The order that sorts a dimension.
struct ArgSort: Operation {
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
