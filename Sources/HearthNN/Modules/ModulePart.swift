import HearthTensor

/// What a property of a module can hold for it: another module, a parameter, a buffer.
enum ModulePart {
    case module(Module)
    case parameter(Parameter)
    case buffer(NamedBuffer)
}

extension Module {
    /// What the stored properties hold, superclasses' first, under PyTorch's names: `runningMean` is `running_mean`,
    /// the second element of `blocks` is `blocks.1`.
    var parts: [(name: String, part: ModulePart)] {
        properties.flatMap { property in
            PartSearch(owner: "\(type(of: self))").parts(of: property.value, named: property.name)
        }
    }

    /// The stored properties of subclasses of `Module`. What a container keeps its elements in is none of them: it
    /// names them itself.
    private var properties: [(name: String, value: Any)] {
        var mirrors: [Mirror] = []
        var next: Mirror? = Mirror(reflecting: self)
        while let mirror = next, mirror.subjectType != Module.self {
            if mirror.subjectType != Sequential.self { mirrors.append(mirror) }
            next = mirror.superclassMirror
        }
        return mirrors.reversed().flatMap(\.children).map { (name: $0.label ?? "", value: $0.value) }
    }
}

/// Finds the modules, parameters and buffers in whatever a property holds: optionals, tuples, arrays, dictionaries,
/// structures and cases of enumerations. Objects other than modules are not looked into.
private struct PartSearch {
    /// The type of the module whose property it is, for messages.
    let owner: String

    func parts(of value: Any, named label: String) -> [(name: String, part: ModulePart)] {
        let name = propertyName(label)
        if label.hasPrefix(Self.lazyPrefix) { requireMade(value, name) }
        return search(value, name)
    }

    private func search(_ value: Any, _ name: String) -> [(name: String, part: ModulePart)] {
        guard mayHoldParts(type(of: value)) else { return [] }
        if let module = value as? Module { return [(name, .module(module))] }
        if let parameter = value as? Parameter { return [(name, .parameter(parameter))] }
        if let declared = value as? any ParameterHolding {
            return declared.parameter.map { [(name, .parameter($0))] } ?? []
        }
        if let declared = value as? any BufferHolding { return [(name, .buffer(declared.buffer(named: name)))] }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.flatMap { search($0.value, name) }
        case .collection: return mirror.children.enumerated().flatMap { search($1.value, "\(name).\($0)") }
        case .dictionary: return entries(mirror).flatMap { search($0.value, "\(name).\($0.key)") }
        case .set: return refuseSet(mirror, name)
        case .tuple, .struct, .enum:
            return mirror.children.flatMap { search($0.value, "\(name).\(propertyName($0.label ?? ""))") }
        default: return []
        }
    }

    /// The entries of a dictionary in the order of their keys, numbers as numbers.
    private func entries(_ dictionary: Mirror) -> [(key: String, value: Any)] {
        let entries = dictionary.children.map { entry in
            let pair = Array(Mirror(reflecting: entry.value).children)
            return (key: "\(pair[0].value)", number: pair[0].value as? Int ?? 0, value: pair[1].value)
        }
        return entries.sorted { ($0.number, $0.key) < ($1.number, $1.key) }.map { (key: $0.key, value: $0.value) }
    }

    /// Modules in a set would have other names in every run.
    private func refuseSet(_ set: Mirror, _ name: String) -> [(name: String, part: ModulePart)] {
        let found = set.children.flatMap { search($0.value, name) }
        require(found.isEmpty, owner, "the modules in '\(name)' have no order to be named by; keep them in an array")
        return []
    }

    /// A lazy property that holds modules must have been made: what does not exist yet cannot be trained or saved.
    private func requireMade(_ value: Any, _ name: String) {
        guard let optional = value as? any OptionalValue, optional.isAbsent else { return }
        let holds = type(of: optional).wrapped
        require(
            !isModule(holds), owner,
            "'\(name)' is lazy and has not been made, so its parameters would be left out; declare it with let, or use "
                + "it once before")
    }

    private static let lazyPrefix = "$__lazy_storage_$_"

    /// The name of a stored property as PyTorch would write it: a wrapped one is stored with an underscore before it,
    /// an element without a name under its position.
    private func propertyName(_ label: String) -> String {
        var name = Substring(label)
        if name.hasPrefix(Self.lazyPrefix) {
            name = name.dropFirst(Self.lazyPrefix.count)
        } else if name.hasPrefix("_") || name.hasPrefix(".") {
            name = name.dropFirst()
        }
        return String(name).snakeCased
    }
}

/// False for types that have no modules in them for certain, so that long arrays of numbers are not walked through.
private func mayHoldParts(_ type: Any.Type) -> Bool {
    if type is any Numeric.Type || type is any StringProtocol.Type || type == Bool.self || type == Tensor.self {
        return false
    }
    return (type as? any ElementsValue.Type).map { mayHoldParts($0.elements) } ?? true
}

/// Whether values of this type are modules, or arrays and dictionaries of them.
private func isModule(_ type: Any.Type) -> Bool {
    if type is Module.Type || type == (any Layer).self { return true }
    return (type as? any ElementsValue.Type).map { isModule($0.elements) } ?? false
}

/// How reflection asks an optional what it could hold.
private protocol OptionalValue {
    static var wrapped: Any.Type { get }
    var isAbsent: Bool { get }
}

extension Optional: OptionalValue {
    fileprivate static var wrapped: Any.Type { Wrapped.self }
    fileprivate var isAbsent: Bool { self == nil }
}

/// How reflection asks a collection what it holds.
private protocol ElementsValue { static var elements: Any.Type { get } }
extension Array: ElementsValue { fileprivate static var elements: Any.Type { Element.self } }
extension Dictionary: ElementsValue { fileprivate static var elements: Any.Type { Value.self } }
extension Optional: ElementsValue { fileprivate static var elements: Any.Type { Wrapped.self } }

extension BufferHolding {
    fileprivate func buffer(named name: String) -> NamedBuffer {
        let cell = cellOfTensor
        return NamedBuffer(name: name, isPersistent: cell.isPersistent, get: cell.get, set: cell.set)
    }
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
