import HearthTensor

/// Layers one after another.
///
///     let model = Sequential {
///         Flatten()
///         Linear(784, 128)
///         ReLU()
///         Linear(128, 10)
///     }
///     let logits = model(images)   // [n, 1, 28, 28] to [n, 10]
///
/// Its parts are named by their positions, `1.weight`, unless they are given names. A block that is nothing but its
/// parts in a row can inherit from it. PyTorch's `nn.Sequential`.
open class Sequential: Module, Layer {
    /// The layers, first to last.
    public private(set) var layers: [any Layer]
    /// What the layers are called in paths; nil for their positions.
    private var names: [String?]

    /// The layers that the closure lists.
    public convenience init(@LayerBuilder _ layers: () -> [any Layer]) { self.init(layers()) }

    /// These layers.
    public init(_ layers: [any Layer]) {
        self.layers = layers
        names = layers.map { _ in nil }
    }

    /// These layers under names: `Sequential(["conv0": Conv2d(3, 64, kernelSize: 7), "relu0": ReLU()])`. PyTorch's
    /// `nn.Sequential(OrderedDict(…))`.
    public convenience init(_ layers: KeyValuePairs<String, any Layer>) {
        self.init([])
        for (name, layer) in layers { append(layer, named: name) }
    }

    public override var namedChildren: [(name: String, module: Module)] {
        elements + declaredChildren
    }

    /// The layers by their names.
    private var elements: [(name: String, module: Module)] {
        zip(names, layers).enumerated().map { (name: $1.0 ?? String($0), module: $1.1) }
    }

    /// Computes the result for `x` and lets the forward hooks see it.
    open func callAsFunction(_ x: Tensor) -> Tensor { hooked(x) }

    /// Computes the result for `x`; the formula stands at the type.
    open func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { $1.observed($0) } }

    /// The number of layers.
    public var count: Int { layers.count }

    /// A layer; setting one replaces it, as in a network whose head is exchanged.
    public subscript(position: Int) -> any Layer {
        get { layers[position] }
        set { layers[position] = newValue }
    }

    /// The layer with this name, nil when there is none. Setting one replaces it in its place, or adds it at the end.
    public subscript(name: String) -> (any Layer)? {
        get { elements.firstIndex { $0.name == name }.map { layers[$0] } }
        set {
            let position = elements.firstIndex { $0.name == name }
            switch (position, newValue) {
            case (let position?, let layer?): layers[position] = layer
            case (nil, let layer?): append(layer, named: name)
            case (let position?, nil):
                layers.remove(at: position)
                names.remove(at: position)
            case (nil, nil): break
            }
        }
    }

    /// Adds a layer at the end, under a name where one is given. PyTorch's `append` and `add_module`.
    public func append(_ layer: any Layer, named name: String? = nil) {
        layers.append(layer)
        names.append(name)
    }
}

/// Lists layers in a closure, with `if` and `for`.
@resultBuilder public enum LayerBuilder {
    /// Part of the result builder.
    public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
    /// Part of the result builder.
    public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
    /// Part of the result builder.
    public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
    /// Part of the result builder.
    public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
    /// Part of the result builder.
    public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
    /// Part of the result builder.
    public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
    /// Part of the result builder.
    public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}

/// A list of modules that are found, saved and moved with their owner but called by it. PyTorch's `nn.ModuleList`.
public final class ModuleList<Element: Module>: Module {
    /// The modules, in order.
    public var elements: [Element]

    /// These modules.
    public init(_ elements: [Element] = []) { self.elements = elements }

    public override var namedChildren: [(name: String, module: Module)] {
        elements.enumerated().map { (name: String($0), module: $1) }
    }

    override var joinsEqualChildren: Bool { true }

    /// Adds a module at the end.
    public func append(_ element: Element) { elements.append(element) }
}

extension ModuleList: RandomAccessCollection, MutableCollection {
    /// The first position, 0.
    public var startIndex: Int { 0 }
    /// The number of elements.
    public var endIndex: Int { elements.count }

    /// The element at a position.
    public subscript(position: Int) -> Element {
        get { elements[position] }
        set { elements[position] = newValue }
    }
}

/// Modules by name, found, saved and moved with their owner but called by it. PyTorch's `nn.ModuleDict`.
public final class ModuleDict: Module {
    /// The names, in the order in which they were added.
    public private(set) var keys: [String] = []
    private var table: [String: Module] = [:]

    /// These modules.
    public init(_ modules: KeyValuePairs<String, Module> = [:]) {
        super.init()
        for (name, module) in modules { self[name] = module }
    }

    public override var namedChildren: [(name: String, module: Module)] {
        keys.map { (name: $0, module: table[$0]!) }
    }

    /// The module with this name. Setting a new name adds it at the end, setting nil takes it out.
    public subscript(name: String) -> Module? {
        get { table[name] }
        set {
            if newValue == nil { keys.removeAll { $0 == name } } else if table[name] == nil { keys.append(name) }
            table[name] = newValue
        }
    }
}
