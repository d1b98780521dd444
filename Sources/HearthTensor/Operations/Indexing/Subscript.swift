extension IndexItem {
    /// How many dimensions of the indexed tensor this entry stands for.
    fileprivate var consumed: Int {
        switch self {
        case .insertion, .rest: 0
        case .position, .range: 1
        case .tensor(let index): index.dtype == .bool ? index.rank : 1
        }
    }

    /// The entry without tensors; nil for a tensor.
    fileprivate var basic: BasicIndex.Item? {
        switch self {
        case .position(let index): .position(index)
        case .range(let start, let end, let step): .range(start: start, end: end, step: step)
        case .rest: .rest
        case .insertion: .newAxis
        case .tensor: nil
        }
    }

    fileprivate var tensor: Tensor? { if case .tensor(let index) = self { index } else { nil } }
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

    /// The view of entries among which is no tensor.
    private func view(_ items: [IndexItem]) -> BasicIndex {
        BasicIndex(source: shape, items: items.compactMap(\.basic))
    }

    /// The entries with an ellipsis for what they leave out.
    private func completed(_ items: [IndexItem]) -> [IndexItem] {
        let dots = items.filter { if case .rest = $0 { true } else { false } }.count
        if dots > 1 {
            stop("index", [spec], "'...' can stand only once")
            return [.rest]
        }
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
            stop("index_put", [spec, value.spec], error.rule)
            return
        }
        let value = value.to(dtype).expand(to: place.shape)
        let records = isGradEnabled && (requiresGrad || value.requiresGrad)
        if !records, !requiresGrad, value.device == device, layout.showsOnce, ownsElements() {
            applyInPlace(replace, Operands(self, value))
        } else {
            self = apply(replace, to: self, value)
        }
    }

    /// Writes a number to every element that the index picks: `x.fill(0, at: 0, 1..<3)`.
    public mutating func fill(_ value: some ScalarConvertible, at items: any TensorIndex...) { fill(value, at: items) }

    /// Writes a number to every element that the index picks.
    public mutating func fill(_ value: some ScalarConvertible, at items: [any TensorIndex]) {
        self[items: items.map(\.indexItem)] = Tensor.full([], value, dtype: dtype, device: device)
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
            var positions = indices[0].wrapped(below: arranged.shape[0])
            for (axis, index) in indices.enumerated().dropFirst() {
                let size = arranged.shape[axis]
                positions = positions * size + index.wrapped(below: size)
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
                if isMask, index.rank == 0 {
                    // A yes or no for the whole is a new dimension, of which the one element is picked or not.
                    places.append((axis, index.reshape([1]).nonzero().reshape([-1])))
                    basic.append(.insertion)
                    axis += 1
                    continue
                }
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
            stop(
                "index", [x.spec, spec],
                "a mask of shape \(shape) does not fit the shape \(x.shape) from dimension \(first) on")
            return (0..<rank).map { _ in Tensor.meta([0], dtype: .int64) }
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
        let numbers = Tensor.arange(count, device: device).reshape(shape)
        let targets = numbers.gathered(items)
        let source = value.to(dtype).expand(to: targets.shape).reshape([-1])
        return reshape([-1]).indexCopy(0, targets.reshape([-1]), source).reshape(shape)
    }
}
