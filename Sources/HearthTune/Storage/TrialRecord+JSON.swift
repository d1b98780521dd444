import HearthFormats

// Trials as files have them.
extension TrialRecord {
    var json: JSON {
        .object([
            ("state", .string(state.rawValue)), ("values", .array(values.map(Self.json))),
            ("parameters", Self.object(parameters) { $0.json }),
            ("distributions", Self.object(distributions) { $0.json }),
            (
                "reports",
                .array(reports.sorted { $0.key < $1.key }.map { [.number(Double($0.key)), Self.json($0.value)] })
            ), ("given", Self.object(given) { $0.json }), ("notes", Self.object(notes) { .string($0) }),
            ("started", started.map { .number($0) } ?? .null), ("ended", ended.map { .number($0) } ?? .null),
            ("retries", .number(Double(retries))),
        ])
    }

    /// Reads what `json` gives. Throws `StudyError`.
    init(_ json: JSON, number: Int) throws {
        let damage = StudyError("trial \(number) cannot be read")
        guard let state = json["state"]?.string.flatMap(State.init), let values = json["values"]?.array,
            let reports = json["reports"]?.array
        else { throw damage }
        self.init(number: number, state: state)
        self.values = try values.map { try Self.double($0) ?? { throw damage }() }
        parameters = try Self.members(json["parameters"]) { try ParameterValue($0) ?? { throw damage }() }
        distributions = try Self.members(json["distributions"]) { try Distribution($0) ?? { throw damage }() }
        for report in reports {
            guard let pair = report.array, pair.count == 2, let step = pair[0].int, let value = Self.double(pair[1])
            else {
                throw damage
            }
            self.reports[step] = value
        }
        given = try Self.members(json["given"]) { try ParameterValue($0) ?? { throw damage }() }
        notes = try Self.members(json["notes"]) { try $0.string ?? { throw damage }() }
        started = json["started"]?.double
        ended = json["ended"]?.double
        retries = json["retries"]?.int ?? 0
    }

    private static func object<Value>(_ values: [String: Value], _ json: (Value) -> JSON) -> JSON {
        .object(values.sorted { $0.key < $1.key }.map { (key: $0.key, value: json($0.value)) })
    }

    private static func members<Value>(_ json: JSON?, _ read: (JSON) throws -> Value) throws -> [String: Value] {
        guard case .object(let members) = json else { return [:] }
        return Dictionary(try members.map { ($0.key, try read($0.value)) }) { first, _ in first }
    }

    /// JSON has no infinities.
    private static func json(_ value: Double) -> JSON { value.isFinite ? .number(value) : .string("\(value)") }

    private static func double(_ json: JSON) -> Double? { json.double ?? json.string.flatMap { Double($0) } }
}

extension ParameterValue {
    fileprivate var json: JSON {
        switch self {
        case .int(let value): ["int": .number(Double(value))]
        case .float(let value): ["float": .number(value)]
        case .category(let value): ["category": .string(value)]
        }
    }

    fileprivate init?(_ json: JSON) {
        if let value = json["int"]?.int {
            self = .int(value)
        } else if let value = json["float"]?.double {
            self = .float(value)
        } else if let value = json["category"]?.string {
            self = .category(value)
        } else {
            return nil
        }
    }
}

extension Distribution {
    fileprivate var json: JSON {
        switch self {
        case .int(let low, let high, let step, let isLog):
            [
                "kind": "int", "low": .number(Double(low)), "high": .number(Double(high)),
                "step": .number(Double(step)), "log": .bool(isLog),
            ]
        case .float(let low, let high, let step, let isLog):
            [
                "kind": "float", "low": .number(low), "high": .number(high),
                "step": step.map { .number($0) } ?? .null, "log": .bool(isLog),
            ]
        case .categorical(let choices): ["kind": "categorical", "choices": .array(choices.map { .string($0) })]
        }
    }

    fileprivate init?(_ json: JSON) {
        switch json["kind"]?.string {
        case "int":
            guard let low = json["low"]?.int, let high = json["high"]?.int, let step = json["step"]?.int, step > 0,
                low <= high
            else { return nil }
            self = .int(low: low, high: high, step: step, log: json["log"]?.bool ?? false)
        case "float":
            guard let low = json["low"]?.double, let high = json["high"]?.double, low <= high else { return nil }
            self = .float(low: low, high: high, step: json["step"]?.double, log: json["log"]?.bool ?? false)
        case "categorical":
            guard let choices = json["choices"]?.array?.compactMap(\.string), !choices.isEmpty else { return nil }
            self = .categorical(choices)
        default: return nil
        }
    }
}
