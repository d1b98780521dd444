import Foundation
import HearthFormats
import HearthGraph
import HearthNN
import HearthTensor
import HearthVision
import Testing

@Suite struct GraphFileTests {
    private func path(_ name: String) -> String {
        NSTemporaryDirectory() + "hearth-\(ProcessInfo.processInfo.processIdentifier)-\(name).hearth"
    }

    @Test func aFileHoldsAllOfAGraph() throws {
        let generator = Generator(seed: 3)
        let lstm = LSTM(8, 6, bidirectional: true, generator: generator)
        var graph = try Graph(of: lstm, inputs: .float32("length", "batch", 8)) { lstm($0[0]) }
        graph.metadata = ["author": "no one \"at all\"", "note": "ä\n"]
        let file = path("lstm")
        defer { unlink(file) }
        try graph.save(to: file)
        let read = try Graph(contentsOf: file)
        #expect(read == graph)
        let x = Tensor.randn([4, 3, 8], generator: generator)
        #expect(try read.compiled().run([x])[0].allClose(to: lstm(x).output))
    }

    @Test func gradientsGoThroughALoadedGraph() throws {
        let model = resnet18(classes: 3)
        let file = path("resnet18")
        defer { unlink(file) }
        try Graph(of: model, inputs: .float32("batch", 3, 32, 32)).save(to: file)
        let copy = GraphModule(try Graph(contentsOf: file))
        let (x, y) = (Tensor.rand([2, 3, 32, 32], generator: Generator(seed: 1)), Tensor([0, 2]))
        let criterion = CrossEntropyLoss()
        criterion(model(x), y).backward()
        criterion(copy(x), y).backward()
        let gradients = Dictionary(uniqueKeysWithValues: model.namedParameters.map { ($0.name, $0.parameter.grad!) })
        for (name, parameter) in copy.namedParameters {
            #expect(parameter.grad!.allClose(to: gradients[name]!, relative: 1e-3, absolute: 1e-4), "\(name)")
        }
        let buffers = Dictionary(uniqueKeysWithValues: model.namedBuffers.map { ($0.name, $0.tensor!) })
        for buffer in copy.namedBuffers {
            #expect(buffer.tensor!.to(.float32).allClose(to: buffers[buffer.name]!.to(.float32)))
        }
    }

    @Test func aGraphIsCodable() throws {
        let graph = try Graph(inputs: .float32("n", 2)) {
            $0[0] * Tensor([[1.5, -2]]) + Tensor([[Float(3), 0]]).isFinite().to(.float32)
        }
        let text = try JSONEncoder().encode(graph)
        #expect(try JSONDecoder().decode(Graph.self, from: text) == graph)
    }

    @Test func numbersThatJSONLacksAreKept() throws {
        let graph = try Graph(inputs: .float32("n", "n")) { x in
            x[0].maskedFill(
                Tensor.ones([x[0].shape[0], x[0].shape[0]], dtype: .bool).triu(diagonal: 1), with: -Double.infinity
            )
            .softmax(dim: 1)
        }
        let file = path("infinity")
        defer { unlink(file) }
        try graph.save(to: file)
        #expect(try Graph(contentsOf: file) == graph)
    }

    /// Damaged files throw, or are read as another valid program; none ends the process or takes long.
    @Test(arguments: ["convolution", "branches"]) func damagedFilesThrow(_ name: String) throws {
        let file = path("damaged-\(name)")
        defer { unlink(file) }
        let graph = name == "convolution" ? try Self.convolution() : try Self.branches()
        try graph.save(to: file)
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        let generator = Generator(seed: 7)
        var refused = 0
        for round in 0..<Self.damages {
            var bytes = whole
            switch round % 4 {
            case 0: bytes = Array(bytes.prefix(generator.next(in: 0..<bytes.count)))
            case 1: bytes[generator.next(in: 0..<bytes.count)] = UInt8(generator.next(in: 0..<256))
            default: bytes = Self.edited(bytes, generator)
            }
            try Data(bytes).write(to: URL(fileURLWithPath: file))
            do {
                let graph = try Graph(contentsOf: file)
                let inputs = graph.inputs.map { node in
                    Tensor.ones(Shape(node.shape.map { min($0.fixed ?? 2, 64) }), dtype: node.dtype)
                }
                _ = try graph.compiled().run(inputs)
            } catch { refused += 1 }
        }
        #expect(refused > Self.damages / 2)
    }

    private static func convolution() throws -> Graph {
        let model = Sequential {
            Conv2d(1, 2, kernelSize: 3)
            MaxPool2d(2)
            Flatten()
            Linear(18, 3)
        }
        return try Graph(of: model, inputs: .float32("batch", 1, 8, 8))
    }

    /// A loop in a branch in a loop. All loops have limits, so that damaged ones end too.
    private static func branches() throws -> Graph {
        let layer = Linear(4, 4, generator: Generator(seed: 8))
        return try Graph(of: layer, inputs: .float32("n", 4)) { x in
            Tensor.loop(x[0], Tensor(0), limit: 3) {
                $0[1] < 2
            } do: { state in
                let y = Tensor.cond(state[0].sum() > 0, [state[0], state[1]]) { given in
                    [
                        Tensor.loop(layer(given[0]), limit: 2) {
                            $0.sum() > 1
                        } do: {
                            $0 * 0.5
                        }, given[1] * 1,
                    ]
                } else: {
                    [$0[0].relu() + x[0].dropout(0.5), $0[1] + 2]
                }
                return [y[0], y[1] + 1]
            }
        }
    }

    @Test func programsInsideEachOtherWithoutEndThrow() throws {
        // What a program of choices in choices says of each.
        func nested(_ depth: Int) -> String {
            let head = #"{"id":2,"op":"cond","operands":[0,1],"dtype":"float32","shape":[2],"parts":["#
            let inputs =
                #"{"id":0,"name":"p","input":true,"dtype":"bool","shape":[]},{"id":1,"name":"x","input":true,"dtype":"float32","shape":[2]}"#
            let leaf =
                #"{"part":"NAME","nodes":[{"id":0,"input":true,"dtype":"float32","shape":[2]}],"#
                + #""outputs":[0],"random_blocks":0}"#
            let leaves = leaf.replacing("NAME", with: "then") + "," + leaf.replacing("NAME", with: "else") + "]}"
            let open = String(
                repeating: head + #"{"part":"then","nodes":["# + inputs + ",", count: depth)
            return #"{"version":1,"nodes":["# + inputs + "," + open + head + leaves
                + String(repeating: #"],"outputs":[2],"random_blocks":0}]}"#, count: depth)
                + #"],"outputs":[{"name":"y","node":2}],"updates":[],"random_blocks":0}"#
        }
        func failure(_ depth: Int) -> String {
            let text = nested(depth).replacing("\"", with: "\\\"")
            do {
                _ = try JSONDecoder().decode(Graph.self, from: Data("{\"program\":\"\(text)\",\"tensors\":{}}".utf8))
                return "none"
            } catch { return "\(error)" }
        }
        #expect(failure(0) == "none")
        #expect(failure(3).contains("the parts [then, else]"))
        #expect(failure(10_000).contains("64 levels"))
    }

    private static let damages = ProcessInfo.processInfo.environment["HEARTH_FUZZ"].flatMap { Int($0) } ?? 2_000

    /// The file with a number or a word of its program exchanged. Checksums are set to 0, which says that there is none.
    private static func edited(_ bytes: [UInt8], _ generator: Generator) -> [UInt8] {
        var bytes = bytes
        for (signature, place) in [([0x50, 0x4b, 3, 4] as [UInt8], 14), ([0x50, 0x4b, 1, 2], 16)] {
            for start in 0..<(bytes.count - 20) where Array(bytes[start..<(start + 4)]) == signature {
                for i in 0..<4 { bytes[start + place + i] = 0 }
            }
        }
        let end = bytes.ranges(of: Array("random_blocks".utf8)).last?.lowerBound ?? bytes.count
        let digits = (0..<end).filter { (0x30...0x39).contains(bytes[$0]) }
        for _ in 0..<generator.next(in: 1..<4) {
            let place = digits[generator.next(in: 0..<digits.count)]
            bytes[place] = Array("0123456789-9".utf8)[generator.next(in: 0..<12)]
        }
        return bytes
    }
}
