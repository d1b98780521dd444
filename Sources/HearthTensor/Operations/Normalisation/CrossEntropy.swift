/// Log-softmax and the negative log-likelihood of a class, row by row, in one pass.
struct CrossEntropy: TensorOperation {
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
        Gradients(apply(CrossEntropyGradient(ignoreIndex: ignoreIndex), to: [g, kept[0], kept[1], kept[2]]), nil)
    }
}

extension CrossEntropy {
    var attributes: Attributes { ["ignoreIndex": ignoreIndex] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(ignoreIndex: try attributes["ignoreIndex"])
    }
}

/// `g (softmax(logits) - onehot(class))`, row by row. Operands are g, the logits, the classes and the logarithm of each
/// row's sum of exponentials, which is a function of the logits.
struct CrossEntropyGradient: TensorOperation {
    static let name = "cross_entropy_backward"
    let ignoreIndex: Int

    func result(of x: Operands) -> Spec { x[1].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        for tensor in x.prefix(3) { kept.append(tensor) }
        return x.backend.crossEntropyGradient(x[0], x[1], x[2], x[3], ignoreIndex: ignoreIndex)
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

extension CrossEntropyGradient {
    var attributes: Attributes { ["ignoreIndex": ignoreIndex] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(ignoreIndex: try attributes["ignoreIndex"])
    }
}

extension Tensor {
    /// The cross-entropy of each row of logits `[n, classes]` with its class (int64 `[n]`): `[n]`, and 0 where the
    /// class is `ignoreIndex`. Stops the program when another class is out of range.
    public func crossEntropyRows(_ classes: Tensor, ignoreIndex: Int = -100) -> Tensor {
        apply(CrossEntropy(ignoreIndex: ignoreIndex), to: self, classes)
    }
}
