import HearthFormats
import HearthGraph
import HearthNN
import HearthTensor

/// A network as a text: its layers in order, under PyTorch's names and with PyTorch's options.
///
///     layers:
///       - Conv2d: {out_channels: 32, kernel_size: 3, padding: 1}
///       - ReLU
///       - add:                     # each branch is given the same value; their results are added
///           body:
///             - Conv2d: {out_channels: 32, kernel_size: 3, padding: 1}
///             - ReLU
///           skip: []               # no layers: the value itself
///       - AdaptiveAvgPool2d: 1     # a value alone is the first option
///       - Flatten
///       - Linear: outputs          # as many as the caller asks for
///
///     let description = try NetworkDescription(contentsOf: "net.yaml")
///     let model = try description.network(input: [3, 32, 32], outputs: 10)
///
/// What follows from the input (`in_channels`, `in_features`, `num_features`, …) may be left out, and is checked when it
/// is there. Layers are named by their positions, or by the names of a mapping (`conv1: {Conv2d: …}`), so the keys of
/// the state dict are those of PyTorch's `Sequential`. `cat` joins its branches along `dim`, 1 when left out; `mul` multiplies
/// them; `Sequential` puts layers in a layer; `repeat: {times: 3, layers: […]}` makes its layers several times. Caffe's
/// prototxt is the same idea.
public struct NetworkDescription: Sendable, CustomStringConvertible {
    /// The description as a file holds it.
    public let yaml: String
    /// The name of the file in messages.
    let file: String
    let layers: [LayerNode]

    /// Reads a file. Throws `DescriptionError` with line and column for a text that describes no network, `FileError`
    /// when the file cannot be read.
    public init(contentsOf path: String) throws {
        let source = try ByteSource(path: path)
        guard source.byteCount <= YAMLReader.longest else {
            throw FormatError(
                file: path, expected: "a text of at most \(YAMLReader.longest) bytes",
                found: "\(source.byteCount) bytes")
        }
        let bytes = try source.bytes(at: 0, count: source.byteCount)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FormatError(file: path, expected: "a text in UTF-8", found: "other bytes")
        }
        try self.init(yaml: text, name: path)
    }

    /// Reads a text; `name` stands for the file in messages. Throws `DescriptionError`.
    public init(yaml: String, name: String = "network") throws(DescriptionError) {
        self.yaml = yaml
        file = name
        layers = try DescriptionReader(file: name).network(YAMLReader.read(yaml, file: name))
    }

    /// The description as a file holds it.
    public var description: String { yaml }

    /// The network for inputs of a shape, without their first dimension, the batch, with new weights.
    ///
    /// - Parameters:
    ///   - input: The shape of one input: `[3, 32, 32]` for inputs `[n, 3, 32, 32]`.
    ///   - outputs: What the word `outputs` stands for. The network's result must then be `[n, outputs]`; nil for a
    ///     network whose results have any shape.
    ///   - dtype: The type of the inputs: `.int64` for a network that begins with `Embedding`.
    ///   - generator: Where new weights and dropout draw their numbers; the default generator when nil.
    /// - Throws: `DescriptionError` at the layer that cannot take what arrives there, or that is too large.
    public func network(
        input: [Int], outputs: Int? = nil, dtype: DType = .float32, generator: Generator? = nil
    ) throws -> Sequential {
        let planner = NetworkPlanner(file: file, outputs: outputs, generator: generator)
        return try planner.plan(layers, input: input, dtype: dtype).network()
    }
}

extension NetworkDescription {
    /// The names of the layers that descriptions know, without `Sequential`, `add`, `mul`, `cat` and `repeat`.
    public static var layerNames: [String] { LayerKind.names }
}
