import HearthFormats
import HearthONNX

/// Small models for tests.
enum TestModel {
    static func node(
        _ kind: String, _ inputs: [String], _ outputs: [String], domain: String = "",
        attributes: [AttributeProto] = []
    ) -> NodeProto {
        var node = NodeProto()
        (node.opType, node.inputs, node.outputs, node.domain) = (kind, inputs, outputs, domain)
        node.attributes = attributes
        return node
    }

    static func value(_ name: String, _ dims: [Int] = [2]) -> ValueInfoProto {
        var value = ValueInfoProto()
        value.name = name
        value.type = TypeProto()
        value.type?.tensorType = TensorTypeProto()
        value.type?.tensorType?.elemType = ElementType.float32.rawValue
        value.type?.tensorType?.shape = TensorShapeProto()
        value.type?.tensorType?.shape?.dims = dims.map { size in
            var dimension = DimensionProto()
            dimension.value = size
            return dimension
        }
        return value
    }

    static func model(
        _ nodes: [NodeProto], inputs: [String] = ["x"], outputs: [String] = ["y"], constants: [TensorProto] = [],
        functions: [FunctionProto] = []
    ) -> ModelProto {
        var graph = GraphProto()
        graph.nodes = nodes
        graph.inputs = inputs.map { value($0) }
        graph.outputs = outputs.map { value($0) }
        graph.initializers = constants
        var model = ModelProto()
        model.graph = graph
        model.irVersion = 9
        model.opsetImport = [set("", 21), set("own", 1)]
        model.functions = functions
        return model
    }

    static func set(_ domain: String, _ version: Int) -> OperatorSetID {
        var set = OperatorSetID()
        (set.domain, set.version) = (domain, version)
        return set
    }

    static func function(_ name: String, _ nodes: [NodeProto]) -> FunctionProto {
        var function = FunctionProto()
        (function.name, function.domain, function.inputs, function.outputs) = (name, "own", ["a"], ["b"])
        function.nodes = nodes
        function.opsetImport = [set("", 21), set("own", 1)]
        return function
    }

    static func load(_ model: ModelProto) throws -> ONNXModel {
        try ONNXModel(bytes: FieldWriter.bytes(of: model), name: "test")
    }
}
