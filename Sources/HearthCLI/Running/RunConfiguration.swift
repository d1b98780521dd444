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

    /// The model that was asked for, with new weights.
    func makeModel() throws -> any Layer {
        guard model == "mlp" else { throw RunError("unknown model '\(model)'; there is mlp") }
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
    func makeOptimizer(_ parameters: [Parameter]) throws -> any Optimizer {
        switch optimizer {
        case "adam": Adam(parameters, lr: lr)
        case "adamw": AdamW(parameters, lr: lr)
        case "sgd": SGD(parameters, lr: lr, momentum: 0.9)
        case "rmsprop": RMSprop(parameters, lr: lr)
        case "adagrad": Adagrad(parameters, lr: lr)
        default:
            throw RunError("unknown optimizer '\(optimizer)'; there are adam, adamw, sgd, rmsprop and adagrad")
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
        func numbers(_ value: JSON) -> [Double]? { value.array?.compactMap(\.double) }
        func integers(_ value: JSON) -> [Int]? { value.array?.compactMap(\.int) }
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
        classes = try get("classes") { $0.array?.compactMap(\.string) }
        mean = try get("mean", numbers)
        std = try get("std", numbers)
        guard hidden.allSatisfy({ $0 > 0 }), inputShape.allSatisfy({ $0 > 0 }), classes.count > 1, batchSize > 0 else {
            throw RunError("\(file): a size is not positive, or there are fewer than two classes")
        }
    }
}
