import HearthFormats
import HearthTensor

/// A model in the ONNX format (<https://onnx.ai>), checked, and ready to be computed.
///
///     let model = try ONNXModel(contentsOf: "resnet18.onnx")
///     print(model.inputs)                       // [float32[batch, 3, 224, 224]]
///     let results = try model(["input": images])
///     let logits = results["output"]
///
/// Weights stay in the file, which is mapped; tensors lie over it.
public struct ONNXModel: Sendable {
    /// The file, or the name that the bytes were given.
    public let name: String
    /// What the model takes, constants left out.
    public let inputs: [ValueInfo]
    /// What the model computes.
    public let outputs: [ValueInfo]
    /// The versions of the operator sets by domain; the standard's operators have the empty one.
    public let opsets: [String: Int]
    /// What the file says of itself.
    public let metadata: [String: String]
    /// The version of the format.
    public let irVersion: Int
    /// The program that wrote the file, and its version.
    public let producer: String
    /// The messages of the file.
    package let proto: ModelProto
    private(set) var graph: Graph

    /// The model in the file at `path`. Throws `FileError` when it cannot be read, `FormatError` when it is damaged, and
    /// `ONNXError` when its graph is wrong or has operators that Hearth lacks.
    public init(contentsOf path: String) throws {
        try self.init(ByteRegion(mapping: path), ExternalFiles(besideModel: path))
    }

    /// The model in a file's bytes, whose elements must all be in it. Throws as `init(contentsOf:)` does; `name` is what
    /// errors call the bytes.
    public init(bytes: [UInt8], name: String = "ONNX model") throws {
        try self.init(ByteRegion(bytes, name: name), ExternalFiles(besideModel: nil))
    }

    private init(_ region: ByteRegion, _ files: ExternalFiles) throws {
        name = region.name
        proto = try FieldReader.read(ModelProto.self, from: region)
        do {
            guard let main = proto.graph else {
                throw ONNXError(expected: "a model with a graph", found: "none")
            }
            let versions = GraphBuilder.versions(proto.opsetImport)
            opsets = versions
            var builder = try GraphBuilder(files, proto.functions)
            graph = try noGrad { () throws -> Graph in try builder.graph(main, versions) }
        } catch let error as ONNXError {
            throw error.at(file: region.name)
        } catch let error as ShapeError {
            throw ONNXError(error).at(file: region.name)
        }
        let constants = graph.constants
        inputs = graph.inputs.filter { constants[$0.name] == nil }
        outputs = graph.outputs
        metadata = Dictionary(proto.metadata.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        irVersion = proto.irVersion ?? 0
        producer = [proto.producerName, proto.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The constants by name.
    public var initializers: [String: Tensor] { graph.constants.compactMapValues(\.tensor) }

    /// The model with its floating-point constants on a device, where inputs then belong too.
    public func to(_ device: Device) -> ONNXModel {
        var model = self
        model.graph = Graph(
            inputs: graph.inputs, outputs: graph.outputs,
            constants: graph.constants.mapValues { value in
                guard case .tensor(let tensor, let type) = value, tensor.dtype.isFloatingPoint else { return value }
                return .tensor(tensor.to(device), type)
            }, steps: graph.steps, captures: graph.captures, cost: graph.cost)
        return model
    }
}
