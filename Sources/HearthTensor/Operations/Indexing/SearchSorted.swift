/// The place of each value among ascending elements, by binary search in each row.
struct SearchSorted: TensorOperation {
    static let name = "searchsorted"
    let right: Bool

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let (sorted, values) = (x[0], x[1])
        guard sorted.dtype == values.dtype else { throw ShapeError("dtypes must be equal") }
        guard sorted.rank == 1 || sorted.rank == values.rank, sorted.rank > 0,
            sorted.rank == 1 || sorted.shape.dropLast().elementsEqual(values.shape.dropLast())
        else { throw ShapeError("a vector, or rows of the sizes of the values, are expected") }
        return Spec(values.shape, .int64)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.searchSorted(x[0], x[1], right: right)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension SearchSorted {
    var attributes: Attributes { ["right": right] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(right: try attributes["right"])
    }
}

extension Tensor {
    /// Where each value would be put among these ascending elements to keep them so; int64, in the shape of `values`.
    /// Before equal elements, or after them with `right`; NaN after all. PyTorch's `searchsorted`.
    /// - Parameters:
    ///   - values: Of any shape, for a vector; for rows `[…, n]`, `[…, m]` with the other sizes equal, each row of values
    ///     for its row of elements.
    ///   - sorter: The order in which the elements ascend (int64, of the elements' shape), when they lie otherwise.
    public func searchSorted(_ values: Tensor, right: Bool = false, sorter: Tensor? = nil) -> Tensor {
        var sorted = self.detach()
        if let sorter {
            guard sorter.shape == shape, sorter.dtype == .int64 else {
                return stop(
                    "searchSorted", [spec, values.spec, sorter.spec],
                    "the sorter must be int64 and of the elements' shape",
                    fallback: values)
            }
            sorted = sorted.gather(-1, sorter)
        }
        let type = Tensor.promoted(self, values)
        return apply(SearchSorted(right: right), to: sorted.to(type), values.detach().to(type))
    }

    /// Where a number would be put into this ascending vector; see `searchSorted(_:right:sorter:)`.
    public func searchSorted(_ value: some ScalarConvertible, right: Bool = false, sorter: Tensor? = nil) -> Tensor {
        let dtype = value.scalar.promoted(with: dtype)
        return searchSorted(Tensor.full([], value, dtype: dtype, device: device), right: right, sorter: sorter)
    }

    /// The number of the part between ascending boundaries, a vector, that each element falls into: int64. Elements equal to
    /// a boundary belong to the part before it, or after it with `right`. PyTorch's `bucketize`.
    public func bucketize(_ boundaries: Tensor, right: Bool = false) -> Tensor {
        guard boundaries.rank == 1 else {
            return stop("bucketize", [spec, boundaries.spec], "the boundaries must be a vector", fallback: self)
        }
        return boundaries.searchSorted(self, right: right)
    }
}
