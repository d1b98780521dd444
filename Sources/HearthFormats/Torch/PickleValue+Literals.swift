extension PickleValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `None`.
    public init(nilLiteral: ()) { self = .null }

    /// A `bool`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// An `int`.
    public init(integerLiteral value: Int) { self = .int(value) }

    /// A `float`.
    public init(floatLiteral value: Double) { self = .float(value) }

    /// A `str`.
    public init(stringLiteral value: String) { self = .string(value) }

    /// A `list`.
    public init(arrayLiteral elements: PickleValue...) { self = .list(elements) }

    /// A `dict` with these entries, in order.
    public init(dictionaryLiteral elements: (PickleValue, PickleValue)...) {
        var dictionary = PickleDictionary()
        for (key, value) in elements { dictionary.append(key, value) }
        self = .dictionary(dictionary)
    }
}
