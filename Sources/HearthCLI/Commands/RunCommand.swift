import ArgumentParser
import Hearth
import HearthRuns

/// `hearth run`: what a model of the ONNX format computes.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Compute a model of the ONNX format.",
        discussion: """
            Inputs are the arrays of an .npz file by the names that the model gives them, or random; outputs are written \
            in the same way. Sizes that the model leaves open are 1 for random inputs.
            """)

    @Argument(help: ArgumentHelp("The model (.onnx).", valueName: "model"))
    var path: String

    @Option(help: "An .npz file with an array for each input.")
    var input: String?

    @Flag(help: "Random inputs.")
    var random = false

    @Option(help: "The seed of random inputs.")
    var seed: UInt64 = 0

    @Option(help: "The .npz file that outputs are written to.")
    var output: String?

    @Option(name: .customLong("repeat"), help: "Compute it so many times more, and tell how long it takes.")
    var repetitions = 0

    func validate() throws {
        guard (input != nil) != random else { throw ValidationError("give --input or --random, and not both") }
        guard (0...1_000_000).contains(repetitions) else {
            throw ValidationError("--repeat must be from 0 to 1000000")
        }
    }

    func run() throws {
        let run = try input.map { try ONNXRun(model: path, inputs: $0) } ?? ONNXRun(model: path, seed: seed)
        show("in ", run.inputLines)
        let outputs = try run.outputs()
        show("out", ONNXRun.lines(outputs))
        if let output { try ONNXRun.write(outputs, to: output) }
        guard repetitions > 0 else { return }
        let times = try run.latencies(repetitions)
        let shares = [50, 90, 99].map { percent in
            "p\(percent) \(times[min((times.count * percent + 99) / 100, times.count) - 1].fixed(3)) ms"
        }
        print("\(times.count) runs: " + shares.joined(separator: ", "))
    }

    private func show(_ direction: String, _ lines: [ONNXRun.Line]) {
        let width = lines.map(\.name.count).max() ?? 0
        for line in lines { print("\(direction)  \(line.name.padded(to: width))  \(line.text)".safeInMessages) }
    }
}
