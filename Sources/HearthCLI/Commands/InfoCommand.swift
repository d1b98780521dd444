import ArgumentParser
import Hearth
import HearthRuns

/// `hearth info`: what a file of weights holds.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Tell what a file of weights or a checkpoint holds.",
        discussion: "Files are read without running anything in them: .pth, .pt, .bin, .safetensors and .npz.")

    @Argument(help: ArgumentHelp("The file.", valueName: "file"))
    var path: String

    @Option(help: "The entry of a checkpoint whose tensors are shown: model.")
    var entry: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() throws {
        let isTorch = !path.hasSuffix(".safetensors") && !path.hasSuffix(".npz")
        if isTorch, entry == nil, case let file = try TorchFile.read(path), let entries = Self.entries(of: file) {
            return tell(entries)
        }
        let state =
            if let entry { try StateDict(contentsOf: path, entry: entry) } else if isTorch {
                try TorchFile.readStateDict(path)
            } else { try StateDict(contentsOf: path) }
        tell(state)
    }

    /// The entries of a checkpoint; nil for what holds tensors alone.
    private static func entries(of file: PickleValue) -> [(name: String, text: String)]? {
        guard case .dictionary(let entries) = file, (try? file.stateDict()) == nil else { return nil }
        return entries.compactMap { key, value in
            key.string.map { name in
                let tensors = try? value.stateDict()
                return (name: name, text: tensors.map { "\($0.count) tensors" } ?? value.typeName)
            }
        }
    }

    private func tell(_ entries: [(name: String, text: String)]) {
        if json {
            print(
                [
                    "file": .string(path),
                    "entries": .object(entries.map { (key: $0.name, value: .string($0.text)) }),
                ] as JSON)
            return
        }
        let width = entries.map(\.name.count).max() ?? 0
        for (name, text) in entries { print("\(name.padded(to: width))  \(text)") }
        if let weights = entries.first(where: { $0.text.hasSuffix("tensors") }) {
            print("A checkpoint; --entry \(weights.name) shows its tensors")
        }
    }

    private func tell(_ state: StateDict) {
        let count = state.reduce(0) { $0 + $1.tensor.count }
        let bytes = state.reduce(0) { $0 + $1.tensor.count * $1.tensor.dtype.byteCount }
        if json {
            print(
                [
                    "file": .string(path), "parameters": .number(Double(count)), "bytes": .number(Double(bytes)),
                    "tensors": .array(
                        state.map { name, tensor in
                            [
                                "name": .string(name), "dtype": .string("\(tensor.dtype)"),
                                "shape": .array(tensor.shape.map { .number(Double($0)) }),
                            ]
                        }),
                ] as JSON)
            return
        }
        let width = min(state.map(\.name.count).max() ?? 0, 48)
        for (name, tensor) in state { print("\(name.padded(to: width))  \(tensor.dtype) \(tensor.shape)") }
        print("\(state.count) tensors, \(ModelSummary.grouped(count)) elements, \(ModelSummary.grouped(bytes)) bytes")
    }
}
