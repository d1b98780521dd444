import ArgumentParser
import Hearth
import HearthRuns

// From the command line, a file of options, or an earlier run to the configuration of a run.
extension TrainCommand {
    /// The defaults, changed by a file of options and by what was given here. Throws `ValidationError` or `RunError` for
    /// what has no meaning.
    func requested() throws -> RunConfiguration {
        var configuration = RunConfiguration()
        if let config { try configuration.apply(OptionsFile(contentsOf: config)) }
        for (name, value) in given {
            guard let setting = Settings.named(name), configuration.set(setting, value) else {
                fatalError("the option '\(name)' has no setting of its kind")
            }
        }
        do { try configuration.checkOptions() } catch { throw ValidationError("\(error)") }
        return configuration
    }

    /// The options that were given, under their names in files.
    private var given: [(name: String, value: JSON)] {
        let arguments = [("dataset", dataset), ("data", file)].compactMap { name, value in
            value.map { (name: name, value: JSON.string($0)) }
        }
        let options = dataOptions.given + networkOptions.given + trainingOptions.given
        return arguments + options.filter { option in !arguments.contains { $0.name == option.name } }
    }

    /// The options of the run in the folder. Throws when others than --epochs were given as well, since they would
    /// change nothing.
    func savedConfiguration(_ folder: RunFolder) throws -> RunConfiguration {
        var saved = try folder.readConfiguration()
        for (name, value) in given where name != "epochs" {
            guard let setting = Settings.named(name) else { continue }
            let before = saved[setting]
            guard before.description == value.description else {
                throw ValidationError(
                    "--resume goes on with \(name == "dataset" ? "the dataset" : setting.option) "
                        + "\(before.written); \(value.written) needs a run of its own")
            }
        }
        guard let epochs = given.first(where: { $0.name == "epochs" })?.value.int else { return saved }
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
