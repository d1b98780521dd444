import HearthTensor
import Synchronization

/// What is known of the memory that runs with a plan need.
final class PlannedMemory: Sendable {
    /// What is known.
    enum State: Sendable {
        /// No run has been watched yet.
        case unknown
        /// Where everything lies, and the blocks that the results fill.
        case known(MemoryPlan, results: [Int?])
        /// Runs differ in what they ask for.
        case unplannable
    }

    private struct Notes {
        var state = State.unknown
        var attempts = 0
    }

    private let notes: Mutex<Notes>

    /// - Parameter isPlannable: Whether all runs take the same course.
    init(isPlannable: Bool) { notes = Mutex(Notes(state: isPlannable ? .unknown : .unplannable)) }

    /// A run may once leave something behind that later runs find; one that always differs is not planned.
    private static let attemptLimit = 4

    var state: State { notes.withLock { $0.state } }

    func learn(_ plan: MemoryPlan, _ results: [Int?]) {
        notes.withLock {
            $0.state = .known(plan, results: results)
            $0.attempts += 1
        }
    }

    /// Takes what was learned to be wrong.
    func forget() {
        notes.withLock { $0.state = $0.attempts < Self.attemptLimit ? .unknown : .unplannable }
    }
}

/// The memory of an executable's runs: one piece for each run at a time, whatever its sizes.
final class RunMemories: Sendable {
    private let free = Mutex([ArenaMemory]())

    /// Runs `body` in memory that is planned; the first run with a plan is watched to learn what it needs.
    /// - Parameters:
    ///   - body: Computes the results; nothing else of it may be left when it returns.
    ///   - results: Tensors that the results shall be written over. Where they are, they are taken out of it.
    func run(
        _ planned: PlannedMemory, into results: [Tensor] = [], _ body: () throws(GraphError) -> [Tensor]
    ) throws(GraphError) -> [Tensor] {
        switch planned.state {
        case .unknown:
            let recording = MemoryRecording()
            let found = try recording.use(body)
            planned.learn(recording.plan, found.map { recording.block(of: $0) })
            return found
        case .unplannable: return try body()
        case .known(let plan, let blocks):
            let memory = take(plan.byteCount)
            var lent: [Int: UnsafeMutableRawPointer] = [:]
            for (result, block) in zip(results, blocks) { if let block { lent[block] = result.pointer } }
            let arena = Arena(plan, in: memory, lent: lent)
            let found = try arena.use(body)
            if !arena.wasFollowed { planned.forget() }
            giveBack(memory)
            return found
        }
    }

    private func take(_ byteCount: Int) -> ArenaMemory {
        let found = free.withLock { $0.popLast() }
        // A piece that is too small makes room for a larger one.
        return found.flatMap { $0.byteCount >= byteCount ? $0 : nil } ?? ArenaMemory(byteCount: byteCount)
    }

    private func giveBack(_ memory: ArenaMemory) {
        if memory.isFree { free.withLock { $0.append(memory) } }
    }
}
