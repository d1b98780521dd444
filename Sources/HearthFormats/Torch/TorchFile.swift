import HearthTensor

/// PyTorch's files: what `torch.save` writes and `torch.load` reads, usually named `.pth` or `.pt`.
///
///     let weights = try TorchFile.readStateDict("resnet18.pth")
///     try TorchFile.write(weights, to: "copy.pth")
///
///     let checkpoint = try TorchFile.read("checkpoint.pth")   // {"model": {…}, "optimizer": {…}, "epoch": 3}
///     let epoch = checkpoint["epoch"]?.int
///
/// Both of PyTorch's formats are read: the zip file of today, little- and big-endian, and the older one (before 1.6).
/// A file cannot run code: only plain data and tensors are read, as with
/// [torch.load(weights_only=True)](https://docs.pytorch.org/docs/stable/generated/torch.load.html), and every size in
/// it is checked. Tensors that share memory in the file share it in the result.
public enum TorchFile {
    /// The value in the file at `path`.
    ///
    /// Throws `FileError` when the file cannot be read, and `FormatError` when it is damaged, uses a Python class that
    /// is not plain data, has tensors of a dtype that Hearth lacks, or decompresses to more than `inflatedLimit` bytes
    /// (by default 256 MiB or 32 times the file; PyTorch itself does not compress).
    public static func read(_ path: String, inflatedLimit: Int? = nil) throws -> PickleValue {
        try read(ByteSource(path: path), inflatedLimit: inflatedLimit)
    }

    /// The value in a file's bytes. Throws as `read(_:inflatedLimit:)` does; `name` is what errors call the bytes.
    public static func read(
        bytes: [UInt8], name: String = "PyTorch data", inflatedLimit: Int? = nil
    ) throws -> PickleValue {
        try read(ByteSource(bytes, name: name), inflatedLimit: inflatedLimit)
    }

    /// The tensors by name of a file that holds a `state_dict()`. Throws as `read(_:inflatedLimit:)` does, and
    /// `FormatError` when the file holds something else, such as a checkpoint with a model's weights in one of its
    /// entries: `try TorchFile.read(path)["model"]?.stateDict()`.
    public static func readStateDict(_ path: String, inflatedLimit: Int? = nil) throws -> StateDict {
        try read(path, inflatedLimit: inflatedLimit).stateDict(file: path)
    }

    private static func read(_ source: ByteSource, inflatedLimit: Int?) throws -> PickleValue {
        if try ZipArchive.isZip(source) { return try TorchArchive(source, inflatedLimit: inflatedLimit).value() }
        if try TorchLegacyFile.isLegacy(source) { return try TorchLegacyFile(source).value() }
        throw source.error("a PyTorch file", "neither a zip file nor PyTorch's older format", at: 0)
    }
}

extension TorchFile {
    /// Writes a value so that `torch.load(path, weights_only=True)` reads it.
    ///
    /// The file is replaced as a whole or not at all. Tensors that overlap in memory are written once and share it
    /// again when the file is read. Throws `FileError` when the file cannot be written.
    public static func write(_ value: PickleValue, to path: String) throws {
        var writer = PickleWriter()
        try writer.write(value, file: path)
        try AtomicFile.write(to: path) { file in
            var archive = ZipWriter(file)
            let folder = FilePath.stem(of: path)
            try archive.add("\(folder)/data.pkl", writer.bytes, alignment: alignment)
            try archive.add("\(folder)/.format_version", Array("1".utf8), alignment: alignment)
            try archive.add("\(folder)/.storage_alignment", Array("\(alignment)".utf8), alignment: alignment)
            try archive.add("\(folder)/byteorder", Array("little".utf8), alignment: alignment)
            for (key, storage) in writer.storages.enumerated() {
                try storage.withUnsafeBytes { bytes in
                    try archive.add("\(folder)/data/\(key)", [bytes], alignment: alignment)
                }
            }
            try archive.add("\(folder)/version", Array("3\n".utf8), alignment: alignment)
            try archive.finish()
        }
    }

    /// Writes tensors by name as an `OrderedDict`, as `torch.save(model.state_dict(), path)` does. Throws as
    /// `write(_:to:)` of a value does.
    public static func write(_ stateDict: StateDict, to path: String) throws {
        try write(PickleValue(stateDict), to: path)
    }

    /// PyTorch's own, so that files can be mapped into memory.
    private static let alignment = 64
}
