/// One step of an optimizer over all parameters in one pass over memory.
///
/// Operands are the parameters, then what the rule keeps between steps, parameter by parameter, then a gradient for each
/// parameter. Parameters and state are written over in place; as a function the step packs their new values into one
/// vector, in the order of the operands.
struct OptimizerStep: InPlaceOperation {
    static let name = "optimizer_step"
    let rule: UpdateRule
    /// The number of parameters.
    let count: Int
    /// The number of tensors that the rule keeps for each.
    let stateCount: Int

    static let names = UpdateRule.names.map(\.stepName)
    var name: String { rule.name.stepName }

    var overwrittenCount: Int { count + count * stateCount }

    func result(of x: Operands) throws(ShapeError) -> Spec {
        guard count > 0, x.count == overwrittenCount + count else {
            throw ShapeError(
                "\(count) parameters with \(stateCount) tensors of state need as many gradients; there are \(x.count) "
                    + "operands")
        }
        for (i, tensor) in x.enumerated() {
            let owner = i < count ? i : i < overwrittenCount ? (i - count) / stateCount : i - overwrittenCount
            guard tensor.spec == x[owner].spec else {
                throw ShapeError("a gradient or state of \(tensor.spec) does not fit a parameter of \(x[owner].spec)")
            }
            guard tensor.dtype == x[0].dtype else {
                throw ShapeError("parameters must have one dtype; they have \(x[0].dtype) and \(tensor.dtype)")
            }
        }
        guard x[0].dtype == .float32 || x[0].dtype == .float64 else {
            throw ShapeError("parameters must be float32 or float64; they are \(x[0].dtype)")
        }
        return Spec([x.prefix(overwrittenCount).reduce(0) { $0 + $1.count }], x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let packed = Tensor.cat(x.prefix(overwrittenCount).map { $0.reshape([-1]) })
        let written = packed.unpacked(x.prefix(overwrittenCount).map(\.shape))
        overwrite(Operands(written + x.dropFirst(overwrittenCount)))
        return packed
    }

    func overwrite(_ x: Operands) {
        let (parameters, gradients) = (Array(x.prefix(count)), Array(x.suffix(count)))
        let state = (0..<count).map { i in
            (0..<stateCount).map { x[count + i * stateCount + $0] }
        }
        x.backend.step(rule, parameters, gradients, state: state)
    }

    /// A step is the end of what is differentiated.
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients([]) }
}

extension OptimizerStep {
    var attributes: Attributes { rule.attributes.with("count", count).with("stateCount", stateCount) }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        let rule = UpdateRule.names.first { $0.stepName == name } ?? name
        self.init(
            rule: try UpdateRule(rule, attributes), count: try attributes["count"],
            stateCount: try attributes["stateCount"])
    }
}

extension String {
    /// The name of the step of a rule.
    fileprivate var stepName: String { "\(self)_step" }
}

/// One step of an optimizer over all parameters, in place.
///
/// - Parameters:
///   - parameters: Of one dtype, on one device. Their elements are overwritten; `makeWritable` was called on each.
///   - gradients: One for each parameter, of its shape.
///   - state: What the rule keeps between steps, one list for each parameter, also overwritten.
package func updateInPlace(_ rule: UpdateRule, _ parameters: [Tensor], _ gradients: [Tensor], state: [[Tensor]]) {
    guard let stateCount = state.first?.count else { return }
    let written = (parameters + state.joined()).map { $0.detach() }
    let gradients = zip(gradients, parameters).map { gradient, parameter in
        noGrad { gradient.detach().to(parameter.dtype).contiguous() }
    }
    applyInPlace(
        OptimizerStep(rule: rule, count: parameters.count, stateCount: stateCount), Operands(written + gradients))
}
