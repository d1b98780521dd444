import Hearth

/// Everything that decides how a run goes: what `config.json` holds, and what `evaluate` and `predict` need to make the
/// same model and the same inputs again.
struct RunConfiguration {
    var dataset: String
    /// The file of a `csv` dataset, the folder of the others.
    var data: String
    var model = "mlp"
    var hidden = [128]
    var epochs = 5
    var batchSize = 64
    var optimizer = "adam"
    var lr = 1e-3
    var seed: UInt64 = 0
    var split = [0.7, 0.15, 0.15]
    /// The shape of one input, known once the data is read.
    var inputShape: [Int] = []
    var classes: [String] = []
    /// What is taken from each feature, and what it is divided by: of pictures one number for all pixels. Worked out
    /// from the samples that are trained on.
    var mean: [Double] = []
    var std: [Double] = []

    /// How large a layer or an input may be: more is a mistake rather than a wish.
    static let sizes = 1...1_000_000

    /// Throws `RunError` when there is no such model or optimizer.
    static func checkNames(model: String, optimizer: String) throws {
        guard model == "mlp" else { throw RunError("unknown model '\(model)'; there is mlp") }
        let optimizers = ["adam", "adamw", "sgd", "rmsprop", "adagrad"]
        guard optimizers.contains(optimizer) else {
            throw RunError("unknown optimizer '\(optimizer)'; there are \(optimizers.joined(separator: ", "))")
        }
    }

    /// The model that was asked for, with new weights.
    func makeModel() -> any Layer {
        let sizes = [inputShape.reduce(1, *)] + hidden
        return Sequential {
            Flatten()
            for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
                Linear(inputs, outputs)
                ReLU()
            }
            Linear(sizes[sizes.count - 1], classes.count)
        }
    }

    /// The optimizer that was asked for.
    func makeOptimizer(_ parameters: [Parameter]) -> any Optimizer {
        switch optimizer {
        case "adamw": AdamW(parameters, lr: lr)
        case "sgd": SGD(parameters, lr: lr, momentum: 0.9)
        case "rmsprop": RMSprop(parameters, lr: lr)
        case "adagrad": Adagrad(parameters, lr: lr)
        default: Adam(parameters, lr: lr)
        }
    }
}

/// Something that a user asked for and cannot have.
struct RunError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension RunConfiguration {
    /// As `config.json` holds it.
    var json: JSON {
        func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
        func integers(_ values: [Int]) -> JSON { .array(values.map { .number(Double($0)) }) }
        return [
            "dataset": .string(dataset), "data": .string(data), "model": .string(model), "hidden": integers(hidden),
            "epochs": .number(Double(epochs)), "batch_size": .number(Double(batchSize)),
            "optimizer": .string(optimizer), "lr": .number(lr), "seed": .string(String(seed)),
            "split": numbers(split), "input_shape": integers(inputShape),
            "classes": .array(classes.map { .string($0) }), "mean": numbers(mean), "std": numbers(std),
        ]
    }

    /// Reads what `json` gives. Throws `RunError` that names what is missing.
    init(_ json: JSON, file: String) throws {
        func get<T>(_ name: String, _ read: (JSON) -> T?) throws -> T {
            guard let value = json[name].flatMap(read) else { throw RunError("\(file): '\(name)' is missing or wrong") }
            return value
        }
        func list<T>(_ value: JSON, _ read: (JSON) -> T?) -> [T]? {
            guard let elements = value.array else { return nil }
            let values = elements.compactMap(read)
            return values.count == elements.count ? values : nil
        }
        func numbers(_ value: JSON) -> [Double]? { list(value, \.double) }
        func integers(_ value: JSON) -> [Int]? { list(value, \.int) }
        dataset = try get("dataset", \.string)
        data = try get("data", \.string)
        model = try get("model", \.string)
        hidden = try get("hidden", integers)
        epochs = try get("epochs", \.int)
        batchSize = try get("batch_size", \.int)
        optimizer = try get("optimizer", \.string)
        lr = try get("lr", \.double)
        seed = try get("seed") { $0.string.flatMap { UInt64($0) } }
        split = try get("split", numbers)
        inputShape = try get("input_shape", integers)
        classes = try get("classes") { list($0, \.string) }
        mean = try get("mean", numbers)
        std = try get("std", numbers)
        do { try check() } catch { throw RunError("\(file): \(error)") }
    }

    /// Throws `RunError` when values do not go together, as in a file that was edited or damaged.
    private func check() throws {
        try Self.checkNames(model: model, optimizer: optimizer)
        func require(_ condition: Bool, _ rule: String) throws { if !condition { throw RunError(rule) } }
        try require([1, 3].contains(inputShape.count), "'input_shape' must have 1 or 3 sizes; it is \(inputShape)")
        for size in inputShape + hidden + [classes.count, batchSize] {
            try require(Self.sizes.contains(size), "sizes must be from 1 to a million; one is \(size)")
        }
        try require(inputShape.reduce(1.0) { $0 * Double($1) } <= 1e9, "'input_shape' \(inputShape) is too large")
        try require(
            classes.count > 1 && Set(classes).count == classes.count, "'classes' must be two or more, all different")
        try require(epochs > 0 && lr > 0, "'epochs' and 'lr' must be positive; they are \(epochs) and \(lr)")
        try require(
            split.count == 3 && split.allSatisfy { $0 > 0 } && abs(split.reduce(0, +) - 1) < 1e-6,
            "'split' must be three shares above 0 that sum to 1; it is \(split)")
        let channels = inputShape[0]
        try require(
            mean.count == channels && std.count == channels && std.allSatisfy { $0 > 0 },
            "'mean' and 'std' must have \(channels) numbers, deviations above 0; they have \(mean.count) and \(std.count)"
        )
    }
}
