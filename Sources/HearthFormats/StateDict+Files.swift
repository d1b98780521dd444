import HearthTensor

extension StateDict {
    /// Reads tensors by name from a file, whose extension tells the format: `.pth`, `.pt` or `.bin` for PyTorch's,
    /// `.safetensors`, or `.npz` for NumPy's.
    ///
    ///     try model.load(StateDict(contentsOf: "model.pth"))
    ///
    /// Throws `FileError` when the file cannot be read, and `FormatError` when it is damaged or of another kind.
    public init(contentsOf path: String) throws {
        self =
            switch try WeightFormat(path: path) {
            case .torch: try TorchFile.readStateDict(path)
            case .safetensors: try Safetensors.read(path)
            case .npz: try NPZ.read(path)
            }
    }

    /// Reads the tensors of one entry of a checkpoint in a PyTorch file.
    ///
    ///     try model.loadStateDict(StateDict(contentsOf: "checkpoint.pth", entry: "model"))
    ///
    /// Throws `FileError` when the file cannot be read, and `FormatError` when it is damaged or has no such entry.
    public init(contentsOf path: String, entry: String) throws {
        let file = try TorchFile.read(path)
        guard let value = file[entry] else {
            throw FormatError(file: path, expected: "a checkpoint with the entry '\(entry)'", found: "none")
        }
        self = try value.stateDict(file: path)
    }

    /// Writes the tensors to a file, whose extension tells the format, as for `init(contentsOf:)`. The file is replaced
    /// as a whole or not at all.
    ///
    ///     try model.stateDict.save(to: "model.pth")
    ///
    /// Throws `FileError` when the file cannot be written, and `FormatError` when the extension names no format or the
    /// format lacks the dtype of a tensor (`.npz` has no `bfloat16`).
    public func save(to path: String) throws {
        switch try WeightFormat(path: path) {
        case .torch: try TorchFile.write(self, to: path)
        case .safetensors: try Safetensors.write(self, to: path)
        case .npz: try NPZ.write(self, to: path)
        }
    }
}

/// The formats that keep tensors by name.
private enum WeightFormat {
    case torch, safetensors, npz

    init(path: String) throws(FormatError) {
        switch FilePath.pathExtension(of: path) {
        case "pth", "pt", "bin": self = .torch
        case "safetensors": self = .safetensors
        case "npz": self = .npz
        case let other:
            throw FormatError(
                file: path, expected: "a name that ends in .pth, .pt, .bin, .safetensors or .npz",
                found: other.isEmpty ? "no extension" : ".\(other)")
        }
    }
}
