import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The negative log-likelihood of a sequence of labels, whatever their places in a longer sequence of predictions.
/// PyTorch's `nn.CTCLoss`.
///
///     let loss = CTCLoss()(logits.logSoftmax(dim: 2), targets, inputLengths: [50, 50], targetLengths: [30, 25])
///
/// Log-probabilities are `[time, n, classes]`, or `[time, classes]` for one sequence. Targets hold labels other than
/// `blank`: `[n, longest]`, or all sequences joined in one dimension. Of the mean each loss is first divided by the
/// length of its target. The derivative is that of log-probabilities that came out of a log-softmax, as in PyTorch;
/// there is no second one.
///
/// Source: Graves et al., "Connectionist Temporal Classification", 2006.
public struct CTCLoss: Sendable {
    /// The class that stands for no label.
    public var blank: Int
    /// What is made of the losses of the sequences.
    public var reduction: LossReduction
    /// Counts targets that do not fit into their sequence, whose loss is infinite, as 0.
    public var zeroInfinity: Bool

    /// A loss with PyTorch's defaults.
    public init(blank: Int = 0, reduction: LossReduction = .mean, zeroInfinity: Bool = false) {
        self.blank = blank
        self.reduction = reduction
        self.zeroInfinity = zeroInfinity
    }

    /// The loss of log-probabilities against labels.
    public func callAsFunction(
        _ logProbabilities: Tensor, _ targets: Tensor, inputLengths: [Int], targetLengths: [Int]
    ) -> Tensor {
        let isOne = logProbabilities.rank == 2
        let batch = isOne ? logProbabilities.unsqueeze(1) : logProbabilities
        let labels = Self.labels(targets, targetLengths)
        let operation = CTC(labels: labels, lengths: inputLengths, blank: blank, zeroInfinity: zeroInfinity)
        let losses = HearthTensor.apply(operation, to: batch)
        switch reduction {
        case .none: return isOne ? losses.reshape([]) : losses
        case .sum: return losses.sum()
        case .mean:
            let lengths = Tensor(targetLengths.map { Double(max($0, 1)) }, shape: [targetLengths.count])
            return (losses / lengths.to(losses.dtype)).mean()
        }
    }

    /// The labels of each sequence.
    private static func labels(_ targets: Tensor, _ lengths: [Int]) -> [[Int]] {
        let all = targets.to(.int64).array(of: Int.self)
        let isPadded = targets.rank == 2
        let count = lengths.reduce(0, +)
        let fits =
            isPadded
            ? targets.shape[0] == lengths.count && lengths.allSatisfy { $0 <= targets.shape[1] }
            : targets.rank == 1 && (count == all.count || lengths.count == 1 && count <= all.count)
        guard fits, lengths.allSatisfy({ $0 >= 0 }) else {
            ShapeError.report("CTCLoss", [targets.spec], "targets need \(lengths) labels")
            return lengths.map { _ in [] }
        }
        var start = 0
        return lengths.enumerated().map { row, length in
            let first = isPadded ? row * targets.shape[1] : start
            start += length
            return Array(all[first..<(first + length)])
        }
    }
}

/// The losses `[n]` of log-probabilities `[time, n, classes]`.
private struct CTC: Operation {
    static let name = "ctc_loss"
    let labels: [[Int]]
    let lengths: [Int]
    let blank: Int
    let zeroInfinity: Bool

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].rank == 3, x[0].dtype == .float32 || x[0].dtype == .float64 else {
            throw ShapeError("float32 or float64 [time, n, classes] is expected")
        }
        let (time, count, classes) = (x[0].shape[0], x[0].shape[1], x[0].shape[2])
        guard labels.count == count, lengths.count == count else {
            throw ShapeError("\(count) lengths are expected; got \(lengths.count) and \(labels.count)")
        }
        guard lengths.allSatisfy({ (0...time).contains($0) }) else {
            throw ShapeError("input lengths \(lengths) must be in 0...\(time)")
        }
        guard (0..<classes).contains(blank), labels.joined().allSatisfy({ (0..<classes).contains($0) }) else {
            throw ShapeError("labels and blank must be in 0..<\(classes)")
        }
        return Spec([count], x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        let table = LogProbabilities(x[0])
        let losses = labels.indices.map { sequence -> Double in
            let loss = -Alignment(table, sequence, self).forward().total
            return zeroInfinity && loss == .infinity ? 0 : loss
        }
        return Tensor(losses, shape: [losses.count]).to(result.dtype)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(HearthTensor.apply(CTCGradient(forward: self), to: kept[0]) * g.unsqueeze(0).unsqueeze(2))
    }
}

/// The derivative of each loss by its log-probabilities.
private struct CTCGradient: Operation {
    static let name = "ctc_loss_backward"
    let forward: CTC

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let table = LogProbabilities(x[0])
        var gradient = [Double](repeating: 0, count: x[0].count)
        for sequence in forward.labels.indices {
            Alignment(table, sequence, forward).addGradient(to: &gradient, zeroInfinity: forward.zeroInfinity)
        }
        return Tensor(gradient, shape: result.shape).to(result.dtype)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { fatalError("CTCLoss has no second derivative") }
}

/// Log-probabilities `[time, n, classes]` to look up.
private struct LogProbabilities {
    let values: [Double]
    let count: Int
    let classes: Int

    init(_ x: Tensor) {
        values = x.detach().to(.float64).contiguous().array(of: Double.self)
        (count, classes) = (x.shape[1], x.shape[2])
    }

    func row(_ time: Int, _ sequence: Int) -> Int { (time * count + sequence) * classes }
}

/// The ways in which the labels of one sequence, with blanks before, between and after them, fill its time.
private struct Alignment {
    let table: LogProbabilities
    let sequence: Int
    let length: Int
    let blank: Int
    /// The labels with the blanks around them.
    let states: [Int]

    init(_ table: LogProbabilities, _ sequence: Int, _ operation: CTC) {
        self.table = table
        self.sequence = sequence
        length = operation.lengths[sequence]
        blank = operation.blank
        states = [operation.blank] + operation.labels[sequence].flatMap { [$0, operation.blank] }
    }

    /// True when a way may come to a state without the blank before it.
    private func skips(to state: Int) -> Bool {
        state > 1 && states[state] != blank && states[state] != states[state - 2]
    }

    /// The log-likelihood of all ways that are at a state at a time, the time included, `[time, states]`; and that of
    /// all complete ways.
    func forward() -> (alpha: [Double], total: Double) {
        let width = states.count
        guard length > 0 else { return ([], width == 1 ? 0 : -.infinity) }
        var alpha = [Double](repeating: -.infinity, count: length * width)
        let first = table.row(0, sequence)
        for state in 0..<min(2, width) { alpha[state] = table.values[first + states[state]] }
        for time in stride(from: 1, to: length, by: 1) {
            let (row, now, before) = (table.row(time, sequence), time * width, (time - 1) * width)
            for state in 0..<width {
                alpha[now + state] =
                    table.values[row + states[state]]
                    + logSum(
                        alpha[before + state], state > 0 ? alpha[before + state - 1] : -.infinity,
                        skips(to: state) ? alpha[before + state - 2] : -.infinity)
            }
        }
        let last = (length - 1) * width + width - 1
        return (alpha, logSum(alpha[last], width > 1 ? alpha[last - 1] : -.infinity, -.infinity))
    }

    /// The log-likelihood of all ways on from a state at a time, the time included.
    private func backward() -> [Double] {
        let width = states.count
        var beta = [Double](repeating: -.infinity, count: length * width)
        let last = table.row(length - 1, sequence)
        for state in max(width - 2, 0)..<width {
            beta[(length - 1) * width + state] = table.values[last + states[state]]
        }
        for time in stride(from: length - 2, through: 0, by: -1) {
            let (row, now, after) = (table.row(time, sequence), time * width, (time + 1) * width)
            for state in 0..<width {
                let isSkipped = state + 2 < width && skips(to: state + 2)
                beta[now + state] =
                    table.values[row + states[state]]
                    + logSum(
                        beta[after + state], state + 1 < width ? beta[after + state + 1] : -.infinity,
                        isSkipped ? beta[after + state + 2] : -.infinity)
            }
        }
        return beta
    }

    /// Writes `probability - share of the ways that pass` for each class at each time.
    func addGradient(to gradient: inout [Double], zeroInfinity: Bool) {
        guard length > 0 else { return }
        let (alpha, total) = forward()
        if zeroInfinity, total == -.infinity { return }
        let beta = backward()
        var passing = [Double](repeating: -.infinity, count: table.classes)
        for time in 0..<length {
            for state in states { passing[state] = -.infinity }
            for (index, state) in states.enumerated() {
                let place = time * states.count + index
                passing[state] = logSum(passing[state], alpha[place] + beta[place], -.infinity)
            }
            let row = table.row(time, sequence)
            for label in 0..<table.classes {
                let logProbability = table.values[row + label]
                gradient[row + label] = exp(logProbability) - exp(passing[label] - total - logProbability)
            }
        }
    }

    /// The logarithm of a sum of three numbers that are given by their logarithms.
    private func logSum(_ a: Double, _ b: Double, _ c: Double) -> Double {
        let largest = max(a, b, c)
        guard largest > -.infinity else { return -.infinity }
        return largest + log(exp(a - largest) + exp(b - largest) + exp(c - largest))
    }
}
