import Hearth
import HearthGraph
import HearthONNX
import HearthVision

/// A trained model as a program: what `hearth export` does.
package enum ProgramExport {
    /// The program of a run's trained model, for any number of samples. It knows the run's classes and how its inputs are
    /// prepared, so that `hearth predict` takes it.
    package static func graph(run folder: RunFolder) throws -> Graph {
        let configuration = try folder.readConfiguration()
        let model = try folder.loadModel(configuration)
        var graph = try graph(of: model, configuration.inputShape)
        graph.metadata[Program.configurationName] = configuration.json.description
        return graph
    }

    /// The program of a network of HearthVision with weights from a file, for pictures of `size` pixels a side.
    package static func graph(weights path: String, model name: String, size: Int) throws -> Graph {
        try graph(of: WeightsFile(path, model: name).network, [3, size, size])
    }

    /// Writes a program to an ONNX file.
    package static func write(_ graph: Graph, onnx path: String, opset: Int) throws {
        try graph.write(onnx: path, opset: opset)
    }

    private static func graph(of model: some Layer, _ shape: [Int]) throws -> Graph {
        try Graph(of: model, inputs: InputSpec(["batch"] + shape.map { .fixed($0) }))
    }
}
