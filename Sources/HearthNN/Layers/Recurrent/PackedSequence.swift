import HearthTensor

/// Sequences of different lengths without padding between them: all first elements, then all second ones, and so on.
///
///     let packed = PackedSequence(padded: x, lengths: [3, 5, 2], batchFirst: true, enforceSorted: false)
///     let (output, _) = lstm(packed)
///     let (padded, lengths) = output.padded(batchFirst: true)   // [3, 5, units], [3, 5, 2]
///
/// PyTorch's `nn.utils.rnn.PackedSequence`.
public struct PackedSequence: Sendable {
    /// `[elements, …]`, the elements of all sequences step by step, longest sequences first.
    public let data: Tensor
    /// How many sequences have a first, a second, … element.
    public let batchSizes: [Int]
    /// The positions that the sequences had before they were sorted by length; nil when they came sorted.
    public let sortedIndices: Tensor?
    /// Where each of the given sequences is among the sorted ones.
    public let unsortedIndices: Tensor?

    private init(_ data: Tensor, _ batchSizes: [Int], _ sorted: Tensor?, _ unsorted: Tensor?) {
        self.data = data
        self.batchSizes = batchSizes
        sortedIndices = sorted
        unsortedIndices = unsorted
    }

    /// The sequences in a padded batch `[steps, n, …]`, or `[n, steps, …]` with `batchFirst`. Lengths must not increase
    /// unless `enforceSorted` is false, which sorts. PyTorch's `pack_padded_sequence`.
    public init(padded x: Tensor, lengths: [Int], batchFirst: Bool = false, enforceSorted: Bool = true) {
        require(
            x.rank >= 2 && (x.shape[batchFirst ? 0 : 1] == lengths.count) && !lengths.isEmpty, "PackedSequence",
            "\(lengths.count) lengths for a batch of shape \(x.shape)")
        let steps = x.shape[batchFirst ? 1 : 0]
        require(
            lengths.allSatisfy({ (1...Swift.max(steps, 1)).contains($0) }), "PackedSequence",
            "lengths must be in 1...\(steps), the steps of the batch; they are \(lengths)")
        let order = Self.order(lengths, enforceSorted)
        let sorted = order.map { lengths[$0] }
        batchSizes = Self.batchSizes(sorted)
        let rows = (batchFirst ? x.transpose(0, 1) : x).flatten(from: 0, to: 1)
        let places = batchSizes.enumerated().flatMap { step, count in
            order.prefix(count).map { step * lengths.count + $0 }
        }
        data = rows.indexSelect(0, Tensor(places, device: x.device))
        (sortedIndices, unsortedIndices) = enforceSorted ? (nil, nil) : Self.permutations(order, data.device)
    }

    /// Sequences `[steps, …]` of different lengths. PyTorch's `pack_sequence`.
    public init(_ sequences: [Tensor], enforceSorted: Bool = true) {
        let lengths = sequences.map { $0.shape[0] }
        require(
            !lengths.isEmpty && lengths.allSatisfy({ $0 > 0 }), "PackedSequence",
            "sequences of lengths \(lengths); each needs at least one element")
        let order = Self.order(lengths, enforceSorted)
        batchSizes = Self.batchSizes(order.map { lengths[$0] })
        let starts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let places = batchSizes.enumerated().flatMap { step, count in order.prefix(count).map { starts[$0] + step } }
        data = Tensor.cat(sequences).indexSelect(0, Tensor(places, device: sequences[0].device))
        (sortedIndices, unsortedIndices) = enforceSorted ? (nil, nil) : Self.permutations(order, data.device)
    }

    /// The same sequences with other elements.
    func replacing(_ data: Tensor) -> PackedSequence {
        PackedSequence(data, batchSizes, sortedIndices, unsortedIndices)
    }

    /// The sequences with `body` applied to all elements, `[elements, …]`: a layer that looks at one element at a time.
    public func map(_ body: (Tensor) -> Tensor) -> PackedSequence {
        let mapped = body(data)
        require(
            mapped.rank > 0 && mapped.shape[0] == data.shape[0], "PackedSequence.map",
            "\(data.shape[0]) elements became \(mapped.shape)")
        return replacing(mapped)
    }

    /// The lengths, in the order in which the sequences were given.
    public var lengths: [Int] {
        let sorted = (0..<(batchSizes.first ?? 0)).map { i in batchSizes.prefix { $0 > i }.count }
        guard let unsortedIndices else { return sorted }
        return unsortedIndices.array(of: Int.self).map { sorted[$0] }
    }

    /// The sequences one below another with padding behind the shorter ones: `[steps, n, …]`, or `[n, steps, …]` with
    /// `batchFirst`. PyTorch's `pad_packed_sequence`.
    ///
    /// - Parameters:
    ///   - batchFirst: Whether the batch is the first dimension.
    ///   - paddingValue: What stands behind the end of a sequence.
    ///   - totalLength: The number of steps, at least the longest sequence's, which it is when left out.
    public func padded(
        batchFirst: Bool = false, paddingValue: Double = 0, totalLength: Int? = nil
    ) -> (padded: Tensor, lengths: [Int]) {
        let (steps, n) = (totalLength ?? batchSizes.count, batchSizes.first ?? 0)
        require(
            steps >= batchSizes.count, "padded",
            "totalLength \(steps) is below the longest sequence's \(batchSizes.count)")
        let lengths = lengths
        let starts = batchSizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let ranks = unsortedIndices?.array(of: Int.self) ?? Array(0..<n)
        // One row of padding is appended to the elements; every place after the end of a sequence reads that row.
        let padding = Tensor.full(data.shape.with(1, at: 0), paddingValue, dtype: data.dtype, device: data.device)
        func place(_ step: Int, _ i: Int) -> Int { step < lengths[i] ? starts[step] + ranks[i] : data.shape[0] }
        let places =
            batchFirst
            ? (0..<n).flatMap { i in (0..<steps).map { place($0, i) } }
            : (0..<steps).flatMap { step in (0..<n).map { place(step, $0) } }
        let rows = Tensor.cat([data, padding]).indexSelect(0, Tensor(places, device: data.device))
        let sizes = batchFirst ? [n, steps] : [steps, n]
        return (rows.reshape(Shape(sizes + Array(data.shape.dropFirst()))), lengths)
    }

    /// Each sequence by itself, `[steps, …]`. PyTorch's `unpack_sequence`.
    public func unpacked() -> [Tensor] {
        let (padded, lengths) = padded(batchFirst: true)
        return padded.unpadSequence(lengths: lengths, batchFirst: true)
    }

    private static func order(_ lengths: [Int], _ enforceSorted: Bool) -> [Int] {
        if enforceSorted {
            require(
                zip(lengths, lengths.dropFirst()).allSatisfy(>=), "PackedSequence",
                "lengths must not increase unless enforceSorted is false; they are \(lengths)")
            return Array(lengths.indices)
        }
        // Equal lengths keep their order.
        return lengths.indices.sorted { lengths[$0] == lengths[$1] ? $0 < $1 : lengths[$0] > lengths[$1] }
    }

    private static func batchSizes(_ sorted: [Int]) -> [Int] {
        (0..<(sorted.first ?? 0)).map { step in sorted.prefix { $0 > step }.count }
    }

    private static func permutations(_ order: [Int], _ device: Device) -> (sorted: Tensor?, unsorted: Tensor?) {
        var inverse = order
        for (place, index) in order.enumerated() { inverse[index] = place }
        return (Tensor(order, device: device), Tensor(inverse, device: device))
    }
}

/// Where padding stands.
public enum PaddingSide: Sendable { case left, right }

extension Tensor {
    /// Sequences `[steps, …]` of different lengths in one tensor: `[longest, n, …]`, or `[n, longest, …]` with
    /// `batchFirst`. PyTorch's `pad_sequence`.
    public static func padSequence(
        _ sequences: [Tensor], batchFirst: Bool = false, paddingValue: Double = 0, paddingSide: PaddingSide = .right
    ) -> Tensor {
        let longest = sequences.map { $0.shape[0] }.max() ?? 0
        let rows = sequences.map { sequence in
            let missing = longest - sequence.shape[0]
            if missing == 0 { return sequence }
            let padding = Tensor.full(
                sequence.shape.with(missing, at: 0), paddingValue, dtype: sequence.dtype, device: sequence.device)
            return Tensor.cat(paddingSide == .right ? [sequence, padding] : [padding, sequence])
        }
        return Tensor.stack(rows, dim: batchFirst ? 0 : 1)
    }

    /// The sequences in a padded batch, each of its length. PyTorch's `unpad_sequence`.
    public func unpadSequence(lengths: [Int], batchFirst: Bool = false) -> [Tensor] {
        lengths.enumerated().map { i, length in select(batchFirst ? 0 : 1, i).narrow(0, start: 0, length: length) }
    }
}

extension Shape {
    /// The shape with another size in one dimension.
    func with(_ size: Int, at dim: Int) -> Shape {
        var shape = self
        shape[dim] = size
        return shape
    }
}
