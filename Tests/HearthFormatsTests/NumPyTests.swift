import HearthTensor
import Testing

import HearthFormats

@Suite struct NumPyTests {
    @Test(arguments: ["version1", "version2", "version3", "fortran", "big"])
    func readsEveryVersionAndOrder(name: String) throws {
        let tensor = try NPY.read(Golden.path("\(name).npy"))
        #expect(tensor.shape == [2, 3, 4])
        #expect(tensor.dtype == .float32)
        #expect(tensor.elements == Golden.elements(24, .float32))
    }

    @Test func readsOddShapes() throws {
        #expect(try NPY.read(Golden.path("big_fortran.npy")).elements == Golden.elements(24, .int64))
        #expect(try NPY.read(Golden.path("scalar.npy")).shape == [])
        #expect(try NPY.read(Golden.path("empty.npy")).shape == [0, 3])
    }

    @Test func namesWhatItCannotHold() throws {
        let structured = #expect(throws: FormatError.self) { try NPY.read(Golden.path("structured.npy")) }
        #expect("\(structured!)".contains("structured") && "\(structured!)".contains("np.savez"))
        let texts = #expect(throws: FormatError.self) { try NPY.read(Golden.path("texts.npy")) }
        #expect("\(texts!)".contains("dtype '<U2'"))
    }

    @Test(arguments: ["dtypes.npz", "dtypes_compressed.npz"])
    func readsArchives(name: String) throws {
        let arrays = try StateDict(contentsOf: Golden.path(name))
        #expect(arrays.count == 9)
        for dtype in DType.allCases where dtype != .bfloat16 {
            #expect(arrays[dtype.description]?.dtype == dtype)
            #expect(arrays[dtype.description]?.elements == Golden.elements(6, dtype))
        }
    }

    @Test(arguments: [false, true])
    func returnsWhatItWrites(compressed: Bool) throws {
        try withTemporaryFolder { folder in
            var arrays = Golden.everyDType
            arrays["bfloat16"] = nil
            arrays["cube"] = Golden.tensor([2, 3, 4], .float32)
            try NPZ.write(arrays, to: "\(folder)/a.npz", compressed: compressed)
            let again = try NPZ.read("\(folder)/a.npz")
            #expect(again.keys == arrays.keys)
            for (name, tensor) in arrays {
                #expect(again[name]?.shape == tensor.shape)
                #expect(again[name]?.elements == tensor.elements)
            }
            try NPY.write(Golden.tensor([5], .int8), to: "\(folder)/a.npy")
            #expect(try NPY.read("\(folder)/a.npy").elements == Golden.elements(5, .int8))
            let message = message { try NPY.write(Golden.tensor([5], .bfloat16), to: "\(folder)/b.npy") }
            #expect(message.contains("found bfloat16"))
        }
    }

    private func failure(_ header: String, data: Int = 8) -> String {
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        bytes.append(integer: UInt16(header.utf8.count))
        return message { _ = try NPY.read(bytes: bytes + Array(header.utf8) + [UInt8](repeating: 0, count: data)) }
    }

    @Test func checksHeaders() {
        #expect(failure("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }\n") == "")
        #expect(failure("{\"shape\":(),\"descr\":\"<f8\",\"fortran_order\":True}") == "")
        #expect(failure("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }").contains("16 bytes"))
        #expect(failure("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }").contains("'|O'"))
        #expect(failure("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }").contains("'<c8'"))
        #expect(failure("{'descr': '|f8', 'fortran_order': False, 'shape': (1,), }").contains("'|f8'"))
        #expect(failure("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }").contains("integer"))
        #expect(
            failure("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 2), }").contains("memory"))
        #expect(failure("{'descr': '<f8', 'fortran_order': False}").contains("other fields"))
        #expect(failure("{'descr': '<f8', 'descr': '<f8'}").contains("'descr'"))
        #expect(failure("__import__('os')").contains("'{'"))
        #expect(message { _ = try NPY.read(bytes: []) }.contains("NumPy"))
    }
}
