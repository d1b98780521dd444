import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A softmax over very many classes of which few are frequent: those have scores of their own, the others share
/// clusters with smaller layers. PyTorch's `nn.AdaptiveLogSoftmaxWithLoss`.
///
/// Classes are numbered by frequency, the most frequent first.
///
/// Source: Grave et al., "Efficient softmax approximation for GPUs", 2016 (<https://arxiv.org/abs/1609.04309>).
public final class AdaptiveLogSoftmaxWithLoss: Module {
    /// Scores of the frequent classes and of the clusters.
    public let head: Linear
    /// Two layers for each cluster.
    public let tail: [Sequential]
    /// Where each cluster ends, the frequent classes being the first.
    private let ends: [Int]

    /// A layer from `inputs` features to `classes` classes, whose clusters start at `cutoffs`. The layers of cluster
    /// `i` have `inputs / divValue^(i + 1)` features in between.
    public init(
        _ inputs: Int, _ classes: Int, cutoffs: [Int], divValue: Double = 4, headBias: Bool = false,
        generator: Generator? = nil
    ) {
        require(
            !cutoffs.isEmpty && cutoffs == Set(cutoffs).sorted() && cutoffs[0] > 0
                && cutoffs[cutoffs.count - 1] < classes, "AdaptiveLogSoftmaxWithLoss",
            "cutoffs \(cutoffs) must rise from 1 to below \(classes)")
        let ends = cutoffs + [classes]
        head = Linear(inputs, cutoffs[0] + cutoffs.count, bias: headBias, generator: generator)
        tail = cutoffs.indices.map { cluster in
            let width = Int(Double(inputs) / pow(divValue, Double(cluster + 1)))
            return Sequential {
                Linear(inputs, width, bias: false, generator: generator)
                Linear(width, ends[cluster + 1] - ends[cluster], bias: false, generator: generator)
            }
        }
        self.ends = ends
    }

    /// The log-probability `[n]` of each target `[n]` for inputs `[n, features]`, and the mean of its negative. One
    /// input `[features]` goes with one target.
    public func callAsFunction(_ x: Tensor, _ target: Tensor) -> (output: Tensor, loss: Tensor) {
        if x.rank != target.rank + 1 || target.rank > 1 || (target.rank == 1 && target.shape[0] != x.shape[0]) {
            stop(
                "AdaptiveLogSoftmaxWithLoss", [x.spec, target.spec], "[n, features] and [n] are expected")
        }
        let rows = target.rank == 0 ? x.unsqueeze(0) : x
        let classes = target.detach().to(.int64).reshape([-1]).array(of: Int.self)
        require(
            classes.allSatisfy({ (0..<ends[ends.count - 1]).contains($0) }), "AdaptiveLogSoftmaxWithLoss",
            "targets must be in 0..<\(ends[ends.count - 1])")
        // In the head a class of the tail is represented by the entry of its cluster.
        let places = classes.map { label in label < ends[0] ? label : ends[0] + cluster(of: label) }
        var output = head(rows).logSoftmax(dim: 1).gather(1, Tensor(places, device: x.device).unsqueeze(1)).squeeze(1)
        for (index, layers) in tail.enumerated() {
            let members = classes.indices.filter { (ends[index]..<ends[index + 1]).contains(classes[$0]) }
            guard !members.isEmpty else { continue }
            let positions = Tensor(members, device: x.device)
            let labels = Tensor(members.map { classes[$0] - ends[index] }, device: x.device).unsqueeze(1)
            let inside = layers(rows.indexSelect(0, positions)).logSoftmax(dim: 1).gather(1, labels).squeeze(1)
            output = output.indexAdd(0, positions, inside)
        }
        return (target.rank == 0 ? output.reshape([]) : output, -output.mean())
    }

    private func cluster(of label: Int) -> Int { ends.firstIndex { label < $0 }! - 1 }

    /// The log-probabilities `[n, classes]` of all classes for inputs `[n, features]`.
    public func logProb(_ x: Tensor) -> Tensor {
        let scores = head(x).logSoftmax(dim: 1)
        let clusters = tail.enumerated().map { index, layers in
            layers(x).logSoftmax(dim: 1) + scores.narrow(1, start: ends[0] + index, length: 1)
        }
        return Tensor.cat([scores.narrow(1, start: 0, length: ends[0])] + clusters, dim: 1)
    }

    /// The most probable class `[n]` for inputs `[n, features]`.
    public func predict(_ x: Tensor) -> Tensor { noGrad { logProb(x).argmax(dim: 1) } }
}
