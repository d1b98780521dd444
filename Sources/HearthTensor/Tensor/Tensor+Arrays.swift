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
            fatalError("Tensor: inner arrays must have one shape; found \(shape) and \(odd.nestedShape)")
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
    public init<Numbers: NestedNumbers>(_ numbers: Numbers, dtype: DType? = nil) {
        var flat: [Numbers.Number] = []
        let shape = numbers.nestedShape
        flat.reserveCapacity(shape.elementCount)
        numbers.append(to: &flat)
        self.init(flat, shape: shape)
        let wanted = dtype ?? (self.dtype == .float64 ? .float32 : self.dtype)
        if wanted != self.dtype { self = noGrad { to(wanted) } }
    }

    /// A tensor of `shape` with these elements, row-major, in their own dtype.
    public init<T: TensorElement>(_ elements: [T], shape: Shape) {
        guard elements.count == shape.elementCount else {
            fatalError("Tensor: \(elements.count) elements do not fill the shape \(shape)")
        }
        let tensor = Tensor.uninitialized(Spec(shape, T.dtype))
        elements.withUnsafeBytes { source in
            if let start = source.baseAddress { tensor.pointer.copyMemory(from: start, byteCount: source.count) }
        }
        self = tensor
    }

    /// The only element, as a `Double`. Stops the program when there is not exactly one.
    public func item() -> Double {
        let tensor = single("item()")
        return dtype == .float64 ? tensor.item(as: Double.self) : noGrad { tensor.to(.float64) }.first()
    }

    /// The only element, in the tensor's own type. Stops the program when there is not exactly one, or when the type
    /// is another.
    public func item<T: TensorElement>(as type: T.Type) -> T {
        single("item(as:)").checkElement(type, "item(as:)")
        return first()
    }

    /// All elements, row-major, in the tensor's own type; `to(_:)` first gives another.
    public func array<T: TensorElement>(of type: T.Type) -> [T] {
        checkElement(type, "array(of:)")
        let packed = noGrad { detach().contiguous() }
        let source = UnsafeBufferPointer(
            start: packed.pointer.assumingMemoryBound(to: type), count: packed.count)
        return withExtendedLifetime(packed) { Array(source) }
    }

    /// All elements as `Float`, whatever the dtype.
    public var floatArray: [Float] { noGrad { detach().to(.float32) }.array(of: Float.self) }

    private func single(_ operation: String) -> Tensor {
        guard count == 1 else {
            fatalError("\(operation): one element is expected; the tensor has \(count) (shape \(shape))")
        }
        checkElements(operation)
        return detach()
    }

    private func checkElements(_ operation: String) {
        guard device != .meta else { fatalError("\(operation): a tensor on meta has no elements") }
    }

    private func checkElement(_ type: any TensorElement.Type, _ operation: String) {
        checkElements(operation)
        guard type.dtype == dtype else {
            fatalError("\(operation): the tensor is \(dtype); \(type) would read \(type.dtype)")
        }
    }

    private func first<T>() -> T { pointer.loadUnaligned(as: T.self) }
}
