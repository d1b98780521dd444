import Hearth

/// Everything that decides how a run goes: what `config.json` holds, and what `evaluate` and `predict` need to make the
/// same model and the same inputs again.
struct RunConfiguration {
    // What the user asked for; `Setting.all` has a name for each.

    var dataset = "digits"
    /// The file of a `csv` dataset, the folder of the others.
    var data = "data"
    /// The column of a table that is to be told, by name or number; the last when nil.
    var target: String?
    /// `classification` or `regression`; told from the target when nil.
    var task: String?
    var model = "mlp"
    var hidden = [128]
    var dropout = 0.0
    /// A file of weights to begin with.
    var pretrained: String?
    /// Patterns of the names of parameters that stay as they are.
    var freeze: [String] = []
    var epochs = 5
    var batchSize = 64
    var optimizer = "adam"
    var lr = 1e-3
    var schedule = "constant"
    /// The optimizer's own when nil.
    var weightDecay: Double?
    /// The factor of the sum of magnitudes of all weights.
    var l1 = 0.0
    /// The largest norm of the gradient.
    var clip: Double?
    /// How many epochs without improvement are waited for.
    var earlyStop: Int?
    var seed: UInt64 = 0
    var split = [0.7, 0.15, 0.15]
    /// What is done to training pictures by chance, a step each.
    var augment: [String] = []
    /// The size that the pictures of a folder are brought to.
    var imageSize: Int?

    // What was learned from the data.

    /// The shape of one input.
    var inputShape: [Int] = []
    var classes: [String] = []
    /// What is taken from each feature, and what it is divided by: of pictures one number for each channel. Worked out
    /// from the samples that are trained on.
    var mean: [Double] = []
    var std: [Double] = []
    /// How the columns of a table become features.
    var columns: [TableColumn] = []
    /// Mean and deviation of the numbers that a regression is to tell.
    var targetScale: [Double] = []

    /// How large a layer or an input may be: more is a mistake rather than a wish.
    static let sizes = 1...1_000_000

    var isRegression: Bool { task == "regression" }

    /// Throws `RunError` when an option has no meaning, before any work is done.
    func checkOptions() throws {
        func require(_ condition: Bool, _ rule: String) throws { if !condition { throw RunError(rule) } }
        guard NetworkKind.named(model) != nil else {
            throw RunError("unknown model '\(model)'; there are \(NetworkKind.names.joined(separator: ", "))")
        }
        for (kind, name, known) in [
            ("dataset", dataset, Examples.names), ("optimizer", optimizer, Training.optimizers),
            ("schedule", schedule, Training.schedules), ("task", task ?? Self.tasks[0], Self.tasks),
        ] where !known.contains(name) {
            throw RunError("unknown \(kind) '\(name)'; there are \(known.joined(separator: ", "))")
        }
        for size in hidden + [batchSize] {
            try require(Self.sizes.contains(size), "sizes must be from 1 to a million; one is \(size)")
        }
        try require(epochs > 0, "'epochs' must be positive; it is \(epochs)")
        try require(lr > 0 && lr.isFinite, "'lr' must be a positive number; it is \(lr)")
        try require((0..<1).contains(dropout), "'dropout' must be in 0..<1; it is \(dropout)")
        try require(weightDecay ?? 0 >= 0 && l1 >= 0, "'weight_decay' and 'l1' must not be negative")
        try require(clip ?? 1 > 0, "'clip' must be positive; it is \(clip ?? 0)")
        try require(
            imageSize == nil || dataset == "folder", "'image_size' is for pictures in a folder, not for '\(dataset)'")
        try require((1...4096).contains(imageSize ?? 1), "'image_size' must be from 1 to 4096; it is \(imageSize ?? 0)")
        try require(augment.isEmpty || dataset != "csv", "'augment' is for pictures, not for tables")
        _ = try Augmentation(augment)
        try require(earlyStop ?? 1 > 0, "'early_stop' must be positive; it is \(earlyStop ?? 0)")
        try require(
            split.count == 3 && split.allSatisfy { $0 > 0 } && abs(split.reduce(0, +) - 1) < 1e-6,
            "'split' must be three shares above 0 that sum to 1; it is \(split)")
    }

    static let tasks = ["classification", "regression"]
}

/// Something that a user asked for and cannot have.
package struct RunError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

extension RunConfiguration {
    /// As `config.json` holds it.
    var json: JSON {
        .object(
            Setting.all.map { (key: $0.name, value: $0.get(self)) } + [
                (key: "input_shape", value: inputShape.json), (key: "classes", value: classes.json),
                (key: "mean", value: mean.json), (key: "std", value: std.json),
                (key: "columns", value: columns.json), (key: "target_scale", value: targetScale.json),
            ])
    }

    /// Reads what `json` gives. Throws `RunError` that names what is missing.
    init(_ json: JSON, file: String) throws {
        self.init()
        for setting in Setting.all {
            // Runs of earlier versions lack the options that came later.
            if json[setting.name] == nil, !Self.everyRunHas.contains(setting.name) { continue }
            guard let value = json[setting.name], setting.set(&self, value) else {
                throw RunError("\(file): '\(setting.name)' is missing or wrong")
            }
        }
        func get<T: SettingValue>(_ name: String, _ fallback: T? = nil) throws -> T {
            if json[name] == nil, let fallback { return fallback }
            guard let value = json[name].flatMap({ T($0) }) else {
                throw RunError("\(file): '\(name)' is missing or wrong")
            }
            return value
        }
        inputShape = try get("input_shape")
        classes = try get("classes")
        mean = try get("mean")
        std = try get("std")
        columns = try get("columns", [])
        targetScale = try get("target_scale", [])
        do { try check() } catch { throw RunError("\(file): \(error)") }
    }

    private static let everyRunHas = [
        "dataset", "data", "model", "hidden", "epochs", "batch_size", "optimizer", "lr", "seed", "split",
    ]

    /// Throws `RunError` when values do not go together, as in a file that was edited or damaged.
    private func check() throws {
        try checkOptions()
        func require(_ condition: Bool, _ rule: String) throws { if !condition { throw RunError(rule) } }
        try require([1, 3].contains(inputShape.count), "'input_shape' must have 1 or 3 sizes; it is \(inputShape)")
        for size in inputShape + [max(classes.count, 1)] {
            try require(Self.sizes.contains(size), "sizes must be from 1 to a million; one is \(size)")
        }
        try require(inputShape.reduce(1.0) { $0 * Double($1) } <= 1e9, "'input_shape' \(inputShape) is too large")
        if isRegression {
            try require(
                targetScale.count == 2 && targetScale[1] > 0, "'target_scale' must be a mean and a deviation above 0")
        } else {
            try require(
                classes.count > 1 && Set(classes).count == classes.count,
                "'classes' must be two or more, all different")
        }
        try checkModel()
        let channels = inputShape[0]
        try require(
            mean.count == channels && std.count == channels && std.allSatisfy { $0 > 0 },
            "'mean' and 'std' must have \(channels) numbers, deviations above 0; they have \(mean.count) and \(std.count)"
        )
        try require(
            columns.isEmpty || columns.reduce(0) { $0 + $1.width } == channels,
            "'columns' must make \(channels) features")
    }

    /// Throws `RunError` when the kind of network cannot take the inputs.
    func checkModel() throws {
        guard let kind = NetworkKind.named(model) else { return }
        if let problem = kind.problem(inputShape) { throw RunError("the model '\(model)' \(problem)") }
    }
}
