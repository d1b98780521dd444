import Hearth

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folder of one run, and the names of the files in it.
struct RunFolder {
    let path: String

    var configuration: String { path + "/config.json" }
    /// The options alone, for `hearth train --config`.
    var options: String { path + "/config.yaml" }
    var checkpoint: String { path + "/checkpoint" }
    var best: String { path + "/checkpoint-best" }
    var metrics: String { path + "/metrics.jsonl" }
    /// The page about the run.
    var report: String { path + "/report.html" }
    /// What TensorBoard reads, where it was asked for.
    var tensorBoard: String { path + "/tensorboard" }
    var model: String { path + "/model.pth" }
    var safetensors: String { path + "/model.safetensors" }

    /// True when a run has been started here.
    var holdsRun: Bool { access(configuration, F_OK) == 0 }

    /// True when there is something to go on from.
    var holdsCheckpoint: Bool { access(checkpoint, F_OK) == 0 }

    /// True when there is a trained model.
    var holdsModel: Bool { access(model, F_OK) == 0 }

    /// `base`, or `base-2`, `base-3`, …: the first where no run was started.
    static func free(_ base: String) -> RunFolder {
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
        try AtomicFile.write(Array(OptionsFile.text(configuration).utf8), to: options)
    }

    /// Reads the configuration. Throws `RunError` when there is no run.
    func readConfiguration() throws -> RunConfiguration {
        guard holdsRun else { throw RunError("'\(path)' holds no run: it has no config.json") }
        let text = String(decoding: try TextFile.read(configuration), as: UTF8.self)
        return try RunConfiguration(JSON(parsing: text, name: configuration), file: configuration)
    }

    /// The model of this run with its trained weights, in evaluation mode.
    func loadModel(_ configuration: RunConfiguration) throws -> any Layer {
        let model = configuration.makeModel()
        try model.loadStateDict(StateDict(contentsOf: self.model))
        return model.eval()
    }
}

/// Reads small text files.
enum TextFile {
    /// All bytes of a file. Throws `RunError` that names the file and the reason.
    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else {
            throw RunError("cannot read '\(path)': \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
        guard ferror(file) == 0 else { throw RunError("cannot read '\(path)': \(String(cString: strerror(errno)))") }
        return bytes
    }
}

/// Writes to standard error, where everything goes that is not a result.
func note(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
