import ArgumentParser
import Hearth
import HearthRuns

/// `hearth bench`: how fast this machine is.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure this machine: one line for each benchmark.",
        discussion: "Every figure is the median of seven samples. Benchmarks/compare runs the same in PyTorch.")

    @Option(help: "Run only benchmarks whose name contains this.")
    var filter = ""

    @Option(help: "The folder that has MNIST/raw: adds the tutorial's program.")
    var data: String?

    @Flag(help: "Print one JSON object, from names to numbers, instead of a table.")
    var json = false

    func run() async throws {
        var all = Benchmark.all
        if let data { all += try await Benchmark.tutorial(data: data) }
        let chosen = all.filter { filter.isEmpty || $0.name.contains(filter) }
        guard !chosen.isEmpty else {
            let names = all.map(\.name).joined(separator: ", ")
            throw ValidationError("no benchmark's name contains '\(filter)'; there are \(names)")
        }
        var results: [(key: String, value: JSON)] = []
        for benchmark in chosen {
            let value = try benchmark.measure()
            results.append((key: benchmark.name, value: .number(value)))
            if !json { print(Self.row(benchmark, value)) }
        }
        if json { print(JSON.object(results)) }
    }

    private static func row(_ benchmark: Benchmark, _ value: Double) -> String {
        let number = value.fixed(value < 10 ? 3 : value < 1000 ? 1 : 0)
        return benchmark.name.padded(to: 24) + number.padded(to: 14, right: true) + " " + benchmark.unit.rawValue
    }
}
