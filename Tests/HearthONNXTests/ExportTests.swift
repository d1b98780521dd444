import GoldenSupport
import HearthFormats
import HearthGraph
import HearthNN
import HearthONNX
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

extension ExportCase: CustomTestStringConvertible {
    var testDescription: String { name }
}

/// Exported models, read again, compute what the program does; `Tests/Goldens/check_onnx_export.py` lets others judge
/// the same files.
@Suite struct ExportTests {
    static let cases =
        exportCasesOfElements + exportCasesOfShapes + exportCasesOfWindows + exportCasesOfNetworks
        + exportCasesOfControlFlow

    @Test(arguments: cases) func comesBackTheSame(_ example: ExportCase) throws {
        try withFolder { temporary in
            let folder = getenv("HEARTH_ONNX_EXPORTS").map { String(cString: $0) } ?? temporary
            let program = example.make()
            let graph = try example.graph(program)
            try example.write(program, graph, to: folder)
            let model = try ONNXModel(contentsOf: "\(folder)/\(example.name).onnx")
            #expect(model.opsets[""] == example.opset)
            for run in 0..<2 {
                let given = example.tensors(run: run)
                let found = try model(Dictionary(uniqueKeysWithValues: given.map { ($0.name, $0.tensor) }))
                let expected = noGrad { program.body(given.map(\.tensor)) }
                let tolerance = Tolerance(relative: 1e-4, absolute: 1e-4, places: 4)
                for (output, tensor) in zip(graph.outputs, expected) {
                    let difference = found[output.name].map { tolerance.difference($0, tensor) } ?? "no output"
                    #expect(difference == nil, "run \(run), \(output.name)")
                }
            }
        }
    }

    // MARK: What the file says

    @Test func tellsNamesAndSizes() throws {
        let model = Sequential {
            Linear(4, 3)
            ReLU()
        }
        let graph = try HearthGraph.Graph(of: model, inputs: ["image": .float32("batch", 4)]) { x in
            let y = model(x[0])
            return ["logits": y, "pairs": Tensor.cat([y, y, y[0..<1]])]
        }
        let read = try written(graph)
        #expect(read.producer == "Hearth")
        #expect(read.irVersion == 8)
        #expect(read.inputs.map(\.description) == ["float32[batch, 4]"])
        #expect(read.inputs.map(\.name) == ["image"])
        #expect(Set(read.outputs.map(\.name)) == ["logits", "pairs"])
        #expect(read.outputs.first { $0.name == "pairs" }?.description == "float32[2*batch+1, 3]")
        for (name, tensor) in model.stateDict {
            #expect(read.initializers[name]?.isEqual(to: tensor) == true, "\(name)")
        }
        let nodes = read.proto.graph?.nodes ?? []
        #expect(nodes.first?.name == "0/Gemm")
    }

    @Test func namesEachValueOnce() throws {
        let graph = try HearthGraph.Graph(inputs: .float32("n", 2)) { x -> [String: Tensor] in
            let y = x[0] * 2
            return ["a": y, "b": y, "same": x[0]]
        }
        let read = try written(graph)
        let x = Tensor.arange(4, dtype: .float32).reshape(2, 2)
        let found = try read(["input": x])
        #expect(found["a"]?.isEqual(to: x * 2) == true)
        #expect(found["b"]?.isEqual(to: x * 2) == true)
        #expect(found["same"]?.isEqual(to: x) == true)
    }

    @Test(arguments: [17, 19, 21, 23, 25]) func writesVersions(_ opset: Int) throws {
        let graph = try HearthGraph.Graph(inputs: .float32("n", 4)) { x in
            [x[0].gelu(), x[0].amax(dims: [1]), x[0].mean(dim: 0), x[0].softmax(dim: 1)]
        }
        let read = try written(graph, opset: opset)
        let x = Tensor.randn([3, 4], generator: Generator(seed: 1))
        let found = try read(["input": x])
        #expect(found["output0"]?.allClose(to: x.gelu(), relative: 1e-5, absolute: 1e-6) == true)
        #expect(found["output1"]?.allClose(to: x.amax(dims: [1])) == true)
        #expect(read.opsets[""] == opset)
    }

    // MARK: Large weights

    @Test func putsWeightsBeside() throws {
        let model = Sequential {
            Linear(64, 33)
            Linear(33, 64)
        }
        let graph = try HearthGraph.Graph(of: model, inputs: .float32("batch", 64))
        try withFolder { folder in
            let path = folder + "/large.onnx"
            try graph.write(onnx: path, externalAbove: 4096)
            let read = try ONNXModel(contentsOf: path)
            let outside = read.proto.graph?.initializers.filter { $0.dataLocation == 1 } ?? []
            #expect(Set(outside.map(\.name)) == ["0.weight", "1.weight"])
            for constant in outside {
                let entries = Dictionary(uniqueKeysWithValues: constant.externalData.map { ($0.key, $0.value) })
                #expect(entries["location"] == "large.onnx.data")
                #expect(Int(entries["offset"] ?? "").map { $0 % 64 } == 0)
                #expect(entries["length"] == "\(64 * 33 * 4)")
            }
            let x = Tensor.randn([3, 64], generator: Generator(seed: 1))
            #expect(try read(["input": x])["output"]?.allClose(to: model(x), relative: 1e-5, absolute: 1e-5) == true)
        }
    }

    @Test func keepsTheOldFileWhenTheNewOneFails() throws {
        let graph = try HearthGraph.Graph(of: Linear(64, 64), inputs: .float32("batch", 64))
        try withFolder { folder in
            let path = folder + "/model.onnx"
            try AtomicFile.write([1, 2, 3], to: path)
            // Where the weights would go there is a folder.
            #expect(mkdir(path + ".data", 0o700) == 0)
            defer { rmdir(path + ".data") }
            #expect(throws: FileError.self) { try graph.write(onnx: path, externalAbove: 0) }
            let region = try ByteRegion(mapping: path)
            #expect(Bytes(region, 0..<region.bytes.count).withUnsafeBytes { Array($0) } == [1, 2, 3])
        }
    }

    // MARK: Errors

    @Test func namesWhatCannotBeExported() throws {
        let graph = try HearthGraph.Graph(inputs: .float32("n")) { x in x[0].lgamma() }
        let error = try #require(throws: ONNXError.self) { try graph.write(onnx: "/nowhere/a.onnx") }
        #expect(error.operatorName == "lgamma")
        #expect(error.file == "/nowhere/a.onnx")
        #expect(error.node == "%1")
    }

    /// What is neither exported nor listed here is new, and needs a row in one of both.
    @Test func knowsWhatCannotBeExported() {
        let mathematics = [
            "cholesky", "digamma", "eigh", "erfinv", "frexp_exponent", "frexp_mantissa", "i0", "i0e", "i1", "i1e",
            "lgamma", "lu", "pinverse", "qr", "qr_complement", "slogdet", "solve", "solve_triangular", "svd", "gcd",
            "igamma", "igammac", "lcm", "nextafter", "zeta", "ctc_loss",
        ]
        // Other tests of this process register operations of their own.
        let names = Set(Operations.names.map { $0.replacing(".scalar", with: "") }).subtracting(["tripled", "cube"])
        let missing = names.subtracting(ExportTable.operations).filter { name in
            !name.hasSuffix("_backward") && !name.hasSuffix("_step")
        }
        let others: Set<String> = ["convolve_weight", "put_back", "standardise_sums"]
        #expect(missing.subtracting(others).subtracting(mathematics) == [])
        #expect(ExportTable.operations.isSubset(of: Operations.names))
    }

    @Test func leavesOutWhatNothingUses() throws {
        // What ONNX cannot express is no error where it leads nowhere.
        let graph = try HearthGraph.Graph(inputs: .float32("n", 8)) { x in
            _ = x[0].lgamma()
            return x[0].relu()
        }
        #expect(try written(graph).proto.graph?.nodes.map(\.opType) == ["Relu"])
    }

    @Test func refusesProgramsThatChangeBuffers() throws {
        let model = BatchNorm1d(3)
        let graph = try HearthGraph.Graph(of: model.train(), inputs: .float32("n", 3))
        let error = try #require(throws: ONNXError.self) { try graph.write(onnx: "/nowhere/a.onnx") }
        #expect(error.found.contains("running_mean") || error.found.contains("num_batches_tracked"))
        // Without the changes the program can be written.
        var rest = graph
        rest.updates = []
        _ = try written(rest)
    }

    @Test func refusesUnknownVersions() throws {
        let graph = try HearthGraph.Graph(inputs: .float32("n")) { x in -x[0] }
        for opset in [7, 16, 99] {
            #expect(throws: ONNXError.self) { try graph.write(onnx: "/nowhere/a.onnx", opset: opset) }
        }
    }

    @Test func exportsRandomness() throws {
        let graph = try HearthGraph.Graph(inputs: .float32(50, 100)) { x in
            [
                x[0].dropout(0.5), Tensor.rand(x[0].shape), Tensor.randn(x[0].shape),
                Tensor.randint(2..<5, [x[0].shape[0]]),
            ]
        }
        let found = try written(graph)(["input": Tensor.ones([50, 100])])
        let dropped = try #require(found["output0"])
        #expect((0.4...0.6).contains((dropped == 0).to(.float32).mean().item(as: Float.self)))
        #expect(((dropped == 0) | (dropped == 2)).all().item(as: Bool.self))
        #expect((0.45...0.55).contains(found["output1"]?.mean().item(as: Float.self) ?? 0))
        #expect((0.9...1.1).contains(found["output2"]?.std().item(as: Float.self) ?? 0))
        #expect(found["output3"]?.shape == [50])
    }

    private func written(_ graph: HearthGraph.Graph, opset: Int = 18) throws -> ONNXModel {
        try withFolder { folder in
            try graph.write(onnx: folder + "/model.onnx", opset: opset)
            return try ONNXModel(contentsOf: folder + "/model.onnx")
        }
    }
}

/// A folder that is gone with its files when `body` returns.
private func withFolder<R>(_ body: (String) throws -> R) throws -> R {
    var template = Array("/tmp/hearth-export-XXXXXX".utf8CString)
    let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
    defer {
        if let entries = opendir(folder) {
            while let entry = readdir(entries) {
                let name = withUnsafePointer(to: entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink(folder + "/" + name)
            }
            closedir(entries)
        }
        rmdir(folder)
    }
    return try body(folder)
}
