import HearthTensor

/// Where a written tensor finds its elements.
struct TensorPlacement {
    var storage: Int
    var offset: Int
    var shape: Shape
    var strides: Strides
}

/// Decides which storages a file gets: tensors that overlap in memory share one, so that tied weights are written once
/// and are still tied when they are read; all others are packed, so that a slice does not drag its whole base along.
package struct TensorPlan {
    /// Contiguous tensors of one dimension.
    package private(set) var storages: [Tensor] = []
    /// One for each tensor, in order.
    private(set) var placements: [TensorPlacement]

    private let tensors: [Tensor]

    package init(_ tensors: [Tensor]) {
        self.tensors = tensors
        placements = tensors.map { TensorPlacement(storage: 0, offset: 0, shape: $0.shape, strides: $0.strides) }
        for group in Self.groups(tensors) { place(group) }
    }

    /// The positions of tensors that read the same memory, a group each, ordered by their first member.
    private static func groups(_ tensors: [Tensor]) -> [[Int]] {
        struct Memory: Hashable {
            var storage: ObjectIdentifier
            var dtype: DType
        }
        var groups: [[Int]] = []
        var known: [Memory: Int] = [:]
        for (position, tensor) in tensors.enumerated() {
            // PyTorch has no negative strides, and an empty tensor shares nothing.
            let canShare = tensor.count > 0 && tensor.strides.allSatisfy { $0 >= 0 }
            let memory = Memory(storage: tensor.storageIdentity, dtype: tensor.dtype)
            if canShare, let group = known[memory] {
                groups[group].append(position)
            } else {
                if canShare { known[memory] = groups.count }
                groups.append([position])
            }
        }
        return groups
    }

    /// Splits a group into runs that overlap and gives each a storage.
    private mutating func place(_ group: [Int]) {
        let sorted = group.sorted { span(of: $0).lowerBound < span(of: $1).lowerBound }
        var run: [Int] = []
        var reach = 0..<0
        for position in sorted {
            let span = span(of: position)
            if !run.isEmpty, span.lowerBound >= reach.upperBound {
                place(run, span: reach)
                run = []
            }
            reach = run.isEmpty ? span : reach.lowerBound..<max(reach.upperBound, span.upperBound)
            run.append(position)
        }
        place(run, span: reach)
    }

    private mutating func place(_ run: [Int], span: Range<Int>) {
        let first = tensors[run[0]]
        let isPacked =
            run.count == 1 && (first.count < span.count || first.count == 0 || first.strides.contains { $0 < 0 })
        if isPacked {
            placements[run[0]].strides = first.shape.contiguousStrides
            storages.append(Self.packed(first))
        } else {
            for position in run { placements[position].offset = tensors[position].storageOffset - span.lowerBound }
            storages.append(Tensor.strided([span.count], strides: [1], offset: span.lowerBound, of: first))
        }
        for position in run { placements[position].storage = storages.count - 1 }
    }

    /// The elements of the storage from the first to the last that a tensor reads.
    private func span(of position: Int) -> Range<Int> {
        let tensor = tensors[position]
        return Layout(shape: tensor.shape, strides: tensor.strides, offset: tensor.storageOffset).span!
    }

    private static func packed(_ tensor: Tensor) -> Tensor {
        Tensor.make([tensor.count], tensor.dtype, device: .cpu) { destination in
            tensor.withUnsafeBytes { destination.copyMemory(from: $0) }
        }
    }
}
