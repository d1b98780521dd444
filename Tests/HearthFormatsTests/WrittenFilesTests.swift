import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

import HearthFormats

/// Writes the files that `Tests/Goldens/check_formats.py` reads back with PyTorch, NumPy and safetensors, into the
/// folder named by `HEARTH_WRITTEN`; into a temporary one, and reads them back itself, when it is not set.
@Suite struct WrittenFilesTests {
    @Test func writesFilesForPython() throws {
        if let folder = getenv("HEARTH_WRITTEN") {
            try write(into: String(cString: folder))
        } else {
            try withTemporaryFolder { try write(into: $0) }
        }
    }

    private func write(into folder: String) throws {
        let tensors = Golden.everyDType
        try tensors.save(to: "\(folder)/dtypes.pth")
        try tensors.save(to: "\(folder)/dtypes.safetensors")
        try TorchFile.read(Golden.path("views.pth")).write(to: "\(folder)/views.pth")
        try TorchFile.read(Golden.path("checkpoint.pth")).write(to: "\(folder)/checkpoint.pth")
        var arrays = tensors
        arrays["bfloat16"] = nil
        try arrays.save(to: "\(folder)/dtypes.npz")
        try NPZ.write(arrays, to: "\(folder)/compressed.npz", compressed: true)
        for (name, tensor) in arrays { try NPY.write(tensor, to: "\(folder)/\(name).npy") }
        try NPY.write(Golden.tensor([], .float64), to: "\(folder)/scalar.npy")
        try IDX.write(Golden.tensor([2, 3, 4], .int16), to: "\(folder)/int16.idx.gz")
        try writeLargeZip(to: "\(folder)/zip64.zip")
        for name in fileNames(in: folder) where name.hasSuffix("pth") || name.hasSuffix("npz") {
            #expect(try !ZipArchive(ByteSource(path: "\(folder)/\(name)"), inflatedLimit: nil).entries.isEmpty)
        }
    }

    /// As a file of more than 4 GiB is written.
    private func writeLargeZip(to path: String) throws {
        try AtomicFile.write(to: path) { file in
            var writer = ZipWriter(file, zip64Threshold: 0)
            try writer.add("a", [1, 2, 3], alignment: 64)
            try writer.add("b", [UInt8](repeating: 9, count: 1000))
            try writer.finish()
        }
    }
}

extension PickleValue {
    fileprivate func write(to path: String) throws { try TorchFile.write(self, to: path) }
}
