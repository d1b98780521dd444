extension Tensor {
    /// The largest elements under windows of one size at random, nearly regular distances, and their positions in their
    /// planes (int64): `[N, C, …]` or `[C, …]` with the sizes `outputs` in its last `rank` dimensions. PyTorch's
    /// `F.fractional_max_pool2d` and `3d`.
    /// - Parameter samples: Where the windows of each plane begin, `[N, C, rank]` (N is 1 without a batch), numbers in
    ///   `0 ..< 1`, in the order that PyTorch has: width and height, or depth, height and width. Drawn when nil.
    ///
    /// Source: Graham, "Fractional Max-Pooling", 2014 (<https://arxiv.org/abs/1412.6071>).
    public func fractionalMaxPool(
        rank: Int, _ kernelSize: some Extent, outputSize: some Extent, samples: Tensor? = nil,
        generator: Generator? = nil
    ) -> (values: Tensor, indices: Tensor) {
        let name = "fractionalMaxPool\(rank)d"
        let kernel = kernelSize.checked(rank, "kernel size", name)
        let outputs = outputSize.checked(rank, "output size", name)
        guard self.rank == rank + 1 || self.rank == rank + 2, rank == 2 || rank == 3,
            (0..<rank).allSatisfy({ outputs[$0] > 0 && outputs[$0] + kernel[$0] - 1 <= shape[self.rank - rank + $0] })
        else {
            stop(
                name, [spec],
                "[N, C, …] with room for \(outputs) windows of \(kernel) in its last dimensions is expected")
            return (self, self)
        }
        let planes = shape.dropLast(rank).reduce(1, *)
        let draws = samples ?? Tensor.rand([planes, rank], generator: generator)
        let starts = draws.detach().to(.float64).reshape([planes, rank]).array(of: Double.self)
        let sizes = Shape(shape.suffix(rank))
        let flat = reshape(Shape([planes, 1] + Array(sizes)))
        let parts = (0..<planes).map { plane in
            var sample = Array(starts[(plane * rank)..<((plane + 1) * rank)])
            if rank == 2 { sample.reverse() }
            return flat.narrow(0, start: plane, length: 1)
                .pooled(Pools.fractional(kernel, outputs, over: sizes, samples: sample))
        }
        let target = shape.replacingLast(rank, with: outputs)
        guard planes > 0 else {
            return (
                Tensor.zeros(target, dtype: dtype, device: device), Tensor.zeros(target, dtype: .int64, device: device)
            )
        }
        return (
            Tensor.cat(parts.map(\.values)).reshape(target), Tensor.cat(parts.map(\.indices)).reshape(target)
        )
    }
}
