import HearthTensor

extension SummaryWriter {
    /// How the elements of a tensor are distributed; those that are no finite numbers are left out. PyTorch's
    /// `add_histogram`, with TensorFlow's bins: each reaches a tenth farther from 0 than the one before.
    public func addHistogram(_ tag: String, _ values: Tensor, step: Int) {
        let numbers = values.detach().to(.float64).array(of: Double.self).filter(\.isFinite)
        let bins = Self.bins(of: numbers)
        addSummary(tag, step: step) { value in
            value.add(5) { histogram in
                histogram.add(1, numbers.min() ?? 0)
                histogram.add(2, numbers.max() ?? 0)
                histogram.add(3, Double(numbers.count))
                histogram.add(4, numbers.reduce(0, +))
                histogram.add(5, numbers.reduce(0) { $0 + $1 * $1 })
                histogram.add(6, bins.map(\.limit))
                histogram.add(7, bins.map(\.count))
            }
        }
    }

    /// The upper limits of bins and what falls in them, without the empty ones before the first and after the last.
    private static func bins(of numbers: [Double]) -> [(limit: Double, count: Double)] {
        var counts = [Double](repeating: 0, count: limits.count)
        for number in numbers {
            // The first limit that is above the number.
            var (low, high) = (0, limits.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if limits[middle] > number { high = middle } else { low = middle + 1 }
            }
            counts[low] += 1
        }
        guard let first = counts.firstIndex(where: { $0 > 0 }), let last = counts.lastIndex(where: { $0 > 0 }) else {
            return [(limit: 0, count: 0)]
        }
        // One empty bin before, so that the first full one has a lower limit.
        return (max(first - 1, 0)...last).map { (limit: limits[$0], count: counts[$0]) }
    }

    private static let limits: [Double] = {
        var positive: [Double] = []
        var limit = 1e-12
        while limit < 1e20 {
            positive.append(limit)
            limit *= 1.1
        }
        return positive.reversed().map { -$0 } + [0] + positive + [.greatestFiniteMagnitude]
    }()

    /// How precision and recall depend on the threshold. `labels` are true or false, `probabilities` from 0 to 1, both of
    /// one shape. PyTorch's `add_pr_curve`.
    public func addPRCurve(_ tag: String, labels: Tensor, probabilities: Tensor, thresholds: Int = 127, step: Int) {
        guard labels.shape == probabilities.shape, thresholds > 1 else {
            fatalError("addPRCurve: \(labels.shape) labels for \(probabilities.shape) probabilities")
        }
        let truth = labels.detach().to(.float64).array(of: Double.self)
        let shares = probabilities.detach()
        // In the dtype of the probabilities, as in PyTorch, so that 0.9 of float32 falls in the same bin.
        let places = noGrad { (shares * Double(thresholds - 1)).to(.int64) }.array(of: Int.self)
        var (right, wrong) = ([Double](repeating: 0, count: thresholds), [Double](repeating: 0, count: thresholds))
        for (label, bin) in zip(truth, places) {
            guard (0..<thresholds).contains(bin) else { fatalError("addPRCurve: probabilities must be from 0 to 1") }
            if label > 0.5 { right[bin] += 1 } else { wrong[bin] += 1 }
        }
        // Those at or above each threshold.
        for bin in (0..<(thresholds - 1)).reversed() {
            right[bin] += right[bin + 1]
            wrong[bin] += wrong[bin + 1]
        }
        let rows = [
            right, wrong, wrong.map { wrong[0] - $0 }, right.map { right[0] - $0 },
            zip(right, wrong).map { $0 / max($0 + $1, 1e-7) }, right.map { $0 / max(right[0], 1e-7) },
        ]
        addSummary(tag, step: step) { value in
            value.add(9, Self.metadata("pr_curves", ProtocolBuffer { $0.add(2, thresholds) }.bytes))
            value.add(8) { tensor in
                // Floats, six rows.
                tensor.add(1, 1)
                tensor.add(2) { shape in for size in [6, thresholds] { shape.add(2) { $0.add(1, size) } } }
                tensor.add(5, rows.joined().map { Float($0) })
            }
        }
    }
}
