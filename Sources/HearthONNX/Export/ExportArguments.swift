import HearthGraph
import HearthTensor

/// The attributes of an operation that is being exported, read as what they should be.
struct ExportArguments {
    private let fields: [GraphAttribute.Field]

    init(_ fields: [GraphAttribute.Field]) { self.fields = fields }

    /// The attribute with this name. Throws when there is none.
    func argument(_ name: String) throws(ONNXError) -> GraphAttribute {
        guard let field = fields.first(where: { $0.name == name }) else {
            throw ONNXError(expected: "an attribute '\(name)'", found: "none")
        }
        return field.value
    }

    private func wrong(_ name: String, _ expected: String, _ found: GraphAttribute) -> ONNXError {
        ONNXError(expected: "\(expected) as '\(name)'", found: "\(found)")
    }

    /// True when there is an attribute with this name.
    func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

    /// A size, which may differ from run to run.
    func size(_ name: String) throws(ONNXError) -> Size {
        let argument = try argument(name)
        guard case .size(let size) = argument else { throw wrong(name, "a size", argument) }
        return size
    }

    /// A whole number that is the same in every run.
    func int(_ name: String) throws(ONNXError) -> Int {
        let argument = try argument(name)
        guard case .size(.fixed(let value)) = argument else {
            throw wrong(name, "a number that is the same in every run", argument)
        }
        return value
    }

    /// Whole numbers that are the same in every run.
    func ints(_ name: String) throws(ONNXError) -> [Int] {
        let argument = try argument(name)
        guard case .list = argument, let values = argument.integers else {
            throw wrong(name, "numbers that are the same in every run", argument)
        }
        return values
    }

    /// Sizes, which may differ from run to run.
    func sizes(_ name: String) throws(ONNXError) -> [Size] {
        let argument = try argument(name)
        guard case .list(let values) = argument else { throw wrong(name, "sizes", argument) }
        return try values.map { value throws(ONNXError) in
            guard case .size(let size) = value else { throw wrong(name, "sizes", argument) }
            return size
        }
    }

    /// A number that is the same in every run.
    func number(_ name: String) throws(ONNXError) -> Double {
        let argument = try argument(name)
        switch argument {
        case .number(let value): return value
        case .size(.fixed(let value)): return Double(value)
        default: throw wrong(name, "a number that is the same in every run", argument)
        }
    }

    func bool(_ name: String) throws(ONNXError) -> Bool {
        let argument = try argument(name)
        guard case .bool(let value) = argument else { throw wrong(name, "yes or no", argument) }
        return value
    }

    func text(_ name: String) throws(ONNXError) -> String {
        let argument = try argument(name)
        guard case .string(let value) = argument else { throw wrong(name, "a word", argument) }
        return value
    }

    func dtype(_ name: String) throws(ONNXError) -> DType {
        let text = try text(name)
        guard let dtype = DType(attributeValue: .string(text)) else {
            throw ONNXError(expected: "a dtype as '\(name)'", found: text)
        }
        return dtype
    }

    /// The attributes that are one value.
    func record(_ name: String) throws(ONNXError) -> ExportArguments {
        ExportArguments(try fields(name))
    }

    func fields(_ name: String) throws(ONNXError) -> [GraphAttribute.Field] {
        let argument = try argument(name)
        guard case .record(let fields) = argument else { throw wrong(name, "a record", argument) }
        return fields
    }

    /// Records, one after another.
    func records(_ name: String) throws(ONNXError) -> [ExportArguments] {
        let argument = try argument(name)
        guard case .list(let values) = argument else { throw wrong(name, "a list", argument) }
        return try values.map { value throws(ONNXError) in
            guard case .record(let fields) = value else { throw wrong(name, "a list of records", argument) }
            return ExportArguments(fields)
        }
    }
}

extension GraphAttribute {
    /// The value as an operation takes it; nil when it differs from run to run.
    var fixedValue: AttributeValue? {
        switch self {
        case .bool(let value): return .bool(value)
        case .size(let size): return size.fixed.map { .int($0) }
        case .number(let value): return .double(value)
        case .string(let value): return .string(value)
        case .ratio, .repeated: return nil
        case .list(let values):
            let fixed = values.compactMap(\.fixedValue)
            return fixed.count == values.count ? .list(fixed) : nil
        case .record(let fields): return Self.fixedAttributes(fields).map { .record($0) }
        }
    }

    /// The attributes as an operation takes them; nil when one differs from run to run.
    static func fixedAttributes(_ fields: [Field]) -> Attributes? {
        let values = fields.compactMap { field in field.value.fixedValue.map { (name: field.name, value: $0) } }
        return values.count == fields.count ? Attributes(values) : nil
    }
}
