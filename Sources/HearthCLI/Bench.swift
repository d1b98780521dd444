import ArgumentParser
import Hearth

/// `hearth bench`: how fast this machine is.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Measure this machine: one line for each benchmark.")

    @Option(help: "Run only benchmarks whose name contains this.")
    var filter = ""

    @Flag(help: "Print one JSON object, name to number, instead of a table.")
    var json = false

    func run() throws {
        let chosen = Benchmark.all.filter { filter.isEmpty || $0.name.contains(filter) }
        guard !chosen.isEmpty else {
            let names = Benchmark.all.map(\.name).joined(separator: ", ")
            throw ValidationError("no benchmark's name contains '\(filter)'; there are \(names)")
        }
        for benchmark in chosen {
            let value = try benchmark.measure()
            print(benchmark.name, value, benchmark.unit.rawValue)
        }
    }
}
