import HearthFormats
import HearthTensor

// Attributes and sizes in a program's text. What JSON has one notation for and Hearth two (whole numbers and others), and
// what it has none for (numbers that are not finite, 64 bits), is an object with one member that says what it is.

extension Size {
    /// A number, a name, or a list that begins with what is done: `["*", "batch", 64]`.
    var json: JSON {
        switch self {
        case .fixed(let value): value.json
        case .named(let name): .string(name)
        case .sum(let a, let b): ["+", a.json, b.json]
        case .product(let a, let b): ["*", a.json, b.json]
        case .quotient(let a, let b): ["/", a.json, b.json]
        case .dimension(let node, let axis): ["size", node.json, axis.json]
        }
    }

    init(_ json: JSON) throws(GraphError) {
        switch json {
        case .string(let name): self = .named(name)
        case .array(let parts): try self.init(parts)
        default: self = .fixed(try Int(json))
        }
    }

    private init(_ parts: [JSON]) throws(GraphError) {
        guard parts.count == 3, let sign = parts[0].string else {
            throw GraphError("a size is a number, a name or a list of three, not \(parts.count) values")
        }
        switch sign {
        case "+": self = .sum(try Size(parts[1]), try Size(parts[2]))
        case "*": self = .product(try Size(parts[1]), try Size(parts[2]))
        case "/": self = .quotient(try Size(parts[1]), try Size(parts[2]))
        case "size": self = .dimension(node: try Int(parts[1]), axis: try Int(parts[2]))
        default: throw GraphError("sizes are put together by +, *, / and size, not by '\(sign)'")
        }
    }
}

extension Int {
    /// A number, or text where JSON's numbers are not exact.
    var json: JSON { magnitude < 1 << 53 ? .number(Double(self)) : ["int": .string(String(self))] }

    init(_ json: JSON) throws(GraphError) {
        if let value = json.int {
            self = value
        } else if let text = json["int"]?.string, let value = Int(text) {
            self = value
        } else {
            throw GraphError("a whole number is expected, not \(json)")
        }
    }
}

extension GraphAttribute {
    var json: JSON {
        switch self {
        case .bool(let value): .bool(value)
        case .size(.fixed(let value)): value.json
        case .size(let size): ["size": size.json]
        case .number(let value): ["number": value.isFinite ? .number(value) : .string("\(value)")]
        case .ratio(let ratio):
            [ratio.isRoot ? "root" : "ratio": [ratio.numerator.json, ratio.denominator.json]]
        case .string(let text): .string(text)
        case .list(let values): .array(values.map(\.json))
        case .repeated(let value, let count): ["repeat": value.json, "count": count.json]
        case .record(let fields): ["record": Self.json(fields)]
        }
    }

    static func json(_ fields: [Field]) -> JSON { .object(fields.map { ($0.name, $0.value.json) }) }

    init(_ json: JSON) throws(GraphError) {
        switch json {
        case .bool(let value): self = .bool(value)
        case .number: self = .size(.fixed(try Int(json)))
        case .string(let text): self = .string(text)
        case .array(let values):
            self = .list(try values.map { value throws(GraphError) in try GraphAttribute(value) })
        case .object(let members): self = try Self.made(members, json)
        case .null: throw GraphError("an attribute is null")
        }
    }

    private static func made(_ members: [(key: String, value: JSON)], _ json: JSON) throws(GraphError) -> GraphAttribute
    {
        guard let (key, value) = members.first, members.count == (key == "repeat" ? 2 : 1) else {
            throw GraphError("an attribute is \(json)")
        }
        switch (key, value) {
        case ("int", _): return .size(.fixed(try Int(json)))
        case ("size", _): return .size(try Size(value))
        case ("number", .number(let number)): return .number(number)
        case ("number", .string(let text)):
            guard let number = Double(text) else { throw GraphError("'\(text)' is no number") }
            return .number(number)
        case ("ratio", .array(let sizes)), ("root", .array(let sizes)):
            guard sizes.count == 2 else { throw GraphError("a ratio has two sizes, not \(sizes.count)") }
            return .ratio(SizeRatio(try Size(sizes[0]), try Size(sizes[1]), isRoot: key == "root"))
        case ("repeat", _): return .repeated(try GraphAttribute(value), count: try Size(json["count"] ?? .null))
        case ("record", _): return .record(try fields(value))
        default: throw GraphError("an attribute is \(json)")
        }
    }

    static func fields(_ json: JSON) throws(GraphError) -> [Field] {
        guard case .object(let members) = json else { throw GraphError("attributes are \(json), no object") }
        return try members.map { member throws(GraphError) in Field(member.key, try GraphAttribute(member.value)) }
    }
}
