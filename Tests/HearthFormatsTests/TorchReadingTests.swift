import HearthFormats
import HearthTensor
import Testing

@Suite struct TorchReadingTests {
    @Test(arguments: [
        "dtypes.pth", "dtypes_legacy.pth", "dtypes_legacy4.pth", "dtypes_big.pth", "dtypes_nochecksum.pth",
    ])
    func readsEveryDType(name: String) throws {
        let tensors = try StateDict(contentsOf: Golden.path(name))
        #expect(tensors.keys == DType.allCases.map(\.description))
        for (dtype, (_, tensor)) in zip(DType.allCases, tensors) {
            #expect(tensor.dtype == dtype)
            #expect(tensor.shape == [2, 3])
            #expect(tensor.elements == Golden.elements(6, dtype))
        }
    }

    @Test(arguments: ["views.pth", "views_legacy.pth"])
    func readsViews(name: String) throws {
        let views = try TorchFile.readStateDict(Golden.path(name))
        let base = Golden.elements(24, .float32)
        func expect(_ name: String, _ shape: Shape, _ elements: [Double]) throws {
            let tensor = try #require(views[name])
            #expect(tensor.shape == shape)
            #expect(tensor.elements == elements)
        }
        try expect("base", [4, 6], base)
        try expect("alias", [4, 6], base)
        try expect("transposed", [6, 4], (0..<24).map { base[$0 % 4 * 6 + $0 / 4] })
        try expect("sliced", [2, 3], [6, 8, 10, 12, 14, 16].map { base[$0] })
        try expect("column", [4], [4, 10, 16, 22].map { base[$0] })
        try expect("expanded", [3, 5], [Double](repeating: base[0], count: 15))
        try expect("scalar", [], [-1.5])
        try expect("empty", [0, 3], [])
        try expect("parameter", [2, 2], Golden.elements(4, .float32))
        let cube = Golden.elements(24, .int32)
        try expect("permuted", [4, 2, 3], (0..<24).map { cube[$0 % 6 * 4 + $0 / 6] })
    }

    @Test(arguments: ["views.pth", "views_legacy.pth"])
    func keepsWhatShares(name: String) throws {
        let views = try TorchFile.readStateDict(Golden.path(name))
        let base = try #require(views["base"])
        for name in ["alias", "transposed", "sliced", "column", "expanded"] {
            #expect(try #require(views[name]).sharesStorage(with: base))
        }
        #expect(try !#require(views["parameter"]).sharesStorage(with: base))
    }

    @Test(arguments: [
        "checkpoint.pth", "checkpoint_legacy.pth", "checkpoint_deflated.pth", "checkpoint_protocol3.pth",
        "checkpoint_protocol4.pth", "checkpoint_protocol5.pth",
    ])
    func readsCheckpoints(name: String) throws {
        let checkpoint = try TorchFile.read(Golden.path(name))
        let model = try #require(checkpoint["model"]).stateDict()
        #expect(
            model.keys == [
                "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
            ])
        #expect(model["0.weight"]?.shape == [4, 3])
        #expect(model["1.num_batches_tracked"]?.elements == [1])
        #expect(checkpoint["optimizer"]?["param_groups"]?[0]?["lr"]?.double == 0.01)
        let state = try #require(checkpoint["optimizer"]?["state"]?.dictionary)
        #expect(state[key: 0]?["exp_avg"]?.tensor?.shape == [4, 3])
        #expect(checkpoint["schedule"]?["milestones"]?.dictionary?[key: 5]?.int == 1)
        try checkPlainValues(checkpoint)
    }

    private func checkPlainValues(_ checkpoint: PickleValue) throws {
        #expect(checkpoint["epoch"]?.int == 3)
        let numbers = checkpoint["numbers"]?.elements?.compactMap(\.int)
        #expect(numbers == [0, 255, 256, 65535, 65536, -1, 1 << 31, -(1 << 31), 1 << 40, .min])
        #expect(checkpoint["loss"]?.double == 0.25)
        #expect(checkpoint["name"]?.string == "Grüße 🔥")
        #expect(checkpoint["flags"]?[0]?.bool == true)
        #expect(checkpoint["flags"]?[1]?.bool == false)
        #expect(checkpoint["flags"]?[2]?.typeName == "None")
        #expect(checkpoint["labels"]?.elements?.compactMap(\.int).sorted() == [1, 2])
        #expect(checkpoint["nested"]?["a"]?[0]?["b"]?[4]?.elements?.count == 4)
        guard case .bytes([0, 127, 128, 255])? = checkpoint["raw"], case .bytes([1, 2])? = checkpoint["array"],
            case .size([2, 3])? = checkpoint["size"], case .dtype(.bfloat16)? = checkpoint["dtype"],
            case .device("cuda:1")? = checkpoint["device"]
        else {
            Issue.record("bytes, size, dtype or device differ")
            return
        }
    }

    @Test func saysWhatAStateDictIsNot() throws {
        let message = message { _ = try TorchFile.readStateDict(Golden.path("checkpoint.pth")) }
        #expect(message.contains("expected a dictionary from names to tensors, found 'model' of type OrderedDict"))
        #expect(message.hasSuffix("with the weights in 'model', which StateDict(contentsOf:entry:) reads"))
        #expect(try StateDict(contentsOf: Golden.path("checkpoint.pth"), entry: "model").count > 0)
        #expect(
            HearthFormatsTests.message { _ = try StateDict(contentsOf: Golden.path("checkpoint.pth"), entry: "ema") }
                .contains("the entry 'ema', found none"))
        #expect(HearthFormatsTests.message { _ = try StateDict(contentsOf: "model.h5") }.contains("found .h5"))
        #expect(HearthFormatsTests.message { _ = try StateDict(contentsOf: "/nowhere/a.pth") }.contains("No such file"))
    }

    @Test(arguments: 2...5)
    func readsIntegersBeyond64BitsAndDefaults(_ version: Int) throws {
        let value = try TorchFile.read(Golden.path("extras_protocol\(version).pth"))
        try checkExtras(value)
        try withTemporaryFolder { folder in
            try TorchFile.write(value, to: "\(folder)/a.pth")
            try checkExtras(TorchFile.read("\(folder)/a.pth"))
        }
    }

    private func checkExtras(_ value: PickleValue) throws {
        let big = try #require(value["big"]?.elements)
        let bytes: [[UInt8]?] = big.map { if case .bigInt(let bytes) = $0 { bytes } else { nil } }
        #expect(bytes[0] == [0, 0, 0, 0, 0, 0, 0, 128, 0])
        #expect(bytes[1] == [UInt8](repeating: 255, count: 8) + [0])
        #expect(bytes[2] == [UInt8](repeating: 255, count: 7) + [127, 255])
        #expect(bytes[3]?.count == 17 && bytes[4]?.count == 16 && bytes[5]?.count == 501)
        #expect(big[6...].map(\.int) == [Int.max, Int.min, 255, -1, 0])
        #expect(value["keys"]?.dictionary?.map(\.value.string) == ["x", "y"])
        let defaults = try #require(value["defaults"]?.dictionary)
        #expect(defaults.count == 10)
        for (key, entry) in defaults where key.string != "empty" {
            #expect(entry["a"]?.elements?.map(\.int) == [1, 2])
            #expect(entry.dictionary?[key: 3]?.double == 4.5)
        }
        #expect(value["defaults"]?["empty"]?.dictionary?.isEmpty == true)
        #expect(value["nested"]?["a"]?["b"]?[0]?.int == 1)
    }
}
