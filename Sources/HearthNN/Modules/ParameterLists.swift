import HearthTensor

/// Parameters in an order, found, saved and moved with their owner. PyTorch's `nn.ParameterList`.
///
///     let scales = ParameterList([Tensor.ones([3]), Tensor.ones([4])])   // scales.0, scales.1
///     let y = x * scales[0]
public final class ParameterList: Module {
    /// The parameters, in order.
    public private(set) var elements: [Parameter]

    /// Parameters with these values.
    public init(_ values: [Tensor] = []) { elements = values.map { Parameter($0) } }

    public override var ownParameters: [(name: String, parameter: Parameter)] {
        elements.enumerated().map { (name: String($0), parameter: $1) }
    }

    /// The number of parameters.
    public var count: Int { elements.count }

    /// The value of a parameter; assigning gives the same parameter a new one.
    public subscript(position: Int) -> Tensor {
        get { elements[position].tensor }
        set { elements[position].tensor = newValue }
    }

    /// Adds a parameter with this value at the end.
    public func append(_ value: Tensor) { elements.append(Parameter(value)) }

    /// Adds a parameter, which may be another module's, at the end.
    public func append(_ parameter: Parameter) { elements.append(parameter) }
}

/// Parameters by name, found, saved and moved with their owner. PyTorch's `nn.ParameterDict`.
public final class ParameterDict: Module {
    /// The names, in the order in which they were added.
    public private(set) var keys: [String] = []
    private var table: [String: Parameter] = [:]

    /// Parameters with these values.
    public init(_ values: KeyValuePairs<String, Tensor> = [:]) {
        super.init()
        for (name, value) in values { self[name] = value }
    }

    public override var ownParameters: [(name: String, parameter: Parameter)] {
        keys.map { (name: $0, parameter: table[$0]!) }
    }

    /// The parameter with this name.
    public func parameter(_ name: String) -> Parameter? { table[name] }

    /// The value of the parameter with this name. Setting a new name adds it at the end, setting nil takes it out.
    public subscript(name: String) -> Tensor? {
        get { table[name]?.tensor }
        set {
            guard let newValue else {
                keys.removeAll { $0 == name }
                table[name] = nil
                return
            }
            if let parameter = table[name] {
                parameter.tensor = newValue
            } else {
                keys.append(name)
                table[name] = Parameter(newValue)
            }
        }
    }
}
