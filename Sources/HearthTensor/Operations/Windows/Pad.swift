/// A border of one value around a tensor.
struct Pad: TensorOperation {
    static let name = "pad"
    let before: Dimensions
    let after: Dimensions
    let value: Double

    func result(of x: Operands) throws(ShapeError) -> Spec {
        var shape = x[0].shape
        for i in 0..<shape.count { shape[i] += before[i] + after[i] }
        return Spec(shape, x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        let y = Tensor.full(result.shape, value, dtype: result.dtype, device: x.device)
        x.backend.copy(x[0], into: inner(y))
        return y
    }

    /// The part of the result that the operand fills.
    private func inner(_ y: Tensor) -> Tensor {
        var layout = y.layout
        for i in 0..<layout.shape.count {
            layout.offset += before[i] * layout.strides[i]
            layout.shape[i] -= before[i] + after[i]
        }
        return y.view(layout)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        var part = g
        for i in 0..<g.rank where before[i] + after[i] > 0 {
            part = part.narrow(i, start: before[i], length: g.shape[i] - before[i] - after[i])
        }
        return Gradients(part)
    }
}

extension Pad {
    var attributes: Attributes { ["before": before, "after": after, "value": value] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(before: try attributes["before"], after: try attributes["after"], value: try attributes["value"])
    }
}

/// What a border holds.
public enum PaddingMode: String, Sendable, CaseIterable {
    /// One value, by default 0.
    case constant
    /// The elements mirrored at the end, which is not repeated.
    case reflect
    /// The element at the end.
    case replicate
    /// The elements from the other end.
    case circular

    /// Zeros: PyTorch's name for it in convolutions.
    public static var zeros: PaddingMode { .constant }
}

extension Tensor {
    /// A border around the last dimensions. `sizes` has two numbers for each, before and after, the last dimension
    /// first: `[left, right, top, bottom]`. Negative ones cut off. PyTorch's `F.pad`.
    public func pad(_ sizes: [Int], mode: PaddingMode = .constant, value: Double = 0) -> Tensor {
        guard sizes.count % 2 == 0, sizes.count / 2 <= rank else {
            return stop(
                "pad", [spec],
                "two numbers are needed for each of at most \(rank) dimensions; there are \(sizes.count)",
                fallback: self)
        }
        var (before, after) = (Dimensions(repeating: 0, count: rank), Dimensions(repeating: 0, count: rank))
        for i in 0..<(sizes.count / 2) {
            (before[rank - 1 - i], after[rank - 1 - i]) = (sizes[2 * i], sizes[2 * i + 1])
        }
        let x = cropped(&before, &after)
        if before.allSatisfy({ $0 == 0 }) && after.allSatisfy({ $0 == 0 }) { return x }
        if mode == .constant { return apply(Pad(before: before, after: after, value: value), to: x) }
        var y = x
        for axis in 0..<rank where before[axis] + after[axis] > 0 {
            guard let positions = x.border(axis, before[axis], after[axis], mode) else { return self }
            y = y.indexSelect(axis, positions)
        }
        return y
    }

    /// Cuts off what negative sizes say, and leaves the others.
    private func cropped(_ before: inout Dimensions, _ after: inout Dimensions) -> Tensor {
        var x = self
        for i in 0..<rank where before[i] < 0 || after[i] < 0 {
            let (first, last) = (Swift.max(-before[i], 0), Swift.max(-after[i], 0))
            x = x.narrow(i, start: first, length: Swift.max(shape[i] - first - last, 0))
            (before[i], after[i]) = (Swift.max(before[i], 0), Swift.max(after[i], 0))
        }
        return x
    }

    /// Which elements a dimension has once its border is there; nil when the border is too wide, which was reported.
    private func border(_ axis: Int, _ before: Int, _ after: Int, _ mode: PaddingMode) -> Tensor? {
        let size = shape[axis]
        let limit = mode == .reflect ? size - 1 : mode == .circular ? size : size > 0 ? Int.max : 0
        guard before <= limit, after <= limit else {
            stop(
                "pad", [spec], "a \(mode) border of \(before) and \(after) is too wide for dimension \(axis)")
            return nil
        }
        let places = Tensor.arange(-before, size + after, device: device)
        return switch mode {
        case .constant, .replicate: places.clamp(min: 0, max: Double(size - 1))
        case .reflect: ((places.abs() - (size - 1)).abs() - (size - 1)).abs()
        case .circular: places.remainder(size)
        }
    }
}
