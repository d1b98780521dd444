import HearthFormats

extension EpochRecord {
    /// The record as one JSON object.
    public var json: JSON {
        .object(
            [(key: "epoch", value: .number(Double(epoch)))] + values.map { (key: $0.name, value: .number($0.value)) }
                + [
                    (key: "seconds", value: .number(seconds)),
                    (key: "samples_per_second", value: .number(samplesPerSecond)),
                ])
    }

    /// The record that `json` is of; nil when it is none. What is no number is left out.
    public init?(_ json: JSON) {
        guard case .object(let members) = json, let epoch = json["epoch"]?.double.flatMap({ Int(exactly: $0) }) else {
            return nil
        }
        let numbers = members.compactMap { member in member.value.double.map { (name: member.key, value: $0) } }
        self.init(
            epoch: epoch, values: numbers.filter { !["epoch", "seconds", "samples_per_second"].contains($0.name) },
            seconds: json["seconds"]?.double ?? .nan, samplesPerSecond: json["samples_per_second"]?.double ?? .nan)
    }
}

/// Writes one JSON object a line for each epoch.
///
/// The file always holds the whole history and is replaced after every epoch, so it is complete after a kill and has no
/// epoch twice after a resumption.
public final class JSONLinesLog: TrainerCallback {
    private let path: String

    /// Writes to `path`.
    public init(_ path: String) { self.path = path }

    /// Writes the history.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {
        let lines = trainer.history.map { "\($0.json)\n" }.joined()
        try AtomicFile.write(Array(lines.utf8), to: path)
    }
}

/// Writes a table with a row for each epoch, comma-separated, with a header. Whole after every epoch, as
/// `JSONLinesLog`.
public final class CSVLog: TrainerCallback {
    private let path: String

    /// Writes to `path`.
    public init(_ path: String) { self.path = path }

    /// Writes the history.
    public func epochEnds(_ trainer: Trainer, _ record: EpochRecord) throws {
        let names = record.values.map(\.name)
        let rows = trainer.history.map { row in
            ([String(row.epoch)] + names.map { name in row[name].map { "\($0)" } ?? "" }
                + ["\(row.seconds)", "\(row.samplesPerSecond)"]).joined(separator: ",")
        }
        let header = (["epoch"] + names + ["seconds", "samples_per_second"]).joined(separator: ",")
        try AtomicFile.write(Array(([header] + rows).joined(separator: "\n").utf8) + [0x0A], to: path)
    }
}
