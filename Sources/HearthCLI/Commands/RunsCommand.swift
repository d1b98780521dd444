import ArgumentParser
import Hearth
import HearthRuns

/// `hearth runs`: the runs in a folder with their results.
struct RunsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List runs with their results.",
        discussion:
            "The value is the best of the epochs: accuracy on the validation samples, or the root mean squared error.")

    @Argument(help: "The folder that runs are in.")
    var folder = "runs"

    @Flag(help: "Print a JSON object for each run.")
    var json = false

    func run() throws {
        let records = try FileList.names(in: folder).map { RunFolder(path: "\(folder)/\($0)") }.filter(\.holdsRun)
            .map { RunLine($0) }
        if json {
            for record in records { print(record.json) }
            return
        }
        guard !records.isEmpty else { return note("'\(folder)' holds no runs") }
        let cells = [RunLine.header] + records.map(\.cells)
        let widths = RunLine.header.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        for row in cells {
            let line = zip(row, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
            print(String(line.trimmed))
        }
    }
}

/// One run in the list.
private struct RunLine {
    static let header = ["run", "dataset", "model", "epochs", "best"]

    private let name: String
    private let configuration: RunConfiguration?
    private let record: RunRecord?

    init(_ folder: RunFolder) {
        name = folder.path.split(separator: "/").last.map(String.init) ?? folder.path
        configuration = try? folder.readConfiguration()
        record = try? RunRecord(folder.path)
    }

    /// The measure of a run, its best value and the epoch of that.
    private var best: (name: String, value: Double, epoch: Int)? {
        let name = configuration?.isRegression == true ? "val_rmse" : "val_accuracy"
        return record?.best(name).map { (name: name, value: $0.value, epoch: $0.epoch) }
    }

    var cells: [String] {
        guard let configuration else { return [name, "damaged", "", "", ""] }
        let epochs = "\(record?.history.count ?? 0)/\(configuration.epochs)"
        let result = best.map { "\($0.name.dropFirst(4)) \($0.value.fixed(4)) in epoch \($0.epoch)" } ?? "–"
        return [name, configuration.dataset, configuration.model, epochs, result]
    }

    var json: JSON {
        [
            "run": .string(name), "dataset": configuration.map { .string($0.dataset) } ?? .null,
            "model": configuration.map { .string($0.model) } ?? .null,
            "epochs": .number(Double(record?.history.count ?? 0)), "measure": best.map { .string($0.name) } ?? .null,
            "best": best.map { .number($0.value) } ?? .null, "epoch": best.map { .number(Double($0.epoch)) } ?? .null,
        ]
    }
}
