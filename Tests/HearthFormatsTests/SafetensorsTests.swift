import HearthTensor
import Testing

import HearthFormats

@Suite struct SafetensorsTests {
    @Test func readsWhatTheLibraryWrites() throws {
        let path = Golden.path("dtypes.safetensors")
        let tensors = try StateDict(contentsOf: path)
        for dtype in DType.allCases {
            #expect(tensors[dtype.description]?.dtype == dtype)
            #expect(tensors[dtype.description]?.elements == Golden.elements(6, dtype))
        }
        #expect(tensors["scalar"]?.shape == [])
        #expect(tensors["empty"]?.shape == [0, 3])
        #expect(try Safetensors.readMetadata(path) == ["format": "pt", "note": "a \"quoted\" ü\n"])
    }

    @Test func returnsWhatItWrites() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.safetensors"
            var tensors = Golden.everyDType
            tensors["turned \"ü\"\u{1}"] = Tensor.strided([3, 2], strides: [1, 3], of: Golden.tensor([2, 3], .int16))
            try Safetensors.write(tensors, to: path, metadata: ["a\\": "b\n"])
            let again = try Safetensors.read(path)
            #expect(again.keys == tensors.keys)
            for (name, tensor) in tensors { #expect(again[name]?.elements == tensor.elements) }
            #expect(try Safetensors.readMetadata(path) == ["a\\": "b\n"])
        }
    }

    private func failure(_ header: String, data: Int = 8) -> String {
        var bytes: [UInt8] = []
        bytes.append(integer: header.utf8.count)
        return message {
            _ = try Safetensors.read(bytes: bytes + Array(header.utf8) + [UInt8](repeating: 0, count: data))
        }
    }

    @Test func checksRanges() {
        #expect(failure(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#) == "")
        #expect(failure(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}   "#) == "")
        #expect(
            failure(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 9).contains("8 bytes of data"))
        #expect(
            failure(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 7).contains("8 bytes of data"))
        #expect(failure(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#).contains("start at byte 0"))
        #expect(failure(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#).contains("4 bytes for 'a'"))
        #expect(failure(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#).contains("data_offsets"))
        let overlap =
            #"{"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"b":{"dtype":"U8","shape":[5],"data_offsets":[3,8]}}"#
        #expect(failure(overlap).contains("start at byte 5"))
    }

    @Test func checksTheHeader() {
        #expect(failure(#"{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}"#).contains("'F8_E4M3'"))
        #expect(failure(#"{"a":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]}}"#).contains("not negative"))
        #expect(
            failure(#"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,8]}}"#).contains("63 bits"))
        #expect(
            failure(#"{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#).contains("memory"))
        #expect(failure(#"{"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"x":1}}"#).contains("'x'"))
        #expect(failure(#"{"a":{"dtype":"U8","shape":[08],"data_offsets":[0,8]}}"#).contains("integer"))
        #expect(failure(#"{"__metadata__":{"a":"b","a":"c"}}"#).contains("differ"))
        #expect(failure(#"{"a":[["#).contains("'{'"))
        #expect(failure(" {}").contains("'{'"))
        #expect(failure("{} x").contains("end of the text"))
        #expect(failure(#"{"\ud800":"#).contains("surrogate"))
        #expect(failure(String(repeating: "[", count: 100_000)).contains("'{'"))
        #expect(message { _ = try Safetensors.read(bytes: [UInt8](repeating: 255, count: 64)) }.contains("header"))
    }
}
