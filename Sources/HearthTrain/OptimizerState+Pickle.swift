import HearthFormats
import HearthNN
import HearthTensor

// An optimizer's state in PyTorch's layout: {"state": {0: {"step": …, "exp_avg": …}}, "param_groups": [{…}]}.
extension OptimizerState {
    /// The state as `optimizer.load_state_dict` takes it in PyTorch.
    public var pickle: PickleValue {
        var entries = PickleDictionary()
        for (position, entry) in parameters.sorted(by: { $0.key < $1.key }) {
            var saved = PickleDictionary()
            saved.append("step", .tensor(Tensor(Float(entry.step))))
            for (name, tensor) in entry.tensors.sorted(by: { $0.key < $1.key }) {
                saved.append(.string(name), .tensor(tensor))
            }
            for (name, tensors) in entry.lists.sorted(by: { $0.key < $1.key }) {
                saved.append(.string(name), .list(tensors.map { .tensor($0) }))
            }
            for (name, number) in entry.numbers.sorted(by: { $0.key < $1.key }) {
                saved.append(.string(name), number.pickle)
            }
            entries.append(.int(position), .dictionary(saved))
        }
        return ["state": .dictionary(entries), "param_groups": .list(groups.map(\.pickle))]
    }

    /// Reads what `pickle` gives, or what PyTorch's `optimizer.state_dict()` was saved as. Throws `FormatError`, with
    /// `file` in it, when the value is something else.
    ///
    ///     let saved = try TorchFile.read("optimizer.pt")
    ///     try optimizer.load(OptimizerState(saved, file: "optimizer.pt"))
    public init(_ value: PickleValue, file: String = "value") throws {
        try self.init(CheckpointReader(path: file, value: value), value)
    }

    init(_ file: CheckpointReader, _ value: PickleValue) throws {
        self.init()
        groups = try file.get("param_groups", \.elements, in: value).map { try Group(file, $0) }
        for (key, entry) in try file.get("state", \.dictionary, in: value) {
            guard let position = key.int, let saved = entry.dictionary else {
                throw FormatError(
                    file: file.path, expected: "an optimizer's state by number", found: "\(key.typeName)")
            }
            var kept = Entry(step: 1, tensors: [:])
            for (name, value) in saved {
                guard let name = name.string else { continue }
                if name == "step" {
                    kept.step = try Self.step(file, value)
                } else if let tensor = value.tensor {
                    kept.tensors[name] = tensor
                } else if let elements = value.elements {
                    kept.lists[name] = elements.compactMap(\.tensor)
                } else {
                    kept.numbers[name] = OptionValue(value)
                }
            }
            parameters[position] = kept
        }
    }

    /// A count of steps: PyTorch's is a tensor, of older versions a number.
    private static func step(_ file: CheckpointReader, _ value: PickleValue) throws -> Int {
        let number = value.tensor.flatMap { $0.count == 1 ? $0.item() : nil } ?? value.double
        guard let number, let step = Int(exactly: number), step >= 0 else {
            throw FormatError(
                file: file.path, expected: "a count of steps",
                found: number.map { "\($0)" } ?? "another \(value.typeName)")
        }
        return step
    }
}

extension OptimizerState.Group {
    fileprivate var pickle: PickleValue {
        var entries = PickleDictionary()
        for (name, option) in options.sorted(by: { $0.key < $1.key }) { entries.append(.string(name), option.pickle) }
        entries.append("params", .list(parameters.map { .int($0) }))
        return .dictionary(entries)
    }

    fileprivate init(_ file: CheckpointReader, _ value: PickleValue) throws {
        var options: [String: OptionValue] = [:]
        for (key, value) in value.dictionary ?? PickleDictionary() {
            guard let name = key.string, name != "params" else { continue }
            options[name] = OptionValue(value)
        }
        self.init(options: options, parameters: try file.get("params", \.elements, in: value).compactMap(\.int))
    }
}

extension OptionValue {
    fileprivate var pickle: PickleValue {
        switch self {
        case .bool(let value): .bool(value)
        case .number(let value): .float(value)
        case .integer(let value): .int(value)
        case .text(let value): .string(value)
        case .absent: .null
        case .list(let values): .tuple(values.map(\.pickle))
        }
    }

    /// Nil for what is no option: a tensor, a dictionary.
    fileprivate init?(_ value: PickleValue) {
        if let flag = value.bool {
            self = .bool(flag)
        } else if let number = value.int {
            self = .integer(number)
        } else if let number = value.double {
            self = .number(number)
        } else if let text = value.string {
            self = .text(text)
        } else if let elements = value.elements {
            self = .list(elements.compactMap(OptionValue.init))
        } else if case .null = value {
            self = .absent
        } else {
            return nil
        }
    }
}
