import HearthTensor
import Testing

import HearthFormats

/// Pickles that no honest program writes.
@Suite struct HostilePickleTests {
    /// What reading this pickle throws; storage `0` has three floats.
    private func failure(_ pickle: [UInt8]) throws -> String {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.pth"
            try AtomicFile.write(to: path) { file in
                var archive = ZipWriter(file)
                try archive.add("a/data.pkl", pickle)
                try archive.add("a/data/0", [UInt8](repeating: 0, count: 12))
                try archive.finish()
            }
            return message { _ = try TorchFile.read(path) }
        }
    }

    private func failure(_ text: String) throws -> String { try failure(Array(text.utf8)) }

    /// A tensor of storage `0` with the given offset, size and strides, each as pickled operations.
    private func tensor(count: String = "K\u{3}", _ offset: String, _ size: String, _ strides: String) -> String {
        "ctorch._utils\n_rebuild_tensor_v2\n((U\u{7}storagectorch\nFloatStorage\nU\u{1}0U\u{3}cpu\(count)tQ"
            + "\(offset)\(size)\(strides)NNtR."
    }

    @Test(arguments: ["cos\nsystem\n(U\u{2}lstR.", "c__builtin__\neval\n.", "ctorch.jit\nload\n.", "ctorch\nload\n."])
    func refusesOtherNames(pickle: String) throws {
        #expect(try failure(pickle).contains("which is not allowed"))
    }

    @Test func namesWhatItRefuses() throws {
        #expect(try failure("cposix\nsystem\n.").contains("'posix.system', which is not allowed"))
        #expect(try failure("U\u{5}posixU\u{6}system\u{0}".utf8.dropLast() + [0x93]).contains("'posix.system'"))
    }

    @Test func keepsTensorsInsideTheirStorage() throws {
        let outside = "a tensor inside its storage"
        for (offset, size, strides) in [("K\u{1}", 3, 1), ("K\u{0}", 4, 1), ("K\u{0}", 2, 3)]
            as [(String, UInt8, UInt8)]
        {
            #expect(try failure(pickle(offset, size, strides)).contains(outside))
        }
        #expect(try failure(pickle("K\u{0}", 3, 1)) == "")
        #expect(try failure(pickle("K\u{0}", 0, 99)) == "")
    }

    private func pickle(_ offset: String, _ size: UInt8, _ stride: UInt8) -> [UInt8] {
        let start = Array(tensor(offset, "", "").utf8.dropLast(5))
        return start + [0x4b, size, 0x85, 0x4b, stride, 0x85] + Array("NNtR.".utf8)
    }

    private func pickle(size: [Int], strides: [Int], offset: Int = 0) -> [UInt8] {
        func long(_ value: Int) -> [UInt8] { [0x8a, 8] + withUnsafeBytes(of: value.littleEndian, Array.init) }
        func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(long) + [0x74] }
        let start = Array(tensor("", "", "").utf8.dropLast(5))
        return start + long(offset) + tuple(size) + tuple(strides) + Array("NNtR.".utf8)
    }

    @Test func refusesAbsurdLayouts() throws {
        #expect(try failure(pickle(size: [-1], strides: [1])).contains("shape"))
        #expect(try failure(pickle(size: [.max, .max], strides: [0, 0])).contains("fits into memory"))
        #expect(try failure(pickle(size: [0, .max, .max], strides: [0, 0, 0])).contains("fits into memory"))
        #expect(try failure(pickle(size: [3], strides: [-1], offset: 2)).contains("strides"))
        #expect(try failure(pickle(size: [3], strides: [.max])).contains("strides"))
        #expect(try failure(pickle(size: [2], strides: [.max], offset: .max)).contains("strides"))
        #expect(try failure(pickle(size: [1], strides: [1], offset: -1)).contains("offset"))
        #expect(try failure(pickle(size: [1 << 40], strides: [0])).contains("repeats"))
        #expect(try failure(pickle(size: [1 << 20], strides: [0])) == "")
        #expect(
            try failure(pickle(size: [1, 1, 1, 1, 1, 1, 1, 1, 1], strides: [1, 1, 1, 1, 1, 1, 1, 1, 1])).contains(
                "dimensions"))
    }

    @Test func refusesStoragesOfAnotherSize() throws {
        let text = tensor(count: "K\u{4}", "K\u{0}", "(K\u{1}t", "(K\u{1}t")
        #expect(try failure(text).contains("16 bytes in 'a/data/0'"))
        let negative = tensor(count: "J\u{0}\u{0}\u{0}\u{0}", "K\u{0}", "(K\u{1}t", "(K\u{1}t")
        #expect(try failure(negative).contains("inside its storage of 0"))
    }

    @Test func refusesCircles() throws {
        #expect(try failure("]q\u{0}h\u{0}a.").contains("circles"))
        #expect(try failure("}q\u{0}U\u{1}ah\u{0}s.").contains("circles"))
        // A list in a tuple in the list.
        #expect(try failure("]q\u{0}(h\u{0}ta.").contains("circles"))
    }

    @Test func refusesDeepNesting() throws {
        let lists = [UInt8](repeating: 0x5d, count: 200_000) + [UInt8](repeating: 0x61, count: 199_999)
        #expect(try failure(lists + [0x2e]).contains("levels of nesting"))
        let tuples = [0x29] + [UInt8](repeating: 0x85, count: 200_000)
        #expect(try failure(tuples + [0x2e]).contains("levels of nesting"))
    }

    /// Each list holds the one before it ten times.
    @Test func refusesEndlessTrees() throws {
        var pickle = Array("]q\u{0}".utf8)
        for level in 1...60 as ClosedRange<UInt8> {
            pickle +=
                [0x5d, 0x71, level, 0x28] + [UInt8](repeating: 0, count: 10).flatMap { _ in [0x68, level - 1] } + [0x65]
        }
        #expect(try failure(pickle + [0x2e]).contains("values in all"))
    }

    /// Calls that copy one long list again and again.
    @Test func refusesEndlessCopies() throws {
        var pickle = Array("](".utf8) + [UInt8](repeating: 0x4e, count: 50_000) + Array("eq\u{0}".utf8)
        for _ in 0..<2_000 { pickle += Array("c__builtin__\nset\nh\u{0}".utf8) + [0x85, 0x52] }
        #expect(try failure(pickle + [0x2e]).contains("objects"))
    }

    @Test func checksTheStack() throws {
        #expect(try failure(".").contains("on the stack"))
        #expect(try failure("(.").contains("on the stack"))
        #expect(try failure("t.").contains("mark"))
        #expect(try failure("Na.").contains("on the stack"))
        #expect(try failure("NNa.").contains("a list"))
        #expect(try failure("NNNs.").contains("dictionary"))
        #expect(try failure("}(Nu.").contains("pairs"))
        #expect(try failure("h\u{5}.").contains("memo"))
        #expect(try failure([0x4e, 0x72, 0xff, 0xff, 0xff, 0xff, 0x2e]).contains("memo"))
        #expect(try failure("NNR.").contains("function"))
        #expect(try failure("NNb.").contains("attributes"))
        #expect(try failure("NQ.").contains("storage"))
        #expect(try failure("I1\n.").contains("operation 73"))
        #expect(try failure("N").contains("bytes"))
    }

    @Test func checksLengths() throws {
        #expect(try failure([0x58, 0xff, 0xff, 0xff, 0xff, 0x2e]).contains("a length of at most"))
        #expect(try failure([0x8d] + [UInt8](repeating: 0xff, count: 8)).contains("a length of at most"))
        #expect(try failure([0x8a, 9] + [UInt8](repeating: 1, count: 8)).contains("bytes"))
        #expect(try failure([0x8b] + [UInt8](repeating: 0xff, count: 4)).contains("a length of at most"))
        #expect(try failure([0x58, 1, 0, 0, 0, 0xff, 0x2e]).contains("UTF-8"))
        #expect(try failure([0x63] + [UInt8](repeating: 0x61, count: 1000)).contains("256 bytes"))
    }

    @Test func defaultsOfDictionariesAreClassesOfPlainData() throws {
        let start = "ccollections\ndefaultdict\n"
        #expect(try failure(start + "(cbuiltins\nlist\ntR.") == "")
        #expect(try failure(start + "(tR.") == "")
        #expect(try failure(start + "(K\u{1}tR.").contains("a class of plain data"))
        #expect(try failure(start + "(cbuiltins\nlist\nNtR.").contains("a class of plain data"))
        #expect(try failure(start + "(cposix\nsystem\ntR.").contains("not allowed"))
        #expect(try failure("cbuiltins\nlist\n)R.").contains("arguments of"))
        #expect(try failure("cbuiltins\nlist\n.").contains("plain data"))
    }

    @Test func refusesKeysTwice() throws {
        #expect(try failure("}(U\u{1}aNU\u{1}aNu.").contains("keys that differ"))
    }
}
