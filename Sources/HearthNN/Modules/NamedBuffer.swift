import HearthTensor

/// A buffer of a module, found by its name.
public struct NamedBuffer {
    /// The path of the buffer: `bn1.running_mean`.
    public let name: String
    /// False for a buffer that is not saved.
    public let isPersistent: Bool
    private let get: () -> Tensor?
    private let set: (Tensor) -> Void

    /// A buffer that a module keeps in a place of its own, for `Module.ownBuffers`.
    public init(name: String, isPersistent: Bool, get: @escaping () -> Tensor?, set: @escaping (Tensor) -> Void) {
        self.name = name
        self.isPersistent = isPersistent
        self.get = get
        self.set = set
    }

    /// The value; nil when the module has none.
    public var tensor: Tensor? {
        get { get() }
        nonmutating set { if let newValue { set(newValue) } }
    }
}
