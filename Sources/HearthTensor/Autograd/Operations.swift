import Synchronization

/// The operations of this program by name: what makes one again from a name and attributes.
///
///     let softmax = try Operations.make("softmax", ["dim": 1])
///     Operations.register(Cube.self)                       // a program's own
public enum Operations {
    private static let makers = Mutex([String: any TensorOperation.Type]())

    /// Adds a type of operation under all of its names; a type that is there already is replaced.
    public static func register(_ type: any TensorOperation.Type) {
        makers.withLock { makers in for name in type.names { makers[name] = type } }
    }

    /// The operation with this name and these attributes. Throws `AttributeError` for a name that is not registered,
    /// and for attributes that are missing or out of range.
    public static func make(_ name: String, _ attributes: Attributes = [:]) throws(AttributeError)
        -> any TensorOperation
    {
        guard let type = type(named: name) else { throw AttributeError("unknown operation '\(name)'") }
        return try type.init(name, attributes)
    }

    /// All names that are known, in alphabetical order.
    public static var names: [String] {
        (builtIn.flatMap { $0.names } + makers.withLock { Array($0.keys) }).sorted()
    }

    private static func type(named name: String) -> (any TensorOperation.Type)? {
        makers.withLock { $0[name] } ?? builtInByName[name]
    }

    private static let builtInByName: [String: any TensorOperation.Type] = {
        var types: [String: any TensorOperation.Type] = [:]
        for type in builtIn {
            for name in type.names {
                precondition(types[name] == nil, "two operations are called '\(name)'")
                types[name] = type
            }
        }
        return types
    }()
}
