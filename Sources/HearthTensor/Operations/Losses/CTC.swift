#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The losses `[n]` of log-probabilities `[time, n, classes]`.
struct CTC: TensorOperation {
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
        return Tensor(losses, shape: [losses.count], device: x.device).to(result.dtype)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(apply(CTCGradient(forward: self), to: kept[0]) * g.unsqueeze(0).unsqueeze(2))
    }
}

extension CTC {
    var attributes: Attributes {
        ["labels": labels, "lengths": lengths, "blank": blank, "zeroInfinity": zeroInfinity]
    }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(
            labels: try attributes["labels"], lengths: try attributes["lengths"], blank: try attributes["blank"],
            zeroInfinity: try attributes["zeroInfinity"])
    }
}

/// The derivative of each loss by its log-probabilities.
struct CTCGradient: TensorOperation {
    static let name = "ctc_loss_backward"
    let forward: CTC

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let table = LogProbabilities(x[0])
        var gradient = [Double](repeating: 0, count: x[0].count)
        for sequence in forward.labels.indices {
            Alignment(table, sequence, forward).addGradient(to: &gradient, zeroInfinity: forward.zeroInfinity)
        }
        return Tensor(gradient, shape: result.shape, device: x.device).to(result.dtype)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        stop(Self.name, [g.spec], "there is no second derivative, as in PyTorch")
        return Gradients(nil)
    }
}

extension CTCGradient {
    var attributes: Attributes { forward.attributes }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(forward: try CTC(CTC.name, attributes))
    }
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

extension Tensor {
    /// The negative log-likelihoods `[n]` of label sequences under these log-probabilities, `[time, n, classes]`, of which
    /// the first `lengths[i]` count for sequence `i`.
    ///
    /// Source: Graves et al., "Connectionist Temporal Classification", 2006.
    package func ctcLosses(_ labels: [[Int]], lengths: [Int], blank: Int, zeroInfinity: Bool) -> Tensor {
        apply(CTC(labels: labels, lengths: lengths, blank: blank, zeroInfinity: zeroInfinity), to: self)
    }
}
