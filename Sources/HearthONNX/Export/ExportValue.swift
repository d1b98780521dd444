import HearthTensor

/// A value of the model that is being written, which nodes can be added on:
///
///     x * x.then("Softplus").then("Tanh")        // mish
struct ExportValue {
    /// What the value is called in the model.
    let name: String
    let dtype: DType
    let draft: ModelDraft

    /// What an operator of one operand makes of it.
    func then(_ operatorName: String, dtype: DType? = nil) -> ExportValue {
        draft.add(operatorName, [self], dtype: dtype ?? self.dtype)
    }

    /// What an operator of two operands makes of it and another value.
    func with(_ operatorName: String, _ other: ExportValue, dtype: DType? = nil) -> ExportValue {
        draft.add(operatorName, [self, other], dtype: dtype ?? self.dtype)
    }

    /// The same with a number, in this value's dtype.
    func with(_ operatorName: String, _ number: Double, dtype: DType? = nil) -> ExportValue {
        with(operatorName, draft.number(number, self.dtype), dtype: dtype)
    }

    /// The value in another dtype; itself when it has it.
    func to(_ other: DType) -> ExportValue {
        guard other != dtype else { return self }
        return draft.add("Cast", [self], ["to": .int(ElementType(other).rawValue)], dtype: other)
    }

    /// This value where a condition holds, else another.
    func `where`(_ condition: ExportValue, else other: ExportValue) -> ExportValue {
        // Few runtimes pick bools and narrow integers.
        if dtype == .bool {
            return condition.with("And", self).with("Or", condition.then("Not").with("And", other))
        }
        if dtype.isNarrowInteger { return to(.int32).where(condition, else: other.to(.int32)).to(dtype) }
        return draft.add("Where", [condition, self, other], dtype: dtype)
    }

    /// This value where a condition holds, else a number.
    func `where`(_ condition: ExportValue, else number: Double) -> ExportValue {
        `where`(condition, else: draft.number(number, dtype))
    }
}

extension ExportValue {
    static func + (a: ExportValue, b: ExportValue) -> ExportValue { a.with("Add", b) }
    static func - (a: ExportValue, b: ExportValue) -> ExportValue { a.with("Sub", b) }
    static func * (a: ExportValue, b: ExportValue) -> ExportValue { a.with("Mul", b) }
    static func / (a: ExportValue, b: ExportValue) -> ExportValue { a.with("Div", b) }
    static func + (a: ExportValue, b: Double) -> ExportValue { a.with("Add", b) }
    static func - (a: ExportValue, b: Double) -> ExportValue { a.with("Sub", b) }
    static func * (a: ExportValue, b: Double) -> ExportValue { a.with("Mul", b) }
    static func / (a: ExportValue, b: Double) -> ExportValue { a.with("Div", b) }
    static func - (a: Double, b: ExportValue) -> ExportValue { b.draft.number(a, b.dtype) - b }
    static func / (a: Double, b: ExportValue) -> ExportValue { b.draft.number(a, b.dtype) / b }
    static prefix func - (a: ExportValue) -> ExportValue { a.then("Neg") }

    /// A comparison with another value.
    func compared(_ operatorName: String, _ other: ExportValue) -> ExportValue {
        with(operatorName, other, dtype: .bool)
    }

    /// A comparison with a number.
    func compared(_ operatorName: String, _ number: Double) -> ExportValue { with(operatorName, number, dtype: .bool) }
}

// Shapes. Axes and sizes are constants here; `ExportSizes` makes those that are not.
extension ExportValue {
    /// The value in another shape; 0 keeps the size that is there, -1 stands for what is left.
    func reshaped(_ sizes: [Int]) -> ExportValue { with("Reshape", draft.vector(sizes)) }

    /// The value with dimensions of size 1 at these places of the result.
    func unsqueezed(_ axes: [Int]) -> ExportValue { axes.isEmpty ? self : with("Unsqueeze", draft.vector(axes)) }

    /// The value without these dimensions, which have size 1.
    func squeezed(_ axes: [Int]) -> ExportValue { axes.isEmpty ? self : with("Squeeze", draft.vector(axes)) }

    /// The dimensions in another order.
    func transposed(_ order: [Int]) -> ExportValue {
        if order == Array(order.indices) { return self }
        return draft.add("Transpose", [self], ["perm": .ints(order)])
    }

    /// The elements from `start` to `end` of a dimension.
    func sliced(_ axis: Int, _ start: Int, _ end: Int, step: Int = 1) -> ExportValue {
        let steps = step == 1 ? nil : draft.vector([step])
        return draft.add("Slice", [self, draft.vector([start]), draft.vector([end]), draft.vector([axis]), steps])
    }

    /// One number for all elements of these dimensions, which keep size 1.
    func reduced(_ operatorName: String, _ axes: [Int]) -> ExportValue {
        // The axes became an operand, first of the sum and later of the others.
        if operatorName == "ReduceSum" || draft.opset >= 18 {
            return draft.add(operatorName, [self, draft.vector(axes)], ["keepdims": 1])
        }
        return draft.add(operatorName, [self], ["axes": .ints(axes), "keepdims": 1])
    }

    /// Values one after another along a dimension; the only one as it is.
    static func concatenated(_ values: [ExportValue], axis: Int) -> ExportValue {
        if values.count == 1 { return values[0] }
        return values[0].draft.add("Concat", values, ["axis": .int(axis)])
    }
}
