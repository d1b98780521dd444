import HearthTensor

/// A part of a network: parameters, buffers and other modules, with a way to compute.
///
///     final class NeuralNetwork: Module {
///         let fc1, fc2: Linear
///         init(inputSize: Int, hiddenSize: Int, outputSize: Int) {
///             fc1 = Linear(inputSize, hiddenSize)
///             fc2 = Linear(hiddenSize, outputSize)
///         }
///         func callAsFunction(_ x: Tensor) -> Tensor { fc2(fc1(x.flatten(from: 1)).relu()) }
///     }
///
/// Its parts are found by reflection, by their property names, when they are listed and never while it computes, so
/// replacing `model.fc2` is all there is to replacing a head. Names are PyTorch's (`fc1.weight`). A module that takes
/// one tensor and gives one should also conform to `Layer`. Not `Sendable`: one thread at a time trains a module.
/// PyTorch's `nn.Module`.
open class Module {
    /// True while training: dropout drops, batch normalisation looks at the batch. Set by `train()` and `eval()`.
    public private(set) var isTraining = true

    package var forwardHooks: [ForwardHook] = []

    /// The module of what parametrized parameters are computed from, which is a child under this name; nil while there are
    /// none.
    var parametrizations: Module?

    /// A module without parts; subclasses declare theirs as properties.
    public init() {}

    /// The modules that this one is made of, by property name; arrays and dictionaries give `name.0`, `name.key`.
    /// Containers override it to name their parts as PyTorch does.
    open var namedChildren: [(name: String, module: Module)] {
        properties.flatMap { Self.modules(in: $0.value, named: $0.name) }
    }

    /// The parameters that this module itself has, by property name. Modules whose parameters are numbered, as those of
    /// recurrent layers are, override it to name them as PyTorch does.
    open var ownParameters: [(name: String, parameter: Parameter)] { declaredParameters }

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

extension Module {
    /// The stored properties, superclasses' first, under PyTorch's names: `runningMean` is `running_mean`.
    var properties: [(name: String, value: Any)] {
        var mirrors: [Mirror] = []
        var next: Mirror? = Mirror(reflecting: self)
        while let mirror = next, mirror.subjectType != Module.self {
            mirrors.append(mirror)
            next = mirror.superclassMirror
        }
        return mirrors.reversed().flatMap(\.children).map { child in
            let label = child.label ?? ""
            // A wrapped property is stored under its name with an underscore.
            return (name: (label.hasPrefix("_") ? String(label.dropFirst()) : label).snakeCased, value: child.value)
        }
    }

    private static func modules(in value: Any, named name: String) -> [(name: String, module: Module)] {
        switch value {
        case let module as Module: [(name: name, module: module)]
        case let list as [Any]: list.enumerated().flatMap { modules(in: $1, named: "\(name).\($0)") }
        case let table as [String: Any]:
            table.sorted { $0.key < $1.key }.flatMap { modules(in: $0.value, named: "\(name).\($0.key)") }
        default: []
        }
    }
}

/// A function that is called with a layer, its input and its result.
package struct ForwardHook {
    let id: Int
    let body: (Module, Tensor, Tensor) -> Void
}

extension String {
    /// `runningMean` as PyTorch writes it: `running_mean`. Digits stay with their word, so `fc1` is `fc1`.
    package var snakeCased: String {
        var result = ""
        for character in self {
            if character.isUppercase {
                result += "_" + character.lowercased()
            } else {
                result.append(character)
            }
        }
        return result
    }
}
