import HearthFormats
import HearthTensor

// Trials as files have them.
extension TrialRecord {
    var json: JSON {
        .object([
            ("state", .string(state.rawValue)), ("values", .array(values.map { JSON(exactly: $0) })),
            ("parameters", Self.object(parameters) { $0.json }),
            ("distributions", Self.object(distributions) { $0.json }),
            (
                "reports",
                .array(reports.sorted { $0.key < $1.key }.map { [JSON(exactly: $0.key), JSON(exactly: $0.value)] })
            ), ("given", Self.object(given) { $0.json }), ("notes", Self.object(notes) { .string($0) }),
            ("started", started.map { .number($0) } ?? .null), ("ended", ended.map { .number($0) } ?? .null),
            ("retries", JSON(exactly: retries)), ("retryOf", retryOf.map { JSON(exactly: $0) } ?? .null),
            ("enqueued", .bool(isEnqueued)),
        ])
    }

    /// Reads what `json` gives. Throws `StudyError`.
    init(_ json: JSON, number: Int) throws {
        let damage = StudyError("trial \(number) cannot be read")
        guard let state = json["state"]?.string.flatMap(State.init), let values = json["values"]?.array,
            let reports = json["reports"]?.array
        else { throw damage }
        self.init(number: number, state: state)
        self.values = try values.map { try $0.exactDouble ?? { throw damage }() }
        parameters = try Self.members(json["parameters"]) { try ParameterValue($0) ?? { throw damage }() }
        distributions = try Self.members(json["distributions"]) { try Distribution($0) ?? { throw damage }() }
        for report in reports {
            guard let pair = report.array, pair.count == 2, let step = pair[0].exactInt, let value = pair[1].exactDouble
            else { throw damage }
            self.reports[step] = value
        }
        given = try Self.members(json["given"]) { try ParameterValue($0) ?? { throw damage }() }
        notes = try Self.members(json["notes"]) { try $0.string ?? { throw damage }() }
        started = json["started"]?.double
        ended = json["ended"]?.double
        guard [started, ended].allSatisfy({ (0...1e11).contains($0 ?? 0) }) else { throw damage }
        retries = json["retries"]?.int ?? 0
        retryOf = json["retryOf"]?.int
        guard (0...(1 << 32)).contains(retries), (0...number).contains(retryOf ?? 0) else { throw damage }
        // What a trial has must be a value of what it asked for: samplers and charts count on it.
        for (name, value) in parameters {
            guard let distribution = distributions[name], distribution.contains(value) else { throw damage }
        }
        // Files of version 1 do not say whether parameters were given by the user or by a retry.
        isEnqueued = json["enqueued"]?.bool ?? !given.isEmpty
    }

    private static func object<Value>(_ values: [String: Value], _ json: (Value) -> JSON) -> JSON {
        .object(values.sorted { $0.key < $1.key }.map { (key: $0.key, value: json($0.value)) })
    }

    private static func members<Value>(_ json: JSON?, _ read: (JSON) throws -> Value) throws -> [String: Value] {
        guard case .object(let members) = json else { return [:] }
        return Dictionary(try members.map { ($0.key, try read($0.value)) }) { first, _ in first }
    }
}

extension JSON {
    /// A whole number: as text where a number of JSON, which has 53 bits, would lose some of it.
    fileprivate init(exactly value: Int) {
        self = value.magnitude <= 1 << 53 ? .number(Double(value)) : .string("\(value)")
    }

    /// A real number: as text where JSON has none, as for infinity.
    fileprivate init(exactly value: Double) { self = value.isFinite ? .number(value) : .string("\(value)") }

    fileprivate var exactInt: Int? {
        if let text = string { return Int(text) }
        // Files of version 1 have the largest number as 2⁶³, which is one more.
        return double == 0x1p63 ? .max : int
    }

    fileprivate var exactDouble: Double? { double ?? string.flatMap { Double($0) } }
}

extension ParameterValue {
    fileprivate var json: JSON {
        switch self {
        case .int(let value): ["int": JSON(exactly: value)]
        case .float(let value): ["float": JSON(exactly: value)]
        case .category(let value): ["category": .string(value)]
        }
    }

    fileprivate init?(_ json: JSON) {
        if let value = json["int"]?.exactInt {
            self = .int(value)
        } else if let value = json["float"]?.exactDouble {
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
                "kind": "int", "low": JSON(exactly: low), "high": JSON(exactly: high), "step": JSON(exactly: step),
                "log": .bool(isLog),
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
            guard let low = json["low"]?.exactInt, let high = json["high"]?.exactInt, low <= high,
                let step = json["step"]?.exactInt, step > 0
            else { return nil }
            let isLog = json["log"]?.bool ?? false
            guard !isLog || (low > 0 && step == 1) else { return nil }
            self = .int(low: low, high: high, step: step, log: isLog)
        case "float":
            guard let low = json["low"]?.double, let high = json["high"]?.double, low <= high,
                (high - low).isFinite
            else { return nil }
            let (step, isLog) = (json["step"]?.double, json["log"]?.bool ?? false)
            guard step.map({ $0 > 0 && $0.isFinite && !isLog }) ?? true, !isLog || low > 0 else { return nil }
            self = .float(low: low, high: high, step: step, log: isLog)
        case "categorical":
            guard let list = json["choices"]?.array, !list.isEmpty else { return nil }
            let choices = list.compactMap(\.string)
            guard choices.count == list.count, Set(choices).count == choices.count else { return nil }
            self = .categorical(choices)
        default: return nil
        }
    }
}
