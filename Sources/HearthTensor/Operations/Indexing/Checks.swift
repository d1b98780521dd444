// Operations that give back their operand, whose values they look at where the kernels run, so that nothing waits for
// the device on the way of a step: a value that breaks a rule stops the program there, or at the next wait.

/// Classes that must lie in `0 ..< count`.
struct CheckClasses: TensorOperation {
    static let name = "check_classes"
    let count: Int

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let spec = x[0].spec
        x.backend.checkIndices(x[0], in: 0..<count) { stop(label, [spec], "class \($0) is outside 0..<\(count)") }
        return x[0]
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(nil) }
}

extension CheckClasses {
    var attributes: Attributes { ["count": count] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(count: try attributes["count"])
    }
}

/// Numbers that must lie in a range, NaN outside of every one.
struct CheckRange: TensorOperation {
    static let name = "check_range"
    let low: Double
    let high: Double
    /// What they are called in the message.
    let subject: String

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let spec = x[0].spec
        x.backend.checkValues(x[0], in: low...high) {
            stop(subject, [spec], "the values must lie in \(low)...\(high); found \($0)")
        }
        return x[0]
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g) }
}

extension CheckRange {
    var attributes: Attributes { ["low": low, "high": high, "subject": subject] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(low: try attributes["low"], high: try attributes["high"], subject: try attributes["subject"])
    }
}

/// Rows of weights to draw from: finite, not negative, at least `count` of each row above 0.
struct CheckWeights: TensorOperation {
    static let name = "check_weights"
    let count: Int

    func result(of x: Operands) -> Spec { x[0].spec }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let spec = x[0].spec
        x.backend.checkValues(x[0], in: 0...Double.greatestFiniteMagnitude) {
            stop("multinomial", [spec], "a weight is negative or not finite: \($0)")
        }
        let available = (x[0] > 0).sum(dim: -1)
        x.backend.checkIndices(available, in: count..<Int.max) { found in
            stop(
                "multinomial", [spec],
                found == 0 ? "all weights are 0" : "\(count) draws without replacement from \(found) weights above 0")
        }
        return x[0]
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g) }
}

extension CheckWeights {
    var attributes: Attributes { ["count": count] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(count: try attributes["count"])
    }
}
