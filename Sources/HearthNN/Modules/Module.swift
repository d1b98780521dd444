import HearthTensor

/// A part of a network: parameters, buffers and other modules, with a way to compute.
///
///     final class NeuralNetwork: Module, Layer {
///         let fc1, fc2: Linear
///         init(inputSize: Int, hiddenSize: Int, outputSize: Int) {
///             fc1 = Linear(inputSize, hiddenSize)
///             fc2 = Linear(hiddenSize, outputSize)
///         }
///         func forward(_ x: Tensor) -> Tensor { fc2(fc1(x.flatten(from: 1)).relu()) }
///     }
///
/// Its parts are found by reflection, by their property names, when they are listed and never while it computes, so
/// replacing `model.fc2` is all there is to replacing a head. Names are PyTorch's (`fc1.weight`). A module that takes
/// one tensor and gives one is a `Layer`, others have a `callAsFunction` of their own. Not `Sendable`: one thread at a time trains a module.
/// PyTorch's `nn.Module`.
open class Module {
    /// True while training: dropout drops, batch normalisation looks at the batch. Set by `train()` and `eval()`.
    public private(set) var isTraining = true

    package var forwardHooks: [ForwardHook] = []
    /// How often the hooks have seen a call.
    var hookedCalls = 0

    /// The module of what parametrized parameters are computed from, which is a child under this name; nil while there are
    /// none.
    var parametrizations: Module?

    /// A module without parts; subclasses declare theirs as properties.
    public init() {}

    /// The modules that this one is made of, by property name. Those in arrays, dictionaries, tuples, structures and
    /// cases of enumerations are `name.0`, `name.key`, `name.field`. Containers override it to name their parts as
    /// PyTorch does. Stops the program for modules in a `Set` and for a lazy property that has not been made.
    open var namedChildren: [(name: String, module: Module)] { declaredChildren }

    /// The parameters that this module itself has, by property name. Modules whose parameters are numbered, as those of
    /// recurrent layers are, override it to name them as PyTorch does.
    open var ownParameters: [(name: String, parameter: Parameter)] { declaredParameters }

    /// The options of the module in one line, for its description: `in_features=784, out_features=128`. PyTorch's
    /// `extra_repr`.
    open var extraRepr: String { "" }

    /// Whether equal modules in a row are one line of the description.
    var joinsEqualChildren: Bool { false }

    /// The buffers that this module itself has, by property name.
    open var ownBuffers: [NamedBuffer] { declaredBuffers }

    /// The name that a tensor of this module has today, from the one that it has in a file: the same, unless a subclass
    /// that has renamed its parts goes on reading old files. Names are seen from this module: `norm.1.weight`.
    open func currentName(of name: String) -> String { name }

    /// Puts this module and all inside it into training mode, or out of it.
    @discardableResult
    public func train(_ mode: Bool = true) -> Self {
        for module in modules { module.isTraining = mode }
        return self
    }

    /// Puts this module and all inside it into evaluation mode.
    @discardableResult
    public func eval() -> Self { train(false) }

    /// This module and all inside it, each once, in the order of their names.
    public var modules: [Module] { namedModules.map(\.module) }

    /// This module (with an empty name) and all inside it, with their paths: `layer1.0.conv1`.
    public var namedModules: [(name: String, module: Module)] {
        var seen: Set<ObjectIdentifier> = []
        return collect(prefix: "", seen: &seen)
    }

    private func collect(
        prefix: String, seen: inout Set<ObjectIdentifier>
    ) -> [(name: String, module: Module)] {
        guard seen.insert(ObjectIdentifier(self)).inserted else { return [] }
        var found: [(name: String, module: Module)] = [(name: prefix, module: self)]
        let computed = parametrizations.map { [(name: "parametrizations", module: $0 as Module)] } ?? []
        for child in namedChildren + computed {
            found += child.module.collect(prefix: prefix.isEmpty ? child.name : "\(prefix).\(child.name)", seen: &seen)
        }
        return found
    }

    /// Calls `body` with this module and all inside it, the parts before the whole. PyTorch's `apply`.
    @discardableResult
    public func apply(_ body: (Module) throws -> Void) rethrows -> Self {
        for module in modules.reversed() { try body(module) }
        return self
    }
}
