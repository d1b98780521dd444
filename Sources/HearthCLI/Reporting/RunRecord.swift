import Hearth

/// What a run has left in its folder: its options and the values of its epochs.
struct RunRecord {
    let folder: RunFolder
    let configuration: RunConfiguration
    /// The values of each epoch, by name.
    let epochs: [[String: Double]]

    /// Reads a folder. Throws `RunError` that names what is missing or damaged.
    init(_ path: String) throws {
        folder = RunFolder(path: path)
        configuration = try folder.readConfiguration()
        let text = String(decoding: try TextFile.read(folder.metrics), as: UTF8.self)
        let file = folder.metrics
        epochs = try text.split(whereSeparator: \.isNewline).enumerated().map { index, line in
            guard let json = try? JSON(parsing: line), case .object(let members) = json else {
                throw RunError("\(file): line \(index + 1) is no epoch of a run")
            }
            return Dictionary(members.compactMap { member in member.value.double.map { (member.key, $0) } }) { $1 }
        }
        guard !epochs.isEmpty else { throw RunError("\(file): the run has no epoch yet") }
    }

    /// The last part of the folder's path.
    var name: String { folder.path.split(separator: "/").last.map(String.init) ?? folder.path }

    /// The values of one name over the epochs; what an epoch lacks is not a number.
    func values(_ name: String) -> [Double] { epochs.map { $0[name] ?? .nan } }

    func has(_ name: String) -> Bool { epochs.contains { $0[name] != nil } }

    /// The best value of a name, and its epoch.
    func best(_ name: String) -> (value: Double, epoch: Int)? {
        let isSmallGood = !["accuracy", "r2"].contains { name.hasSuffix($0) }
        let known = values(name).enumerated().filter { $0.element.isFinite }
        let winner = known.min { isSmallGood ? $0.element < $1.element : $0.element > $1.element }
        return winner.map { (value: $0.element, epoch: $0.offset + 1) }
    }
}
