/// The view that integers, ranges, the ellipsis and new axes make together.
private struct BasicIndex: ViewOperation {
    static let name = "index"
    let source: Shape
    let items: [IndexItem]

    func layout(of x: Layout) throws(ShapeError) -> Layout {
        var y = Layout(shape: [], strides: [], offset: x.offset)
        var axis = 0
        for item in items {
            switch item {
            case .insertion:
                y.shape.append(1)
                y.strides.append(0)
            case .rest:
                let whole = x.shape.count - items.reduce(0) { $0 + $1.consumed }
                for _ in 0..<max(whole, 0) {
                    y.shape.append(x.shape[axis])
                    y.strides.append(x.strides[axis])
                    axis += 1
                }
            case .position(let index):
                let size = try size(of: axis, x)
                guard index >= -size, index < size else {
                    throw ShapeError("index \(index) is outside dimension \(axis) of size \(size)")
                }
                y.offset += (index < 0 ? index + size : index) * x.strides[axis]
                axis += 1
            case .range(let start, let end, let step):
                let size = try size(of: axis, x)
                guard step > 0 else { throw ShapeError("the step \(step) must be positive; use flip to walk back") }
                func bound(_ value: Int) -> Int { min(max(value < 0 ? value + size : value, 0), size) }
                let first = bound(start ?? 0)
                let count = max(bound(end ?? size) - first + step - 1, 0) / step
                if count > 0 { y.offset += first * x.strides[axis] }
                y.shape.append(count)
                y.strides.append(x.strides[axis] * step)
                axis += 1
            case .tensor:
                throw ShapeError("a tensor in a basic index")
            }
        }
        return y
    }

    private func size(of axis: Int, _ x: Layout) throws(ShapeError) -> Int {
        guard axis < x.shape.count else { throw ShapeError("more indices than dimensions") }
        return x.shape[axis]
    }
}

extension IndexItem {
    /// How many dimensions of the indexed tensor this entry stands for.
    fileprivate var consumed: Int {
        switch self {
        case .insertion, .rest: 0
        case .position, .range: 1
        case .tensor(let index): index.dtype == .bool ? index.rank : 1
        }
    }

    fileprivate var tensor: Tensor? { if case .tensor(let index) = self { index } else { nil } }
}

/// A tensor with the elements that a view shows replaced.
private struct Replace<View: ViewOperation>: Operation {
    static var name: String { "index_put" }
    let view: View

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let place = try view.layout(of: x[0].layout).shape
        guard x[1].shape == place else { throw ShapeError("a value of shape \(x[1].shape) does not fill \(place)") }
        return x[0].spec
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = x.backend.convert(x[0], to: x[0].dtype)
        x.backend.copy(x[1], into: y.view(place(in: y)))
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let shown = apply(view, to: g)
        return Gradients(
            kept.needs(0) ? apply(self, to: g, Tensor.zeros(shown.shape, dtype: g.dtype)) : nil,
            kept.needs(1) ? shown : nil)
    }

    func place(in y: Tensor) -> Layout {
        do { return try view.layout(of: y.layout) } catch { fatalError("index_put: \(error.rule)") }
    }
}

extension Tensor {
    /// Picks elements as PyTorch's brackets do.
    ///
    ///     x[0]                     // the first slice of the first dimension; a view
    ///     x[1..<3, .newAxis]       // ranges (also with steps: .range(0, 10, step: 2)) and new dimensions; a view
    ///     x[..., -1]               // the last of the last dimension
    ///     x[Tensor([2, 0])]        // slices 2 and 0; a copy
    ///     x[x > 0]                 // the elements that a mask picks; a copy
    ///
    /// Assignment writes into this value alone: no other tensor changes.
    public subscript(_ items: any TensorIndex...) -> Tensor {
        get { self[items: items.map(\.indexItem)] }
        set { self[items: items.map(\.indexItem)] = newValue }
    }

    /// The same with an ellipsis first: `x[..., 0]`.
    public subscript(_ ellipsis: (UnboundedRange_) -> Void, _ items: any TensorIndex...) -> Tensor {
        get { self[items: [.rest] + items.map(\.indexItem)] }
        set { self[items: [.rest] + items.map(\.indexItem)] = newValue }
    }

    /// The same with an ellipsis second: `x[0, ..., 1]`.
    public subscript(
        _ first: any TensorIndex, _ ellipsis: (UnboundedRange_) -> Void, _ items: any TensorIndex...
    ) -> Tensor {
        get { self[items: [first.indexItem, .rest] + items.map(\.indexItem)] }
        set { self[items: [first.indexItem, .rest] + items.map(\.indexItem)] = newValue }
    }

    private subscript(items items: [IndexItem]) -> Tensor {
        get {
            let items = completed(items)
            return items.contains { $0.tensor != nil } ? gathered(items) : apply(view(items), to: self)
        }
        set { assign(newValue, at: completed(items)) }
    }

    private func view(_ items: [IndexItem]) -> BasicIndex { BasicIndex(source: shape, items: items) }

    /// The entries with an ellipsis for what they leave out.
    private func completed(_ items: [IndexItem]) -> [IndexItem] {
        let dots = items.filter { if case .rest = $0 { true } else { false } }.count
        guard dots <= 1 else { fatalError("index: '...' can stand only once") }
        return dots == 0 ? items + [.rest] : items
    }

    private mutating func assign(_ value: Tensor, at items: [IndexItem]) {
        if items.contains(where: { $0.tensor != nil }) {
            self = scattered(items, value)
            return
        }
        let replace = Replace(view: view(items))
        let place: Layout
        do {
            place = try replace.view.layout(of: layout)
        } catch {
            ShapeError.report("index_put", [spec, value.spec], error.rule)
            return
        }
        let value = value.to(dtype).expand(to: place.shape)
        let records = isGradEnabled && (requiresGrad || value.requiresGrad)
        guard !records, !requiresGrad, device != .meta, value.device == device, layout.showsOnce, ownsElements() else {
            self = apply(replace, to: self, value)
            return
        }
        device.backend.copy(value, into: view(place))
    }

    /// Writes a number to every element that the index picks: `x.fill(0, at: 0, 1..<3)`.
    public mutating func fill(_ value: some ScalarConvertible, at items: any TensorIndex...) { fill(value, at: items) }

    /// Writes a number to every element that the index picks.
    public mutating func fill(_ value: some ScalarConvertible, at items: [any TensorIndex]) {
        self[items: items.map(\.indexItem)] = Tensor.full([], value, dtype: dtype)
    }
}

// Indices that are tensors: the indexed dimensions are brought together and turned into one list of positions.
extension Tensor {
    /// The parts of an advanced index.
    private struct Plan {
        /// The indexed tensor after its integers and ranges, with the dimensions that tensors index in front.
        var arranged: Tensor
        /// One int64 tensor for each of them, broadcast to one shape.
        var indices: [Tensor]
        /// Where the indices' dimensions go in the result.
        var position: Int

        /// One position among the indexed dimensions for each pick.
        var flat: Tensor {
            var positions = Tensor.zeros(indices[0].shape, dtype: .int64)
            for (axis, index) in indices.enumerated() {
                let size = arranged.shape[axis]
                index.checkIndices(below: size, "index")
                positions = positions * size + Tensor.where(index < 0, index + size, index)
            }
            return positions.reshape([-1])
        }

        var rest: Shape { Shape(arranged.shape.dropFirst(indices.count)) }
        var picked: Shape { indices[0].shape }
    }

    private func plan(_ items: [IndexItem]) -> Plan {
        var basic: [IndexItem] = []
        var places: [(axis: Int, index: Tensor)] = []
        var axis = 0
        // The same place counted in dimensions of this tensor.
        var source = 0
        for item in items {
            defer { source += item.consumed }
            switch item {
            case .tensor(let index):
                let isMask = index.dtype == .bool
                let parts = isMask ? index.maskPositions(for: self, from: source) : [index.to(.int64)]
                for part in parts {
                    places.append((axis, part))
                    basic.append(.range(start: nil, end: nil, step: 1))
                    axis += 1
                }
            case .rest:
                basic.append(item)
                let whole = rank - items.reduce(0) { $0 + $1.consumed }
                axis += whole
                source += whole
            case .position: basic.append(item)
            case .range, .insertion:
                basic.append(item)
                axis += 1
            }
        }
        let viewed = apply(view(basic), to: self)
        let axes = places.map(\.axis)
        let isTogether = zip(axes, axes.dropFirst()).allSatisfy { $1 == $0 + 1 }
        let others = (0..<viewed.rank).filter { !axes.contains($0) }
        return Plan(
            arranged: viewed.permute(Dimensions(axes + others)), indices: Tensor.broadcast(places.map(\.index)),
            position: isTogether ? axes[0] : 0)
    }

    /// The positions of the true elements of a mask, one tensor for each of its dimensions, which must have the sizes
    /// of those of `x` from `first` on.
    private func maskPositions(for x: Tensor, from first: Int) -> [Tensor] {
        guard first + rank <= x.rank, x.shape.dropFirst(first).prefix(rank).elementsEqual(shape) else {
            fatalError("index: a mask of shape \(shape) does not fit the shape \(x.shape) from dimension \(first) on")
        }
        let positions = nonzero()
        return (0..<rank).map { positions.select(1, $0) }
    }

    private func gathered(_ items: [IndexItem]) -> Tensor {
        let plan = plan(items)
        let rows = plan.arranged.flatten(from: 0, to: plan.indices.count - 1)
        let picked = rows.indexSelect(0, plan.flat).reshape(Shape(Array(plan.picked) + plan.rest))
        // The picked dimensions go where the indices stood.
        let order = (0..<plan.position).map { plan.picked.count + $0 } + (0..<plan.picked.count)
        return picked.permute(
            Dimensions(order + ((plan.picked.count + plan.position)..<picked.rank).map { $0 }))
    }

    private func scattered(_ items: [IndexItem], _ value: Tensor) -> Tensor {
        // Positions of the picked elements in this tensor, found by indexing their numbers.
        let numbers = Tensor.arange(count).reshape(shape)
        let targets = numbers.gathered(items)
        let source = value.to(dtype).expand(to: targets.shape).reshape([-1])
        return reshape([-1]).indexCopy(0, targets.reshape([-1]), source).reshape(shape)
    }

    /// Stops the program when an index lies outside `-size ..< size`.
    func checkIndices(below size: Int, _ operation: String) {
        guard device != .meta, let bounds = device.backend.bounds(self) else { return }
        guard bounds.lowerBound >= -size, bounds.upperBound < size else {
            let wrong = bounds.upperBound >= size ? bounds.upperBound : bounds.lowerBound
            fatalError("\(operation): index \(wrong) is out of range for a dimension of size \(size)")
        }
    }
}
