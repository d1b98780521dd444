import ArgumentParser
import Hearth
import HearthRuns

/// `hearth run`: what a program computes.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a program: a .hearth or .onnx file.",
        discussion: """
            Inputs are the arrays of an .npz file by the names that the program gives them, a picture, or random; outputs \
            are written to an .npz file.
            """)

    @Argument(help: ArgumentHelp("The program (.hearth, .onnx).", valueName: "file"))
    var path: String

    @OptionGroup var options: ProgramOptions

    @Option(help: "The .npz file that outputs are written to.")
    var output: String?

    @Option(name: .customLong("repeat"), help: "Run it so many times more, and tell how long that takes.")
    var repetitions = 0

    @Flag(help: "Tell how long each operation takes.")
    var profile = false

    func validate() throws {
        guard (0...1_000_000).contains(repetitions) else {
            throw ValidationError("--repeat must be from 0 to 1000000")
        }
    }

    func run() throws {
        let program = try Program(contentsOf: path)
        let run = ProgramRun(program, try options.inputs(of: program))
        show("in ", run.inputLines)
        let outputs = try run.outputs()
        show("out", ProgramRun.lines(outputs))
        if let output { try ProgramRun.write(outputs, to: output) }
        if profile { print(try run.profile(runs: max(repetitions, 10))) }
        guard repetitions > 0 else { return }
        let times = try run.latencies(repetitions)
        let shares = [50, 90, 99].map { percent in
            "p\(percent) \(times[min((times.count * percent + 99) / 100, times.count) - 1].fixed(3)) ms"
        }
        print("\(times.count) runs: " + shares.joined(separator: ", "))
    }

    private func show(_ direction: String, _ lines: [ProgramRun.Line]) {
        let width = lines.map(\.name.count).max() ?? 0
        for line in lines { print("\(direction)  \(line.name.padded(to: width))  \(line.text)".safeInMessages) }
    }
}
