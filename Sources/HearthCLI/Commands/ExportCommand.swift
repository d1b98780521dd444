import ArgumentParser
import Hearth
import HearthGraph
import HearthRuns

/// `hearth export`: a trained model as a program that runs without its code.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a trained model as a program: .hearth, .onnx, or both.",
        discussion: """
            A program runs without the code of the model: with hearth run and predict, with HearthGraph in a Swift program, \
            and as .onnx with any other runtime. It takes any number of samples at a time.
            """)

    @Argument(help: ArgumentHelp("The folder of a run, or a file of weights (.pth, .safetensors).", valueName: "run"))
    var path: String

    @Option(help: "The network of a file of weights: resnet18, mobilenet_v2, …")
    var model: String?

    @Option(help: "The size of the pictures that the network of a file of weights takes.")
    var imageSize = 224

    @Option(help: "The .hearth file to write.")
    var hearth: String?

    @Option(help: "The .onnx file to write.")
    var onnx: String?

    @Option(help: "The version of ONNX's operators.")
    var opset = 18

    @Flag(help: "Write the program as the optimiser makes it: smaller and faster, and not to be trained any more.")
    var optimized = false

    func validate() throws {
        guard hearth != nil || onnx != nil else { throw ValidationError("give --hearth FILE, --onnx FILE, or both") }
        guard (1...4096).contains(imageSize) else { throw ValidationError("--image-size must be from 1 to 4096") }
        guard hearth?.hasSuffix(".hearth") ?? true else { throw ValidationError("--hearth writes .hearth files") }
        guard onnx?.hasSuffix(".onnx") ?? true else { throw ValidationError("--onnx writes .onnx files") }
    }

    func run() throws {
        var graph = try makeGraph()
        if optimized { graph = try graph.optimized() }
        if let hearth {
            try graph.save(to: hearth)
            print("\(hearth): \(graph.operationCount) operations")
        }
        if let onnx {
            try ProgramExport.write(graph, onnx: onnx, opset: opset)
            print("\(onnx): \(graph.operationCount) operations, opset \(opset)")
        }
    }

    private func makeGraph() throws -> Graph {
        if FileList.isFolder(path) {
            guard model == nil else { throw ValidationError("a run knows its model; --model is for a file of weights") }
            return try ProgramExport.graph(run: RunFolder(path: path))
        }
        if Program.isProgram(path) {
            guard let graph = try Program(contentsOf: path).graph else {
                throw RunError("the course of '\(path)' depends on its data, so it cannot be written anew")
            }
            return graph
        }
        guard let model else {
            guard path.hasSuffix(".pth") || path.hasSuffix(".safetensors") else {
                return try ProgramExport.graph(run: RunFolder(path: path))
            }
            throw ValidationError("a file of weights needs --model, the name of its network")
        }
        return try ProgramExport.graph(weights: path, model: model, size: imageSize)
    }
}
