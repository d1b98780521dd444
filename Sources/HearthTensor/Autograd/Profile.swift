import CKernels

/// How often each operation ran, and for how long.
public struct Profile: Sendable, CustomStringConvertible {
    /// One operation.
    public struct Entry: Sendable, Hashable {
        /// Its name, `softmax`.
        public let operation: String
        /// What else it says about itself, `dim: 1`.
        public let attributes: Attributes
        /// True for what ran while gradients were computed.
        public let isBackward: Bool
        /// How often it ran.
        public internal(set) var calls = 0
        /// How long it ran, without the operations that it called.
        public internal(set) var time = Duration.zero
    }

    /// The operations, those that took longest first.
    public internal(set) var entries: [Entry] = []

    /// The time of all operations together.
    public var duration: Duration { entries.reduce(.zero) { $0 + $1.time } }

    /// The same with one entry for all calls of an operation, whatever their attributes.
    public var byName: Profile {
        var sums: [String: Entry] = [:]
        for entry in entries {
            let key = "\(entry.operation) \(entry.isBackward)"
            var sum = sums[key] ?? Entry(operation: entry.operation, attributes: [:], isBackward: entry.isBackward)
            sum.calls += entry.calls
            sum.time += entry.time
            sums[key] = sum
        }
        return Profile(entries: sums.values.sorted { $0.time > $1.time })
    }

    /// A table: milliseconds, share, calls, name and attributes.
    public var description: String {
        let whole = Swift.max(duration / .milliseconds(1), .leastNonzeroMagnitude)
        let lines = entries.map { entry in
            let time = entry.time / .milliseconds(1)
            let label = entry.attributes.isEmpty ? entry.operation : "\(entry.operation)(\(entry.attributes))"
            let columns = [
                decimals(time, 3), decimals(100 * time / whole, 1), String(entry.calls),
                label + (entry.isBackward ? " (backward)" : ""),
            ]
            return zip(columns, [12, 8, 9]).map { String(repeating: " ", count: Swift.max($1 - $0.count, 0)) + $0 }
                .joined() + "  " + columns[3]
        }
        return (["   time (ms)       %    calls  operation"] + lines).joined(separator: "\n")
    }

    private func decimals(_ value: Double, _ places: Int) -> String {
        let scale = (0..<places).reduce(1) { power, _ in power * 10 }
        let whole = Int((value * Double(scale)).rounded())
        let rest = String(whole % scale)
        return "\(whole / scale)." + String(repeating: "0", count: places - rest.count) + rest
    }
}

/// Runs `body` and tells how long each operation of this thread took, forward and backward.
///
///     let (_, profile) = profile { criterion(model(x), y).backward() }
///     print(profile)
///
/// PyTorch's `torch.autograd.profiler.profile`.
public func profile<Result>(_ body: () throws -> Result) rethrows -> (result: Result, profile: Profile) {
    let scope = ProfileScope()
    let result = try withWatch(\.profile_scope, scope, body)
    return (result, scope.profile)
}

/// What `profile` has seen on this thread.
final class ProfileScope {
    private struct Key: Hashable {
        let operation: String
        let attributes: Attributes
        let isBackward: Bool
    }

    /// True while the derivative of an operation is computed.
    var isBackward = false
    private var entries: [Key: Profile.Entry] = [:]
    /// The operations that are running, each with the time that those inside it took.
    private var running: [(start: ContinuousClock.Instant, inner: Duration)] = []

    static var current: ProfileScope? {
        guard hk_thread().pointee.watched else { return nil }
        return hk_thread().pointee.profile_scope.map {
            Unmanaged<ProfileScope>.fromOpaque($0).takeUnretainedValue()
        }
    }

    func begin() { running.append((.now, .zero)) }

    func end(_ operation: any TensorOperation) {
        guard let (start, inner) = running.popLast() else { return }
        let whole = ContinuousClock.now - start
        let (name, attributes) = (operation.name, operation.attributes)
        if !running.isEmpty { running[running.count - 1].inner += whole }
        let key = Key(operation: name, attributes: attributes, isBackward: isBackward)
        var entry =
            entries[key] ?? Profile.Entry(operation: name, attributes: attributes, isBackward: isBackward)
        entry.calls += 1
        entry.time += whole - inner
        entries[key] = entry
    }

    var profile: Profile { Profile(entries: entries.values.sorted { $0.time > $1.time }) }
}
