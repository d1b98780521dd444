import HearthFormats
import HearthONNX
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Models that are wrong, or that were made to do harm: each is an error that names what is wrong.
@Suite struct HostileTests {
    private func error(_ model: ModelProto) -> String {
        do {
            _ = try TestModel.load(model)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func refusesCycles() {
        let nodes = [TestModel.node("Add", ["x", "b"], ["a"]), TestModel.node("Relu", ["a"], ["b"])]
        #expect(
            error(TestModel.model(nodes, outputs: ["b"]))
                == "test: node 'a' (Add): expected inputs that are computed before, "
                + "found 'b', which this node or a later one computes")
        #expect(error(TestModel.model([TestModel.node("Relu", ["y"], ["y"])])).contains("'y', which this node"))
    }

    @Test func refusesUnknownAndDoubledNames() {
        let unknown = error(TestModel.model([TestModel.node("Relu", ["nowhere"], ["y"])]))
        #expect(unknown.contains("'nowhere', which nothing computes"))
        let twice = [TestModel.node("Relu", ["x"], ["y"]), TestModel.node("Abs", ["x"], ["y"])]
        #expect(error(TestModel.model(twice)).contains("two of 'y'"))
        #expect(error(TestModel.model([], outputs: ["y"])).contains("a node that computes the output 'y'"))
        #expect(error(TestModel.model([TestModel.node("Relu", ["x"], ["x"])])).contains("two of 'x'"))
        #expect(error(TestModel.model([], inputs: ["x", "x"], outputs: ["x"])).contains("inputs that differ"))
    }

    @Test func refusesUnknownOperators() {
        let model = TestModel.model([TestModel.node("Frobnicate", ["x"], ["y"])])
        #expect(error(model) == "test: node 'y' (Frobnicate): expected an operator that Hearth knows, found Frobnicate")
    }

    @Test func refusesFunctionsThatCallThemselves() {
        let first = TestModel.function("F", [TestModel.node("G", ["a"], ["b"], domain: "own")])
        let second = TestModel.function("G", [TestModel.node("F", ["a"], ["b"], domain: "own")])
        let model = TestModel.model(
            [TestModel.node("F", ["x"], ["y"], domain: "own")], functions: [first, second])
        #expect(error(model).contains("functions that do not call themselves"))
    }

    /// Thirty functions, each of which calls the next twice: a billion nodes in a file of 3 KB.
    @Test func refusesFunctionsThatMultiply() {
        var functions = (0..<30).map { number in
            TestModel.function(
                "F\(number)",
                [
                    TestModel.node("F\(number + 1)", ["a"], ["t"], domain: "own"),
                    TestModel.node("F\(number + 1)", ["t"], ["b"], domain: "own"),
                ])
        }
        functions.append(TestModel.function("F30", [TestModel.node("Relu", ["a"], ["b"])]))
        let model = TestModel.model([TestModel.node("F0", ["x"], ["y"], domain: "own")], functions: functions)
        #expect(error(model).contains("nodes in all"))
    }

    @Test func refusesDeepNesting() {
        var inner = GraphProto()
        inner.outputs = [TestModel.value("x")]
        for _ in 0..<200 {
            var attribute = AttributeProto()
            (attribute.name, attribute.type, attribute.g) = ("then_branch", 5, inner)
            var outer = GraphProto()
            outer.nodes = [TestModel.node("If", ["x"], ["y"], attributes: [attribute])]
            outer.outputs = [TestModel.value("y")]
            inner = outer
        }
        var model = TestModel.model([])
        model.graph = inner
        #expect(error(model).contains("at most 100 messages inside each other"))
    }

    @Test func refusesAbsurdSizes() {
        var tensor = TensorProto()
        (tensor.name, tensor.dataType, tensor.dims) = ("w", 1, [1 << 40, 1 << 40])
        let model = TestModel.model([TestModel.node("Add", ["x", "w"], ["y"])], constants: [tensor])
        #expect(error(model).contains("a shape of 'w' that fits into memory"))
        tensor.dims = [-3]
        #expect(error(TestModel.model([], outputs: ["x"], constants: [tensor])).contains("fits into memory"))
        tensor.dims = [2]
        tensor.rawData = Bytes([0, 0, 0])
        #expect(error(TestModel.model([], outputs: ["x"], constants: [tensor])).contains("8 bytes for 'w'"))
        tensor.dataType = 8
        #expect(error(TestModel.model([], outputs: ["x"], constants: [tensor])).contains("elements of string"))
    }

    /// Two constants of a megabyte that are broadcast to a terabyte.
    @Test(arguments: ["Add", "MatMul", "Where"]) func refusesAbsurdResults(kind: String) throws {
        func shape(_ name: String, _ sizes: [Int]) -> TensorProto {
            var tensor = TensorProto()
            (tensor.name, tensor.dataType, tensor.dims, tensor.int64Data) = (name, 7, [2], sizes)
            return tensor
        }
        let (size, same) = (1 << 20, 1)
        var nodes = [
            TestModel.node("ConstantOfShape", ["s"], ["a"]), TestModel.node("ConstantOfShape", ["t"], ["b"]),
            TestModel.node("Cast", ["a"], ["c"], attributes: [Self.to(9)]),
        ]
        nodes.append(TestModel.node(kind, kind == "Where" ? ["c", "b", "a"] : ["a", "b"], ["y"]))
        let model = try TestModel.load(
            TestModel.model(nodes, constants: [shape("s", [size, same]), shape("t", [same, size])]))
        let error = #expect(throws: ONNXError.self) { try model(["x": Tensor([1, 2] as [Float])]) }
        #expect(error?.expected == "results that fit into memory")
    }

    private static func to(_ type: Int) -> AttributeProto {
        var attribute = AttributeProto()
        (attribute.name, attribute.type, attribute.i) = ("to", 2, type)
        return attribute
    }

    @Test(arguments: ["../secret", "/etc/passwd", "a/../../b", ""])
    func refusesFilesOutsideTheFolder(location: String) throws {
        var tensor = TensorProto()
        (tensor.name, tensor.dataType, tensor.dims, tensor.dataLocation) = ("w", 1, [2], 1)
        var entry = StringEntry()
        (entry.key, entry.value) = ("location", location)
        tensor.externalData = [entry]
        let model = TestModel.model([], outputs: ["x"], constants: [tensor])
        try Scratch.with { folder in
            try AtomicFile.write(FieldWriter.bytes(of: model), to: "\(folder)/m.onnx")
            #expect(throws: ONNXError.self) { try ONNXModel(contentsOf: "\(folder)/m.onnx") }
        }
    }

    @Test func readsFilesInTheFolder() throws {
        var tensor = TensorProto()
        (tensor.name, tensor.dataType, tensor.dims, tensor.dataLocation) = ("w", 1, [2], 1)
        tensor.externalData = [("location", "weights.bin"), ("offset", "4"), ("length", "8")].map { key, value in
            var entry = StringEntry()
            (entry.key, entry.value) = (key, value)
            return entry
        }
        let model = TestModel.model([TestModel.node("Add", ["x", "w"], ["y"])], constants: [tensor])
        try Scratch.with { folder in
            let weights: [Float] = [0, 3, 4]
            let bytes = weights.withUnsafeBytes { [UInt8]($0) }
            try AtomicFile.write(bytes, to: "\(folder)/weights.bin")
            try AtomicFile.write(FieldWriter.bytes(of: model), to: "\(folder)/m.onnx")
            let loaded = try ONNXModel(contentsOf: "\(folder)/m.onnx")
            let y = try #require(try loaded(["x": Tensor([1, 2] as [Float])])["y"])
            #expect(y.floatArray == [4, 6])
        }
    }

    @Test func namesWhatIsWrongWithInputs() throws {
        let model = try TestModel.load(TestModel.model([TestModel.node("Relu", ["x"], ["y"])]))
        func message(_ inputs: [String: Tensor]) -> String {
            do {
                _ = try model(inputs)
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(message([:]) == "test: expected an input 'x' of float32[2], found none")
        let x = Tensor([1, 2] as [Float])
        #expect(message(["x": x, "z": x]) == "test: expected inputs named 'x', found 'z'")
        #expect(message(["x": x.to(.float64)]) == "test: expected 'x' of float32[2], found float64[2]")
        #expect(message(["x": x.reshape([1, 2])]) == "test: expected 'x' of float32[2], found float32[1, 2]")
        #expect(message(["x": x[0..<1]]) == "test: expected 'x' of float32[2], found float32[1]")
    }

    @Test func namesTheNodeThatCannotBeComputed() throws {
        var tensor = TensorProto()
        (tensor.name, tensor.dataType, tensor.dims, tensor.floatData) = ("w", 1, [3], [1, 2, 3])
        let model = try TestModel.load(
            TestModel.model([TestModel.node("Add", ["x", "w"], ["y"])], constants: [tensor]))
        do {
            _ = try model(["x": Tensor([1, 2] as [Float])])
            Issue.record("no error")
        } catch let error as ONNXError {
            #expect(error.node == "y")
            #expect(error.operatorName == "Add")
        }
    }
}

/// A folder for the files of a test.
enum Scratch {
    static func with(_ body: (String) throws -> Void) throws {
        let folder = "/tmp/hearth_onnx_\(UInt64.random(in: 0 ... .max))"
        try Folder.create(folder)
        defer { for name in ["m.onnx", "weights.bin", ""] { remove("\(folder)/\(name)") } }
        try body(folder)
    }
}
