import HearthFormats

// The messages of a model's file, field by field as the format has them
// (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>).

/// A model: a graph, the operator sets that it is written in, and functions of its own.
package struct ModelProto: Message {
    /// The version of the format.
    package var irVersion: Int?
    package var producerName: String = ""
    package var producerVersion: String = ""
    package var domain: String = ""
    package var modelVersion: Int?
    package var docString: String = ""
    package var graph: GraphProto?
    /// The operator sets and their versions.
    package var opsetImport: [OperatorSetID] = []
    package var metadata: [StringEntry] = []
    package var functions: [FunctionProto] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &irVersion)
        try coder.field(2, &producerName)
        try coder.field(3, &producerVersion)
        try coder.field(4, &domain)
        try coder.field(5, &modelVersion)
        try coder.field(6, &docString)
        try coder.field(7, &graph)
        try coder.field(8, &opsetImport)
        try coder.field(14, &metadata)
        try coder.field(25, &functions)
    }
}

/// A set of operators and the version of it.
package struct OperatorSetID: Message {
    /// Empty for the operators of the standard.
    package var domain: String = ""
    package var version: Int?

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &domain)
        try coder.field(2, &version)
    }
}

/// A key and its value.
package struct StringEntry: Message {
    package var key: String = ""
    package var value: String = ""

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &key)
        try coder.field(2, &value)
    }
}

/// A computation: nodes in order, constants, inputs and outputs.
package struct GraphProto: Message {
    package var nodes: [NodeProto] = []
    package var name: String = ""
    /// Constants by name.
    package var initializers: [TensorProto] = []
    package var docString: String = ""
    package var inputs: [ValueInfoProto] = []
    package var outputs: [ValueInfoProto] = []
    /// What is known of values between.
    package var valueInfo: [ValueInfoProto] = []
    package var sparseInitializers: [SparseTensorProto] = []
    package var metadata: [StringEntry] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &nodes)
        try coder.field(2, &name)
        try coder.field(5, &initializers)
        try coder.field(10, &docString)
        try coder.field(11, &inputs)
        try coder.field(12, &outputs)
        try coder.field(13, &valueInfo)
        try coder.field(15, &sparseInitializers)
        try coder.field(16, &metadata)
    }
}

/// One step of a graph.
package struct NodeProto: Message {
    /// Names of values; an empty one is left out.
    package var inputs: [String] = []
    package var outputs: [String] = []
    package var name: String = ""
    package var opType: String = ""
    package var attributes: [AttributeProto] = []
    package var docString: String = ""
    package var domain: String = ""
    package var overload: String = ""
    package var metadata: [StringEntry] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &inputs)
        try coder.field(2, &outputs)
        try coder.field(3, &name)
        try coder.field(4, &opType)
        try coder.field(5, &attributes)
        try coder.field(6, &docString)
        try coder.field(7, &domain)
        try coder.field(8, &overload)
        try coder.field(9, &metadata)
    }
}

/// An operator that the model itself defines.
package struct FunctionProto: Message {
    package var name: String = ""
    package var inputs: [String] = []
    package var outputs: [String] = []
    /// Names of attributes without a default.
    package var attributes: [String] = []
    package var nodes: [NodeProto] = []
    package var docString: String = ""
    package var opsetImport: [OperatorSetID] = []
    package var domain: String = ""
    package var attributeDefaults: [AttributeProto] = []
    package var valueInfo: [ValueInfoProto] = []
    package var overload: String = ""
    package var metadata: [StringEntry] = []

    package init() {}

    package mutating func fields(_ coder: inout some FieldCoder) throws(FormatError) {
        try coder.field(1, &name)
        try coder.field(4, &inputs)
        try coder.field(5, &outputs)
        try coder.field(6, &attributes)
        try coder.field(7, &nodes)
        try coder.field(8, &docString)
        try coder.field(9, &opsetImport)
        try coder.field(10, &domain)
        try coder.field(11, &attributeDefaults)
        try coder.field(12, &valueInfo)
        try coder.field(13, &overload)
        try coder.field(14, &metadata)
    }
}
