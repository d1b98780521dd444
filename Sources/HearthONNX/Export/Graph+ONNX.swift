import HearthFormats
import HearthGraph
import HearthTensor

extension HearthGraph.Graph {
    /// Writes the program as an ONNX model (<https://onnx.ai>), which other runtimes and tools read.
    ///
    ///     let graph = try Graph(of: model.eval(), inputs: .float32("batch", 3, 224, 224))
    ///     try graph.write(onnx: "resnet18.onnx")
    ///     try graph.write(onnx: "resnet18.onnx", opset: 21)
    ///
    /// Named sizes stay open under their names. Parameters and buffers have their names in the state dict. The file takes
    /// the place of an older one only when all of it is written. PyTorch's `torch.onnx.export`.
    /// - Parameters:
    ///   - path: The file. Weights that are too many for it go into another one beside it, of the same name with `.data`
    ///     behind.
    ///   - opset: The version of ONNX's operators, 17 to 25.
    ///   - externalAbove: With more bytes of weights than this they lie beside the model, whose format ends at 2 GB.
    /// - Throws: `ONNXError` for an operation that ONNX's operators cannot express, with its name and that of its node, for
    ///   a program that changes its buffers, and for an unknown version of the operators; `FileError` when the file cannot
    ///   be written.
    public func write(onnx path: String, opset: Int = 18, externalAbove: Int = 2_000_000_000) throws {
        do {
            guard ModelFile.opsets.contains(opset) else {
                throw ONNXError(
                    expected:
                        "a version of the operators in \(ModelFile.opsets.lowerBound)...\(ModelFile.opsets.upperBound)",
                    found: "\(opset)")
            }
            let exporter = GraphExporter(self, opset: opset)
            let graph = try noGrad { try exporter.proto(name: FilePath.stem(of: path)) }
            let file = ModelFile(path: path, opset: opset, externalLimit: min(externalAbove, 2_000_000_000))
            try file.write(graph, exporter.draft.initializers)
        } catch let error as ONNXError {
            throw error.at(file: path)
        }
    }
}
