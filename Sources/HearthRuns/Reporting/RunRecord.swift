import Hearth

/// What a run has left in its folder: its options and the values of its epochs.
package struct RunRecord {
    package let folder: RunFolder
    package let configuration: RunConfiguration
    package let history: History

    /// Reads a folder. Throws `RunError` that names what is missing or damaged.
    package init(_ path: String) throws {
        folder = RunFolder(path: path)
        configuration = try folder.readConfiguration()
        let text = String(decoding: try TextFile.read(folder.metrics), as: UTF8.self)
        let file = folder.metrics
        history = try text.split(whereSeparator: \.isNewline).enumerated().map { index, line in
            guard let json = try? JSON(parsing: line), let record = EpochRecord(json) else {
                throw RunError("\(file): line \(index + 1) is no epoch of a run")
            }
            return record
        }
        guard !history.isEmpty else { throw RunError("\(file): the run has no epoch yet") }
    }

    /// The last part of the folder's path.
    package var name: String { folder.path.split(separator: "/").last.map(String.init) ?? folder.path }

    /// The seconds of training.
    var seconds: [Double] { history.map(\.seconds).filter(\.isFinite) }

    /// The best value of a name, and its epoch.
    package func best(_ name: String) -> (value: Double, epoch: Int)? {
        let isSmallGood = !["accuracy", "r2"].contains { name.hasSuffix($0) }
        let known = history.compactMap { epoch in epoch[name].map { (value: $0, epoch: epoch.epoch) } }
            .filter { $0.value.isFinite }
        return known.min { isSmallGood ? $0.value < $1.value : $0.value > $1.value }
    }
}
