import Hearth

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder of one run, and the names of the files in it.
package struct RunFolder {
    package let path: String

    package init(path: String) { self.path = path }

    var configuration: String { path + "/config.json" }
    /// The options alone, for `hearth train --config`.
    var options: String { path + "/config.yaml" }
    var checkpoint: String { path + "/checkpoint" }
    var best: String { path + "/checkpoint-best" }
    var metrics: String { path + "/metrics.jsonl" }
    /// The page about the run.
    package var report: String { path + "/report.html" }
    /// What TensorBoard reads, where it was asked for.
    var tensorBoard: String { path + "/tensorboard" }
    package var model: String { path + "/model.pth" }
    var safetensors: String { path + "/model.safetensors" }

    /// True when a run has been started here.
    package var holdsRun: Bool { access(configuration, F_OK) == 0 }

    /// True when there is something to go on from.
    var holdsCheckpoint: Bool { access(checkpoint, F_OK) == 0 }

    /// True when there is a trained model.
    var holdsModel: Bool { access(model, F_OK) == 0 }

    /// `base`, or `base-2`, `base-3`, …: the first where no run was started.
    package static func free(_ base: String) -> RunFolder {
        var number = 1
        while true {
            let folder = RunFolder(path: number == 1 ? base : "\(base)-\(number)")
            if !folder.holdsRun { return folder }
            number += 1
        }
    }

    /// Makes the folder and those above it.
    func create() throws {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += made.isEmpty || made.hasSuffix("/") ? String(part) : "/" + part
            guard mkdir(made, 0o777) == 0 || errno == EEXIST else {
                throw RunError("cannot make the folder '\(made)': \(String(cString: strerror(errno)))")
            }
        }
    }

    /// Takes away what a run that was killed has left half written.
    func removeUnfinishedFiles() {
        guard let folder = opendir(path) else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("."), name.hasSuffix(AtomicFile.unfinishedExtension) { unlink("\(path)/\(name)") }
        }
    }

    /// Writes the configuration.
    func write(_ configuration: RunConfiguration) throws {
        try AtomicFile.write(Array((configuration.json.indented + "\n").utf8), to: self.configuration)
        try AtomicFile.write(Array(configuration.optionsText.utf8), to: options)
    }

    /// Reads the configuration. Throws `RunError` when there is no run.
    package func readConfiguration() throws -> RunConfiguration {
        guard holdsRun else { throw RunError("'\(path)' holds no run: it has no config.json") }
        let text = String(decoding: try TextFile.read(configuration), as: UTF8.self)
        return try RunConfiguration(JSON(parsing: text, name: configuration), file: configuration)
    }

    /// The model of this run with its trained weights, in evaluation mode.
    package func loadModel(_ configuration: RunConfiguration) throws -> any Layer {
        let model = try configuration.makeModel()
        try model.loadStateDict(StateDict(contentsOf: self.model))
        return model.eval()
    }
}
