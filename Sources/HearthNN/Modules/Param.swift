import HearthTensor

/// What `@Param` and `@Buffer` can wrap: a tensor, or one that may be absent.
public protocol ModuleValue {
    /// What `$name` gives: a `Parameter`, or one that may be absent.
    associatedtype Handle
    /// The tensor; nil when absent.
    var moduleTensor: Tensor? { get }
    /// The value for a tensor.
    static func value(of tensor: Tensor?) -> Self
    /// The handle for a parameter.
    static func handle(of parameter: Parameter?) -> Handle
    /// The parameter of a handle.
    static func parameter(of handle: Handle) -> Parameter?
}

extension Tensor: ModuleValue {
    /// The tensor; nil when absent.
    public var moduleTensor: Tensor? { self }
    /// The value for a tensor.
    public static func value(of tensor: Tensor?) -> Tensor { tensor! }
    /// The handle for a parameter.
    public static func handle(of parameter: Parameter?) -> Parameter { parameter! }
    /// The parameter of a handle.
    public static func parameter(of handle: Parameter) -> Parameter? { handle }
}

extension Tensor?: ModuleValue {
    /// The tensor; nil when absent.
    public var moduleTensor: Tensor? { self }
    /// The value for a tensor.
    public static func value(of tensor: Tensor?) -> Tensor? { tensor }
    /// The handle for a parameter.
    public static func handle(of parameter: Parameter?) -> Parameter? { parameter }
    /// The parameter of a handle.
    public static func parameter(of handle: Parameter?) -> Parameter? { handle }
}

/// Declares a parameter of a module: a tensor that is trained, saved and moved with it.
///
///     final class Scale: Module {
///         @Param var factor: Tensor
///         @Param var shift: Tensor?
///         override init() { factor = .ones([1]); shift = nil }
///     }
///
/// `scale.factor` is the value, `scale.$factor` the `Parameter`. Assigning a tensor gives the same parameter a new
/// value; assigning to `$factor` shares another module's parameter.
@propertyWrapper public struct Param<Value: ModuleValue> {
    private(set) var parameter: Parameter?

    /// A parameter with this value.
    public init(wrappedValue: Value) { parameter = wrappedValue.moduleTensor.map { Parameter($0) } }

    /// The parameter's value.
    public var wrappedValue: Value {
        get { Value.value(of: parameter?.tensor) }
        set {
            switch (parameter, newValue.moduleTensor) {
            case (let parameter?, let tensor?): parameter.tensor = tensor
            case (nil, let tensor?): parameter = Parameter(tensor)
            case (_, nil): parameter = nil
            }
        }
    }

    /// The parameter itself.
    public var projectedValue: Value.Handle {
        get { Value.handle(of: parameter) }
        set { parameter = Value.parameter(of: newValue) }
    }
}

/// Declares a tensor of a module that is saved and moved with it but not trained: a running mean, a table of positions.
///
/// With `persistent: false` it is moved but not saved.
@propertyWrapper public struct Buffer<Value: ModuleValue> {
    /// The tensor, shared by the module and by whoever walks over it.
    final class Cell {
        var tensor: Tensor?
        let isPersistent: Bool

        init(_ tensor: Tensor?, isPersistent: Bool) {
            self.tensor = tensor?.detach()
            self.isPersistent = isPersistent
        }
    }

    let cell: Cell

    /// A buffer with this value, which is saved unless `persistent` is false.
    public init(wrappedValue: Value, persistent: Bool = true) {
        cell = Cell(wrappedValue.moduleTensor, isPersistent: persistent)
    }

    /// The value.
    public var wrappedValue: Value {
        get { Value.value(of: cell.tensor) }
        nonmutating set { cell.tensor = newValue.moduleTensor?.detach() }
    }
}

/// How reflection recognises `@Param` whatever it wraps.
protocol ParameterHolding { var parameter: Parameter? { get } }
extension Param: ParameterHolding {}

/// How reflection recognises `@Buffer` whatever it wraps.
protocol BufferHolding { var cellOfTensor: (get: () -> Tensor?, set: (Tensor) -> Void, isPersistent: Bool) { get } }
extension Buffer: BufferHolding {
    var cellOfTensor: (get: () -> Tensor?, set: (Tensor) -> Void, isPersistent: Bool) {
        (get: { cell.tensor }, set: { cell.tensor = $0 }, isPersistent: cell.isPersistent)
    }
}
