import ArgumentParser
import Hearth
import HearthDescription
import HearthGraph
import HearthReport
import HearthRuns

/// `hearth graph`: what a program consists of.
struct GraphCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Show a program: its operations, how much it computes, a picture.",
        discussion: """
            Without options the listing and the statistics are shown. --out draws the program: .svg and .png as a picture, .dot \
            for Graphviz, .txt as the listing. --yaml writes the program as a file of layers for hearth train --model.
            """)

    @Argument(help: ArgumentHelp("The program (.hearth, .onnx).", valueName: "file"))
    var path: String

    @Option(help: "The file that the program is drawn to: .svg, .png, .dot or .txt.")
    var out: String?

    @Flag(help: "Write the program as layers, on standard output or to --out net.yaml.")
    var yaml = false

    @Flag(help: "Tell what each pass of the optimiser changes.")
    var passes = false

    @Flag(help: "Show the program after all passes.")
    var optimized = false

    @Option(
        name: .customLong("size"), parsing: .upToNextOption,
        help: "Numbers for named sizes in the statistics: batch=8 length=128; 1 for others.")
    var sizes: [String] = []

    @Flag(help: "The statistics without the listing.")
    var statistics = false

    func run() throws {
        let program = try Program(contentsOf: path)
        guard var graph = program.graph else {
            throw RunError(
                "the course of '\(path)' depends on its data, so it is no graph; hearth run computes it node by node")
        }
        if yaml { return try describe(graph) }
        let (faster, reports) = try graph.optimizing()
        if optimized { graph = faster }
        if let out { return try draw(graph, to: out) }
        if passes { return show(reports) }
        if !statistics { print(graph.listing(columns: Terminal.current?.columns ?? .max).safeInMessages + "\n") }
        print(try graph.statistics(try numbers()))
    }

    private func describe(_ graph: Graph) throws {
        let text: String
        do { text = try NetworkDescription(of: graph).yaml } catch {
            throw RunError("'\(path)' cannot be written as layers: \(error)")
        }
        guard let out else { return print(text, terminator: "") }
        try AtomicFile.write(Array(text.utf8), to: out)
    }

    private func show(_ reports: [PassReport]) {
        for report in reports {
            print("\(report)".safeInMessages)
            for change in report.changes.prefix(20) { print("  \(change)".safeInMessages) }
            if report.changes.count > 20 { print("  … \(report.changes.count - 20) more") }
        }
    }

    private func numbers() throws -> [String: Int] {
        var numbers: [String: Int] = [:]
        for text in sizes {
            let parts = text.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = Int(parts[1]), value > 0 else {
                throw ValidationError("--size takes names with numbers, batch=8; found '\(text)'")
            }
            numbers[String(parts[0])] = value
        }
        return numbers
    }

    private func draw(_ graph: Graph, to path: String) throws {
        switch FilePath.pathExtension(of: path) {
        case "dot": try AtomicFile.write(Array(graph.graphviz.utf8), to: path)
        case "txt": try AtomicFile.write(Array((graph.listing() + "\n").utf8), to: path)
        case "svg": try AtomicFile.write(Array(graph.drawing.svg(theme: .light).utf8), to: path)
        case "png": try AtomicFile.write(graph.drawing.png(), to: path)
        default: throw RunError("'\(path)': a name that ends with .svg, .png, .dot or .txt is expected")
        }
    }
}
