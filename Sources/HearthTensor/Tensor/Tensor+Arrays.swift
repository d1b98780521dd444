/// A number, or an array of arrays of numbers, that a tensor can be made from.
public protocol NestedNumbers {
    /// The type of the numbers.
    associatedtype Number: TensorElement
    /// The size of each dimension. Stops the program when inner arrays differ in size.
    var nestedShape: Shape { get }
    /// Appends all numbers, row-major.
    func append(to numbers: inout [Number])
}

extension TensorElement {
    /// No dimensions: one number.
    public var nestedShape: Shape { [] }
    /// Appends the number.
    public func append(to numbers: inout [Self]) { numbers.append(self) }
}

extension Array: NestedNumbers where Element: NestedNumbers {
    /// The type itself.
    public typealias Number = Element.Number

    /// The size of each dimension.
    public var nestedShape: Shape {
        // Numbers all have the shape []; comparing the shapes of millions of them would take seconds without optimisation.
        if Element.self == Number.self { return [count] }
        var shape = first?.nestedShape ?? []
        if let odd = first(where: { $0.nestedShape != shape }) {
            stop("Tensor", "inner arrays must have one shape; found \(shape) and \(odd.nestedShape)")
        }
        shape.insert(count, at: 0)
        return shape
    }

    /// Appends all numbers, row-major.
    public func append(to numbers: inout [Element.Number]) {
        if let row = self as? [Element.Number] { return numbers.append(contentsOf: row) }
        for element in self { element.append(to: &numbers) }
    }
}

extension Tensor {
    /// A tensor of a number or of nested arrays: `Tensor(3.5)`, `Tensor([[1, 2], [3, 4]])`.
    ///
    /// `Double` stands for Python's float and gives `float32` unless `dtype` asks for another; `Int` gives `int64`;
    /// other types give their own dtype.
    public init<Numbers: NestedNumbers>(_ numbers: Numbers, dtype: DType? = nil, device: Device = .default) {
        var flat: [Numbers.Number] = []
        let shape = numbers.nestedShape
        flat.reserveCapacity(shape.elementCount)
        numbers.append(to: &flat)
        self.init(flat, shape: shape, device: device)
        let wanted = dtype ?? (self.dtype == .float64 ? .float32 : self.dtype)
        if wanted != self.dtype { self = noGrad { to(wanted) } }
    }

    /// A tensor of `shape` with these elements, row-major, in their own dtype.
    public init<T: TensorElement>(_ elements: [T], shape: Shape, device: Device = .default) {
        guard elements.count == shape.elementCount else {
            stop("Tensor", "\(elements.count) elements do not fill the shape \(shape)")
            self = .meta(shape, dtype: T.dtype)
            return
        }
        self = elements.withUnsafeBytes { source in
            Tensor.make(shape, T.dtype, device: device) { $0.copyMemory(from: source) }
        }
    }

    /// The only element, as a `Double`. Waits for the device. Stops the program when there is not exactly one.
    public func item() -> Double {
        let tensor = single("item()")
        let wide = tensor.dtype == .float64 ? tensor : noGrad { tensor.to(.float64) }
        // After a mistake inside `checkShapes` nothing is converted any more.
        let value: Double = wide.dtype == .float64 ? wide.first() : 0
        // The sign of a NaN means nothing, and Swift would print it.
        return value.isNaN ? .nan : value
    }

    /// The only element, in the tensor's own type. Waits for the device. Stops the program when there is not exactly
    /// one, or when the type is another.
    public func item<T: TensorElement>(as type: T.Type) -> T {
        let tensor = single("item(as:)")
        return (tensor.holds(type, "item(as:)") ? tensor : Tensor.zeros([], dtype: T.dtype, device: .cpu)).first()
    }

    /// All elements, row-major, in the tensor's own type; `to(_:)` first gives another. Waits for the device.
    public func array<T: TensorElement>(of type: T.Type) -> [T] {
        guard holds(type, "array(of:)") else { return [] }
        return withUnsafeBytes { Array($0.bindMemory(to: T.self)) }
    }

    /// All elements as `Float`, whatever the dtype.
    public var floatArray: [Float] {
        // The sign of a NaN means nothing, and Swift would print it.
        noGrad { detach().to(.float32) }.array(of: Float.self).map { $0.isNaN ? .nan : $0 }
    }

    /// This tensor off the tape; zero when it has not exactly one element, which was noted.
    private func single(_ operation: String) -> Tensor {
        if count == 1 { return detach() }
        stop(operation, [spec], "one element is expected; the tensor has \(count) (shape \(shape))")
        return Tensor.zeros([], dtype: dtype, device: .cpu)
    }

    private func holds(_ type: any TensorElement.Type, _ operation: String) -> Bool {
        if type.dtype == dtype { return true }
        stop(operation, [spec], "the tensor is \(dtype); \(type) would read \(type.dtype)")
        return false
    }

    private func first<T>() -> T { withUnsafeBytes { $0.loadUnaligned(as: T.self) } }
}
