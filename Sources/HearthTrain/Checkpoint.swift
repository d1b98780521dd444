import HearthFormats
import HearthNN
import HearthTensor

/// Everything that training needs to go on bit for bit: weights, optimizer, schedule, random numbers, the place in the
/// epoch, what metrics and callbacks have collected, and the history.
///
/// It is an ordinary PyTorch file: `torch.load(path, weights_only=True)["model"]` is a state dict, `["optimizer"]`
/// what `optimizer.load_state_dict` takes.
public enum Checkpoint {
    /// Writes where `trainer` is to a file. The file is replaced as a whole: a kill at any instant leaves the old one
    /// or the new one.
    public static func save(_ trainer: Trainer, to path: String) throws {
        var entries = PickleDictionary()
        func add(_ name: String, _ value: PickleValue) { entries.append(.string(name), value) }
        add("format", "hearth-checkpoint-1")
        add("model", PickleValue(trainer.model.stateDict))
        add("optimizer", trainer.optimizer.state.pickle)
        // PyTorch's habit is one optimizer a file; those after the first are apart.
        add("more_optimizers", .list(trainer.optimizers.dropFirst().map(\.state.pickle)))
        if let scheduler = trainer.scheduler { add("scheduler", scheduler.pickle) }
        let random = Generator.default.state
        add(
            "random",
            ["seed": .int(Int(bitPattern: UInt(random.seed))), "offset": .int(Int(bitPattern: UInt(random.offset)))])
        add("position", trainer.position.pickle)
        if let seed = trainer.loaderSeed { add("loader_seed", .int(Int(bitPattern: UInt(seed)))) }
        add("metrics", .list(trainer.metrics.map { .numbers($0.state) }))
        add("callbacks", .list(trainer.callbacks.map { .numbers($0.state) }))
        add("history", .list(trainer.history.map(\.pickle)))
        try TorchFile.write(.dictionary(entries), to: path)
    }

    /// Puts `trainer` where a file says, so that `fit` goes on from there. Throws `FormatError`, `StateDictError` or
    /// `OptimizerStateError` when the file is damaged or belongs to another training; then nothing was changed.
    public static func load(_ path: String, into trainer: Trainer) throws {
        let file = CheckpointReader(path: path, value: try TorchFile.read(path))
        guard try file.get("format", \.string) == "hearth-checkpoint-1" else {
            throw FormatError(file: path, expected: "a checkpoint of this version", found: "another format")
        }
        // Everything is read before anything is changed.
        let weights = try file.get("model", \.self).stateDict(file: path)
        let optimizers = try file.optimizerStates(for: trainer)
        let schedule = try file.schedule(for: trainer)
        let position = try Trainer.Position(file)
        let history = try file.get("history", \.elements).map { try EpochRecord(file, $0) }
        let random = try file.get("random", \.self)
        let seed = try file.get("seed", \.int, in: random)
        let offset = try file.get("offset", \.int, in: random)
        let metrics = try file.metricStates(for: trainer)
        let callbacks = try file.get("callbacks", \.elements).map { try file.numbers($0) }
        try load(weights, optimizers, into: trainer)
        if let schedule { trainer.scheduler?.state = schedule }
        Generator.default.state = Generator.State(
            seed: UInt64(UInt(bitPattern: seed)), offset: UInt64(UInt(bitPattern: offset)))
        trainer.position = position
        trainer.loaderSeed = file.value["loader_seed"]?.int.map { UInt64(UInt(bitPattern: $0)) }
        trainer.history = history
        trainer.saved = Trainer.Saved(loaderSeed: trainer.loaderSeed, callbackStates: callbacks)
        for (metric, state) in zip(trainer.metrics, metrics) { metric.state = state }
    }

    /// All or nothing.
    private static func load(_ weights: StateDict, _ states: [OptimizerState], into trainer: Trainer) throws {
        let before = trainer.model.stateDict
        let statesBefore = trainer.optimizers.map(\.state)
        try trainer.model.loadStateDict(weights)
        do {
            for (optimizer, state) in zip(trainer.optimizers, states) { try optimizer.load(state) }
        } catch {
            try trainer.model.loadStateDict(before)
            for (optimizer, state) in zip(trainer.optimizers, statesBefore) { try optimizer.load(state) }
            throw error
        }
    }
}

extension Trainer {
    /// Goes on from a checkpoint: the next `fit` ends as the interrupted one would have, bit for bit, given a loader
    /// with the same data, batch size and seed. See `Checkpoint.load`.
    public func resume(from path: String) throws { try Checkpoint.load(path, into: self) }
}

/// Finds entries of a checkpoint and names what is missing.
struct CheckpointReader {
    let path: String
    let value: PickleValue

    func get<T>(_ name: String, _ read: (PickleValue) -> T?, in value: PickleValue? = nil) throws -> T {
        guard let entry = (value ?? self.value)[name] else {
            throw FormatError(file: path, expected: "a checkpoint with '\(name)'", found: "none")
        }
        guard let result = read(entry) else {
            throw FormatError(file: path, expected: "another type of '\(name)'", found: entry.typeName)
        }
        return result
    }

    /// The saved states of the optimizers of `trainer`.
    func optimizerStates(for trainer: Trainer) throws -> [OptimizerState] {
        // Files from before there could be several have no list.
        let more = try value["more_optimizers"] == nil ? [] : get("more_optimizers", \.elements)
        guard more.count + 1 == trainer.optimizers.count else {
            throw FormatError(
                file: path, expected: "\(trainer.optimizers.count) optimizers", found: "\(more.count + 1)")
        }
        return try zip([get("optimizer", \.self)] + more, trainer.optimizers).map {
            try optimizerState($0, for: $1)
        }
    }

    /// The saved state of an optimizer, which has at least the options of `optimizer`.
    private func optimizerState(_ value: PickleValue, for optimizer: any Optimizer) throws -> OptimizerState {
        let state = try OptimizerState(self, value)
        for (saved, own) in zip(state.groups, optimizer.state.groups) {
            let missing = own.options.keys.filter { saved.options[$0] == nil }.sorted()
            guard missing.isEmpty else {
                throw FormatError(
                    file: path, expected: "the state of \(type(of: optimizer))",
                    found: "one of another optimizer, without \(missing.joined(separator: ", "))")
            }
        }
        return state
    }

    /// The state of the schedule, nil when `trainer` has none.
    func schedule(for trainer: Trainer) throws -> [Double]? {
        guard let scheduler = trainer.scheduler else { return nil }
        let saved = try get("scheduler", \.self)
        let type = try get("type", \.string, in: saved)
        let state = try numbers(get("state", \.self, in: saved))
        guard type == scheduler.typeName, state.count == scheduler.state.count else {
            throw FormatError(
                file: path, expected: "a schedule \(scheduler.typeName) of \(scheduler.state.count) numbers",
                found: "\(type) of \(state.count)")
        }
        guard state.allSatisfy({ !$0.isNaN }) else {
            throw FormatError(file: path, expected: "the numbers of a schedule", found: "NaN")
        }
        return state
    }

    /// What each metric of `trainer` had collected.
    func metricStates(for trainer: Trainer) throws -> [[Double]] {
        let states = try get("metrics", \.elements).map { try numbers($0) }
        guard states.count == trainer.metrics.count, zip(trainer.metrics, states).allSatisfy({ $0.accepts(state: $1) })
        else {
            throw FormatError(
                file: path,
                expected:
                    "the states of \(trainer.metrics.count) metrics, of \(trainer.metrics.map(\.state.count)) numbers",
                found: "\(states.count), of \(states.map(\.count))")
        }
        return states
    }

    func numbers(_ value: PickleValue) throws -> [Double] {
        guard let elements = value.elements else {
            throw FormatError(file: path, expected: "a list of numbers", found: value.typeName)
        }
        return try elements.map { element in
            guard let number = element.double else {
                throw FormatError(file: path, expected: "a number", found: element.typeName)
            }
            return number
        }
    }
}

extension PickleValue {
    static func numbers(_ values: [Double]) -> PickleValue { .list(values.map { .float($0) }) }
}

extension Scheduler {
    fileprivate var typeName: String { "\(Self.self)" }

    fileprivate var pickle: PickleValue {
        ["type": .string(typeName), "last_epoch": .int(epoch), "state": .numbers(state)]
    }
}

extension Trainer.Position {
    fileprivate var pickle: PickleValue {
        [
            "epoch": .int(epoch), "batch": .int(batch), "loss_sum": .float(lossSum), "samples": .int(samples),
            "interrupted": .bool(isInterrupted),
        ]
    }

    fileprivate init(_ file: CheckpointReader) throws {
        let saved = try file.get("position", \.self)
        epoch = try file.get("epoch", \.int, in: saved)
        batch = try file.get("batch", \.int, in: saved)
        lossSum = try file.get("loss_sum", \.double, in: saved)
        samples = try file.get("samples", \.int, in: saved)
        guard epoch >= 0, batch >= 0, samples >= 0 else {
            throw FormatError(file: file.path, expected: "a position in training", found: "a negative one")
        }
    }
}

extension EpochRecord {
    fileprivate var pickle: PickleValue {
        [
            "epoch": .int(epoch), "names": .list(values.map { .string($0.name) }),
            "values": .numbers(values.map(\.value)), "seconds": .float(seconds),
            "samples_per_second": .float(samplesPerSecond),
        ]
    }

    fileprivate init(_ file: CheckpointReader, _ saved: PickleValue) throws {
        let names = try file.get("names", \.elements, in: saved).compactMap(\.string)
        let values = try file.numbers(file.get("values", \.self, in: saved))
        guard names.count == values.count else {
            throw FormatError(
                file: file.path, expected: "a name for each of \(values.count) values", found: "\(names.count)")
        }
        epoch = try file.get("epoch", \.int, in: saved)
        self.values = zip(names, values).map { (name: $0, value: $1) }
        seconds = try file.get("seconds", \.double, in: saved)
        samplesPerSecond = try file.get("samples_per_second", \.double, in: saved)
    }
}
