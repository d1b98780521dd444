/// The entries of a Python dictionary, in order. Keys are mostly strings or integers and may be any value.
public struct PickleDictionary: Sendable {
    /// True for an `OrderedDict`, which is what PyTorch's `state_dict()` returns.
    public var isOrdered: Bool
    private var entries: [(key: PickleValue, value: PickleValue)] = []

    /// No entries.
    public init(isOrdered: Bool = false) { self.isOrdered = isOrdered }

    /// Adds an entry at the end. The caller sees to it that keys differ.
    public mutating func append(_ key: PickleValue, _ value: PickleValue) { entries.append((key, value)) }

    /// The value of the entry with this name; takes time linear in the number of entries.
    public subscript(key: String) -> PickleValue? {
        first { $0.key.string == key }?.value
    }

    /// The value of the entry with this number as its key, as an optimizer's state has it.
    public subscript(key key: Int) -> PickleValue? {
        first { $0.key.int == key }?.value
    }
}

extension PickleDictionary: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }
    /// The number of entries.
    public var endIndex: Int { entries.count }

    /// The key and the value at a position.
    public subscript(position: Int) -> (key: PickleValue, value: PickleValue) { entries[position] }
}
