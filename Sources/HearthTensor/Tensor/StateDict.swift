/// Tensors by name, in the order in which they were added: the weights of a model.
///
///     var weights = StateDict()
///     weights["fc.weight"] = Tensor.make([2, 3], .float32) { _ in }
///     for (name, tensor) in weights { print(name, tensor.shape) }
///
/// A state dict is a value: a copy never changes with the original. Finding a tensor by name takes constant time, and
/// so does adding one; taking one out takes time linear in the number of tensors. It is what PyTorch's
/// [state_dict](https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html) is, with the same names.
public struct StateDict: Sendable {
    /// The names, in order.
    public private(set) var keys: [String] = []
    /// The tensors, in the order of `keys`.
    public private(set) var tensors: [Tensor] = []
    private var positions: [String: Int] = [:]

    /// No tensors.
    public init() {}

    /// The pairs of a sequence, in order. Of two pairs with one name the later gives the tensor, the earlier the place.
    public init(_ pairs: some Sequence<(name: String, tensor: Tensor)>) {
        for (name, tensor) in pairs { self[name] = tensor }
    }

    /// The tensor with this name, nil when there is none. Setting a new name adds it at the end; setting nil takes the
    /// name out.
    public subscript(name: String) -> Tensor? {
        get { positions[name].map { tensors[$0] } }
        set {
            switch (positions[name], newValue) {
            case (let position?, let tensor?): tensors[position] = tensor
            case (nil, let tensor?): append(name, tensor)
            case (let position?, nil): remove(at: position)
            case (nil, nil): break
            }
        }
    }

    /// The same tensors under the names that `body` gives for theirs, without those for which it gives nil. Of two
    /// tensors that get one name the later counts.
    public func renamed(_ body: (String) throws -> String?) rethrows -> StateDict {
        var result = StateDict()
        for (name, tensor) in zip(keys, tensors) {
            if let new = try body(name) { result[new] = tensor }
        }
        return result
    }

    /// The same names with the tensors on another device.
    public func to(_ device: Device) -> StateDict {
        var result = self
        result.tensors = tensors.map { $0.to(device) }
        return result
    }

    private mutating func append(_ name: String, _ tensor: Tensor) {
        positions[name] = keys.count
        keys.append(name)
        tensors.append(tensor)
    }

    private mutating func remove(at position: Int) {
        positions[keys[position]] = nil
        keys.remove(at: position)
        tensors.remove(at: position)
        for later in position..<keys.count { positions[keys[later]] = later }
    }
}

extension StateDict: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }
    /// The number of entries.
    public var endIndex: Int { keys.count }

    /// The name and the tensor at a position.
    public subscript(position: Int) -> (name: String, tensor: Tensor) { (keys[position], tensors[position]) }
}

extension StateDict: CustomStringConvertible {
    /// One line for each tensor: its name, shape and dtype.
    public var description: String {
        map { "\($0.name): \($0.tensor.shape) \($0.tensor.dtype)" }.joined(separator: "\n")
    }
}
