import HearthTensor
import Testing

import HearthFormats

@Suite struct TorchWritingTests {
    @Test func returnsEveryDType() throws {
        try withTemporaryFolder { folder in
            try Golden.everyDType.save(to: "\(folder)/a.pth")
            let tensors = try StateDict(contentsOf: "\(folder)/a.pth")
            #expect(tensors.keys == DType.allCases.map(\.description))
            for (dtype, (_, tensor)) in zip(DType.allCases, tensors) {
                #expect(tensor.dtype == dtype)
                #expect(tensor.elements == Golden.elements(6, dtype))
            }
        }
    }

    @Test func alignsStorages() throws {
        try withTemporaryFolder { folder in
            try Golden.everyDType.save(to: "\(folder)/a.pth")
            let archive = try ZipArchive(ByteSource(path: "\(folder)/a.pth"), inflatedLimit: nil)
            #expect(archive.entries.allSatisfy { $0.dataOffset % 64 == 0 })
            #expect(archive["a/data/9"]?.size == 48)
        }
    }

    @Test func writesOverlappingTensorsOnce() throws {
        let views = try TorchFile.readStateDict(Golden.path("views.pth"))
        try withTemporaryFolder { folder in
            try views.save(to: "\(folder)/a.pth")
            let again = try StateDict(contentsOf: "\(folder)/a.pth")
            let base = try #require(again["base"])
            for (name, tensor) in views {
                let copy = try #require(again[name])
                #expect(copy.shape == tensor.shape)
                #expect(copy.elements == tensor.elements)
                let wasShared = try tensor.sharesStorage(with: #require(views["base"]))
                #expect(copy.sharesStorage(with: base) == wasShared)
            }
        }
    }

    @Test func packsLoneSlices() throws {
        let matrix = Golden.tensor([100, 100], .float32)
        let column = Tensor.strided([100], strides: [100], offset: 3, of: matrix)
        let backwards = Tensor.strided([5], strides: [-1], offset: 4, of: matrix)
        let plan = TensorPlan([column])
        #expect(plan.storages.map(\.count) == [100])
        #expect(plan.storages[0].elements == column.elements)
        #expect(TensorPlan([backwards, backwards]).storages.map(\.count) == [5, 5])
        let apart = [0, 50].map { Tensor.strided([50, 100], strides: [100, 1], offset: $0 * 100, of: matrix) }
        #expect(TensorPlan(apart).storages.map(\.count) == [5000, 5000])
    }

    @Test func returnsPlainValues() throws {
        let value = try TorchFile.read(Golden.path("checkpoint.pth"))
        try withTemporaryFolder { folder in
            try TorchFile.write(value, to: "\(folder)/a.pth")
            let again = try TorchFile.read("\(folder)/a.pth")
            #expect(again.text == value.text)
        }
    }

    @Test func writesLiterals() throws {
        let value: PickleValue = ["epoch": 3, "loss": 0.5, "done": true, "best": nil, "sizes": [1, "two"]]
        try withTemporaryFolder { folder in
            try TorchFile.write(value, to: "\(folder)/a.pth")
            let again = try TorchFile.read("\(folder)/a.pth")
            #expect(again.text == "{epoch: 3, loss: 0.5, done: true, best: None, sizes: [1, two]}")
        }
    }
}

extension PickleValue {
    /// The whole tree, tensors with their elements.
    var text: String {
        switch self {
        case .null: "None"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .bigInt(let bytes): "int\(bytes)"
        case .float(let value): "\(value)"
        case .string(let value): value
        case .bytes(let value): "bytes\(value)"
        case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
        case .tuple(let elements): "(" + elements.map(\.text).joined(separator: ", ") + ")"
        case .set(let elements): "set(" + elements.map(\.text).joined(separator: ", ") + ")"
        case .dictionary(let entries):
            (entries.isOrdered ? "OrderedDict" : "") + "{"
                + entries.map { "\($0.key.text): \($0.value.text)" }.joined(separator: ", ") + "}"
        case .tensor(let tensor): "\(tensor.dtype)\(tensor.shape)\(tensor.elements)"
        case .size(let sizes): "Size\(sizes)"
        case .dtype(let dtype): "\(dtype)"
        case .device(let name): "device \(name)"
        }
    }
}
