/// Log-softmax and the negative log-likelihood of a class, row by row, in one pass.
private struct CrossEntropy: Operation {
    static let name = "cross_entropy"
    let ignoreIndex: Int

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard x[0].rank == 2, x[0].dtype.isFloatingPoint else {
            throw ShapeError("logits must be floating-point [n, classes]")
        }
        guard x[1].shape == [x[0].shape[0]], x[1].dtype == .int64 else {
            throw ShapeError("classes must be int64 [\(x[0].shape[0])]")
        }
        return Spec(x[1].shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let (losses, logSumExp) = x.backend.crossEntropy(x[0], x[1], ignoreIndex: ignoreIndex)
        kept.append(x[0])
        kept.append(x[1])
        kept.append(logSumExp)
        return losses
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(
            apply(CrossEntropyGradient(ignoreIndex: ignoreIndex, logSumExp: kept[2]), to: g, kept[0], kept[1]), nil)
    }
}

/// `g (softmax(logits) - onehot(class))`, row by row.
private struct CrossEntropyGradient: Operation {
    static let name = "cross_entropy_backward"
    let ignoreIndex: Int
    let logSumExp: Tensor

    func result(of x: Operands) -> Spec { x[1].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        for tensor in x { kept.append(tensor) }
        return x.backend.crossEntropyGradient(x[0], x[1], x[2], logSumExp, ignoreIndex: ignoreIndex)
    }

    func gradient(_ gg: Tensor, _ kept: Kept) -> Gradients {
        let (g, logits, classes) = (kept[0], kept[1], kept[2])
        let counts = (classes != ignoreIndex).to(g.dtype)
        let p = logits.softmax(dim: 1)
        let target = Tensor.oneHot(
            classes.maskedFill(classes == ignoreIndex, with: 0), classes: logits.shape[1], dtype: g.dtype)
        let weighted = (gg * p).sum(dim: 1, keepDim: true)
        return Gradients(
            (gg * (p - target)).sum(dim: 1) * counts, p * (gg - weighted) * (g * counts).unsqueeze(1), nil)
    }
}

extension Tensor {
    /// The cross-entropy of each row of logits `[n, classes]` with its class (int64 `[n]`): `[n]`, and 0 where the
    /// class is `ignoreIndex`. Stops the program when another class is out of range.
    public func crossEntropyRows(_ classes: Tensor, ignoreIndex: Int = -100) -> Tensor {
        if rank == 2 { classes.checkClasses(below: shape[1], except: ignoreIndex) }
        return apply(CrossEntropy(ignoreIndex: ignoreIndex), to: self, classes)
    }

    /// Stops the program when an element is neither in `0 ..< count` nor `ignored`.
    func checkClasses(below count: Int, except ignored: Int, _ operation: String = "cross_entropy") {
        guard device != .meta, dtype == .int64, let bounds = device.backend.bounds(self) else { return }
        if bounds.lowerBound >= 0 && bounds.upperBound < count { return }
        let wrong = maskedSelect((self != ignored) & ((self < 0) | (self >= count)))
        guard wrong.count > 0 else { return }
        fatalError("\(operation): class \(wrong.array(of: Int.self)[0]) is outside 0..<\(count)")
    }
}
