import ArgumentParser
import Hearth

// From the command line, a file of options, or an earlier run to the configuration of a run.
extension TrainCommand {
    /// The defaults, changed by a file of options and by what was given here. Throws `ValidationError` or `RunError` for
    /// what has no meaning.
    func requested() throws -> RunConfiguration {
        var configuration = RunConfiguration()
        if let config { try OptionsFile(contentsOf: config).apply(to: &configuration) }
        for (name, value) in try given {
            guard let setting = Setting.named(name), setting.set(&configuration, value) else {
                fatalError("the option '\(name)' has no setting of its kind")
            }
        }
        do { try configuration.checkOptions() } catch { throw ValidationError("\(error)") }
        return configuration
    }

    /// The options that were given, under their names in files.
    private var given: [(name: String, value: JSON)] {
        get throws {
            let (data, network, training) = (dataOptions, networkOptions, trainingOptions)
            let options: [(String, JSON?)] = [
                ("dataset", dataset?.json), ("data", (file ?? data.data)?.json), ("target", data.target?.json),
                ("task", data.task?.json), ("split", try data.split.map(Self.shares)?.json),
                ("augment", try data.augment.map(Augmentation.texts)?.json), ("image_size", data.imageSize?.json),
                ("model", network.model?.json), ("hidden", try network.hidden.map(Self.sizes)?.json),
                ("dropout", network.dropout?.json), ("pretrained", network.pretrained?.json),
                ("freeze", network.freeze.isEmpty ? nil : network.freeze.json), ("epochs", training.epochs?.json),
                ("batch_size", training.batchSize?.json), ("optimizer", training.optimizer?.json),
                ("lr", try training.lr.map { try Self.finite($0, "--lr") }?.json),
                ("schedule", training.schedule?.json), ("weight_decay", training.weightDecay?.json),
                ("l1", training.l1?.json), ("clip", training.clip?.json), ("early_stop", training.earlyStop?.json),
                ("seed", training.seed?.json),
            ]
            return options.compactMap { name, value in value.map { (name, $0) } }
        }
    }

    /// A value as it is written on the command line.
    private static func shown(_ value: JSON) -> String {
        value.array?.map(shown).joined(separator: ",") ?? value.string ?? value.description
    }

    private static func finite(_ value: Double, _ option: String) throws -> Double {
        guard value.isFinite else { throw ValidationError("\(option) '\(value)' must be a finite number") }
        return value
    }

    private static func sizes(_ text: String) throws -> [Int] {
        let sizes = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard sizes.allSatisfy(RunConfiguration.sizes.contains) else {
            throw ValidationError("--hidden '\(text)' must be sizes like 128 or 256,128, up to a million")
        }
        return sizes
    }

    private static func shares(_ text: String) throws -> [Double] {
        let shares = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? 0 }
        guard shares.count == 3, shares.allSatisfy({ $0 > 0 }), abs(shares.reduce(0, +) - 1) < 1e-6 else {
            throw ValidationError("--split '\(text)' must be three shares above 0 that sum to 1")
        }
        return shares
    }

    /// The options of the run in the folder. Throws when others than --epochs were given as well, since they would
    /// change nothing.
    func savedConfiguration(_ folder: RunFolder) throws -> RunConfiguration {
        var saved = try folder.readConfiguration()
        for (name, value) in try given where name != "epochs" {
            guard let setting = Setting.named(name) else { continue }
            let before = setting.get(saved)
            guard before.description == value.description else {
                throw ValidationError(
                    "--resume goes on with \(name == "dataset" ? "the dataset" : setting.option) "
                        + "\(Self.shown(before)); \(Self.shown(value)) needs a run of its own")
            }
        }
        guard let epochs = trainingOptions.epochs else { return saved }
        guard epochs >= saved.epochs else {
            throw ValidationError("--epochs \(epochs) is less than the \(saved.epochs) of the run")
        }
        guard epochs == saved.epochs || !saved.schedulesEnd else {
            throw ValidationError(
                "the schedule '\(saved.schedule)' ends with epoch \(saved.epochs); more epochs need a run of their own")
        }
        saved.epochs = epochs
        return saved
    }
}
