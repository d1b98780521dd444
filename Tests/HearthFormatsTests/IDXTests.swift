import HearthTensor
import Testing

import HearthFormats

@Suite struct IDXTests {
    static let dtypes: [DType] = [.uint8, .int8, .int16, .int32, .float32, .float64]

    @Test(arguments: dtypes) func readsEveryDType(dtype: DType) throws {
        let tensor = try IDX.read(Golden.path("\(dtype).idx"))
        #expect(tensor.dtype == dtype)
        #expect(tensor.shape == [2, 3, 4])
        #expect(tensor.elements == Golden.elements(24, dtype))
    }

    @Test(arguments: ["int16.idx.gz", "members.idx.gz"]) func readsCompressed(name: String) throws {
        #expect(try IDX.read(Golden.path(name)).elements == Golden.elements(24, .int16))
    }

    @Test(arguments: dtypes) func returnsWhatItWrites(dtype: DType) throws {
        try withTemporaryFolder { folder in
            for name in ["a.idx", "a.idx.gz"] {
                try IDX.write(Golden.tensor([2, 3, 4], dtype), to: "\(folder)/\(name)")
                #expect(try IDX.read("\(folder)/\(name)").elements == Golden.elements(24, dtype))
            }
            #expect(
                try ByteSource(path: "\(folder)/a.idx").bytes(at: 0, count: 16)
                    == Array(Golden.bytes("\(dtype).idx")[..<16]))
        }
    }

    @Test func refusesWrongSizes() throws {
        let bytes = try Golden.bytes("int16.idx")
        #expect(message { _ = try IDX.read(bytes: bytes.dropLast()) }.contains("48 bytes"))
        #expect(message { _ = try IDX.read(bytes: bytes + [0]) }.contains("48 bytes"))
        #expect(message { _ = try IDX.read(bytes: Gzip.compress(bytes.dropLast())) }.contains("48 bytes"))
        #expect(message { _ = try IDX.read(bytes: Gzip.compress(bytes + [0])) }.contains("the end"))
        #expect(message { _ = try IDX.read(bytes: [1, 2, 3, 4]) }.contains("IDX"))
        let huge: [UInt8] = [0, 0, 0x0e, 3] + [UInt8](repeating: 0xff, count: 12)
        #expect(message { _ = try IDX.read(bytes: Gzip.compress(huge)) }.contains("memory"))
        let large: [UInt8] = [0, 0, 8, 1, 0xff, 0xff, 0xff, 0xff]
        #expect(message { _ = try IDX.read(bytes: Gzip.compress(large)) }.contains("at most"))
        #expect(message { try IDX.write(Golden.tensor([1], .int64), to: "/nowhere") }.contains("int64"))
    }
}
