import HearthTrain

extension History {
    /// Whether any epoch has a value of this name.
    func has(_ name: String) -> Bool { contains { $0[name] != nil } }

    /// The values of a name, not a number where an epoch has none.
    func points(_ name: String) -> [(x: Double, y: Double)] {
        map { (x: Double($0.epoch), y: $0[name] ?? .nan) }
    }
}
