import Hearth

/// Every option of a run, one row each, in the order in which files list them. A row is all that an option needs:
/// `config.json`, files of options, `hearth tune` and the command line read this table.
package struct Settings: Sendable {
    package let dataset = Setting("dataset", "digits", rule: .oneOf(DatasetKind.names))
    package let data = Setting(
        "data", "data", in: .data, "The folder of datasets; what is missing there is downloaded.")
    package let target = Setting<String?>(
        "target", nil, in: .data, "The column of csv that is to be told, by name or number; the last when left out.")
    package let task = Setting<String?>(
        "task", nil, in: .data, "classification or regression; told from the target when left out.",
        rule: .oneOf(["classification", "regression"]))
    package let model = Setting(
        "model", "mlp", in: .network,
        SettingHelp(
            "The kind of network: \(NetworkKind.names.joined(separator: ", ")); or a file of layers, net.yaml.",
            valueName: "model|net.yaml"),
        rule: SettingRule { name, model in
            DescribedNetwork.isFile(model) ? nil : SettingRule.oneOf(NetworkKind.names).complaint(name, model)
        })
    package let hidden = Setting(
        "hidden", [128], in: .network, "The sizes of hidden layers of mlp: 128 or 256,128.", rule: .sizes)
    package let dropout = Setting(
        "dropout", 0.0, in: .network, "The probability of a hidden unit to be left out of a step.",
        rule: SettingRule("must be in 0..<1") { (0..<1).contains($0) })
    package let pretrained = Setting<String?>(
        "pretrained", nil, in: .network,
        "A file of weights to begin with (.pth, .safetensors); what does not fit is told and left out.")
    package let freeze = Setting<[String]>(
        "freeze", [], in: .network,
        SettingHelp(
            "Parameters that stay as they are: a name in which * stands for anything. May be given several times.",
            valueName: "pattern"), isRepeated: true, read: { [$0] })
    package let epochs = Setting(
        "epochs", 5, in: .training, "How often all training samples are seen.",
        rule: SettingRule("must be positive") { $0 > 0 })
    package let batchSize = Setting("batch_size", 64, in: .training, "The samples of one step.", rule: .size)
    package let optimizer = Setting(
        "optimizer", "adam", in: .training, "\(OptimizerKind.names.joined(separator: ", ")); sgd has momentum 0.9.",
        rule: .oneOf(OptimizerKind.names))
    package let lr = Setting(
        "lr", 1e-3, in: .training, "The learning rate.",
        rule: SettingRule("must be a positive number") { $0 > 0 && $0.isFinite })
    package let schedule = Setting(
        "schedule", "constant", in: .training,
        "How the learning rate changes: \(ScheduleKind.names.joined(separator: ", ")).",
        rule: .oneOf(ScheduleKind.names))
    package let weightDecay = Setting<Double?>(
        "weight_decay", nil, in: .training, "The factor of the L2 penalty, or of adamw's decay.",
        rule: SettingRule("must not be negative") { $0 ?? 0 >= 0 })
    package let l1 = Setting(
        "l1", 0.0, in: .training, "The factor of the sum of magnitudes of all weights.",
        rule: SettingRule("must not be negative") { $0 >= 0 })
    package let clip = Setting<Double?>(
        "clip", nil, in: .training, "The largest norm of the gradient; larger ones are scaled down.",
        rule: SettingRule("must be positive") { $0 ?? 1 > 0 })
    package let earlyStop = Setting<Int?>(
        "early_stop", nil, in: .training, "Stop when the validation loss has not fallen for so many epochs.",
        rule: SettingRule("must be positive") { $0 ?? 1 > 0 })
    package let onNaN = Setting(
        "on_nan", "stop", in: .training,
        "What to do at a loss that is NaN or infinite: stop, warn, or skip the batch.",
        rule: .oneOf(NaNPolicy.allCases.map(\.rawValue)))
    package let seed = Setting<UInt64>("seed", 0, in: .training, "What all chance derives from.")
    package let split = Setting(
        "split", [0.7, 0.15, 0.15], in: .data, "The shares of training, validation and test samples.",
        rule: SettingRule("must be three shares above 0 that sum to 1") {
            $0.count == 3 && $0.allSatisfy { $0 > 0 } && abs($0.reduce(0, +) - 1) < 1e-6
        })
    package let augment = Setting<[String]>(
        "augment", [], in: .data,
        SettingHelp(
            "What is done to training pictures by chance: 'RandomCrop(32, padding=4), RandomHorizontalFlip', or a file.",
            valueName: "list|file.yaml"),
        rule: SettingRule { _, steps in
            do { _ = try AugmentationSteps(steps) } catch { return "\(error)" }
            return nil
        }, read: { try AugmentationSteps.texts($0) })
    package let imageSize = Setting<Int?>(
        "image_size", nil, in: .data,
        "The size that pictures of a folder are brought to; their own, which must be one, when left out.",
        rule: SettingRule("must be from 1 to 4096") { (1...4096).contains($0 ?? 1) })
}

extension Settings {
    /// The rows.
    static let table = Settings()

    /// The rows without the types of their values.
    package static let all: [any AnySetting] = Mirror(reflecting: table).children.compactMap {
        $0.value as? any AnySetting
    }

    /// The row with this name, in the writing of files or of the command line.
    package static func named(_ name: String) -> (any AnySetting)? {
        let name = name.replacing("-", with: "_")
        return all.first { $0.name == name }
    }
}
