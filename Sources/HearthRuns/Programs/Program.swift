import Hearth
import HearthGraph
import HearthONNX

/// A program in a file, `.hearth` or `.onnx`, ready to run.
package struct Program: Sendable {
    /// An input or a result: its name, and what is known of its type.
    package struct Port: Sendable {
        package let name: String
        /// The type of the elements as the file says it, which may be one that no dtype is.
        package let elementType: ElementType
        /// Sizes that are numbers in every run; nil for others, and nil where not even the rank is known.
        package let sizes: [Int?]?
        /// The type in words: `float32[batch, 10]`.
        package let text: String
    }

    package let path: String
    package let inputs: [Port]
    package let outputs: [Port]
    /// The graph before it was optimised; nil for a model whose course depends on its data.
    package let graph: Graph?
    private let engine: Engine

    private enum Engine: Sendable {
        case executable(Executable)
        /// Node by node, since its course depends on data.
        case model(ONNXModel)
    }

    /// The program in the file at `path`. Throws `RunError` for a file of another kind, and what reading throws.
    package init(contentsOf path: String) throws {
        switch FilePath.pathExtension(of: path) {
        case "hearth": try self.init(Graph(contentsOf: path), path: path)
        case "onnx": try self.init(ONNXModel(contentsOf: path), path: path)
        default: throw RunError("'\(path)' is no program: .hearth and .onnx are")
        }
    }

    private init(_ graph: Graph, path: String) throws {
        self.path = path
        self.graph = graph
        inputs = graph.inputs.map { Port($0.name, $0) }
        outputs = graph.outputs.map { Port($0.name, graph.node($0.node)!) }
        engine = .executable(try graph.optimized().compiled())
    }

    private init(_ model: ONNXModel, path: String) throws {
        self.path = path
        inputs = model.inputs.map { Port($0) }
        outputs = model.outputs.map { Port($0) }
        if let graph = try? Graph(model), let executable = try? graph.optimized().compiled() {
            self.graph = graph
            engine = .executable(executable)
        } else {
            graph = nil
            engine = .model(model)
        }
    }

    /// True for `.hearth` and `.onnx`.
    package static func isProgram(_ path: String) -> Bool {
        ["hearth", "onnx"].contains(FilePath.pathExtension(of: path))
    }

    /// How long each operation takes on average. Throws `RunError` for a program that is run node by node.
    package func profile(_ given: [String: Tensor], runs: Int) throws -> GraphProfile {
        guard case .executable(let executable) = engine else {
            throw RunError("the course of '\(path)' depends on its data, so its operations are not known beforehand")
        }
        return try executable.profile(inputs.compactMap { given[$0.name] }, runs: runs)
    }

    /// The results for inputs by name, in the order of the file.
    package func run(_ given: [String: Tensor]) throws -> [(name: String, value: Value)] {
        switch engine {
        case .model(let model):
            let results = try model.run(given)
            return outputs.compactMap { port in results[port.name].map { (port.name, $0) } }
        case .executable(let executable):
            let results = try executable.run(given)
            return outputs.compactMap { port in
                results[port.name].map { tensor in
                    let type = port.elementType == .undefined ? ElementType(tensor.dtype) : port.elementType
                    return (port.name, .tensor(tensor, type))
                }
            }
        }
    }
}

extension Program.Port {
    fileprivate init(_ name: String, _ node: Graph.Node) {
        self.init(
            name: name, elementType: ElementType(node.dtype), sizes: node.shape.map(\.fixed), text: node.type)
    }

    fileprivate init(_ info: ValueInfo) {
        self.init(
            name: info.name, elementType: info.elementType,
            sizes: info.dims.map { $0.map { if case .fixed(let size) = $0 { size } else { nil } } }, text: "\(info)")
    }
}
