import HearthTensor

/// Inputs and targets in memory: sample `i` is slice `i` of both. PyTorch's `TensorDataset` of two tensors.
///
///     let data = TensorDataset(Tensor.randn(100, 4), Tensor.randint(0..<3, [100]))
///     for (inputs, targets) in DataLoader(data, batchSize: 10, shuffle: true) { … }
public struct TensorDataset: Dataset {
    /// All inputs, `[count, …]`.
    public let inputs: Tensor
    /// All targets, `[count, …]`.
    public let targets: Tensor

    /// A dataset of slices of two tensors. Stops the program when their first sizes differ.
    public init(_ inputs: Tensor, _ targets: Tensor) {
        require(
            inputs.rank > 0 && targets.rank > 0 && inputs.shape[0] == targets.shape[0], "TensorDataset",
            "inputs \(inputs.shape) and targets \(targets.shape) differ in their first size")
        self.inputs = inputs.detach().contiguous()
        self.targets = targets.detach().contiguous()
    }

    /// The number of samples.
    public var count: Int { inputs.shape[0] }

    /// The sample at `index`.
    public func sample(at index: Int, random: Generator) -> (Tensor, Tensor) { (inputs[index], targets[index]) }

    /// The samples at `indices` taken together.
    public func batch(at indices: [Int], random: RandomSource) -> (Tensor, Tensor) {
        let index = Tensor(indices, device: inputs.device)
        return (inputs.indexSelect(0, index), targets.indexSelect(0, index))
    }
}
