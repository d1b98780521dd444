/// A function of the elements of a result that a primitive applies in its own pass.
package enum FollowingStep: Hashable, Sendable {
    case relu
    case silu
    case clamp(Double, Double)
    /// The sum with what lies in the memory of the result before.
    case addition

    /// The step that a function of one number is; nil for others, and where 0, which blocks are filled up with, would become
    /// something else.
    package init?(_ operation: any TensorOperation) {
        guard operation.keepsZeros, let unary = operation as? Unary else { return nil }
        switch unary.function.name {
        case "relu": self = .relu
        case "relu6": self = .clamp(0, 6)
        case "silu": self = .silu
        case "clamp": self = .clamp(unary.parameters.a, unary.parameters.b)
        default: return nil
        }
    }
}

extension TensorOperation {
    /// True for a function of elements that gives 0 for zeros, so that it may be applied to values in blocks, whose padding
    /// must stay 0.
    package var keepsZeros: Bool {
        guard self is Unary || self is Binary || self is BinaryScalar else { return false }
        let zero = Tensor.full([1], 0, dtype: .float32, device: .cpu)
        let operands = self is Binary ? [zero, zero] : [zero]
        guard let result = try? self.result(of: Operands(operands)), result.dtype == .float32 else { return false }
        return noGrad { computed(operands, result, on: .cpu) }.item() == 0
    }
}
