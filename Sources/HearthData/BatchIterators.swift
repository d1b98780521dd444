import Dispatch
import HearthTensor
import Synchronization

/// Gives the batches of a dataset that cannot fail, one after another.
public struct BatchIterator<Data: Dataset, Batch: Sendable>: IteratorProtocol where Data.Failure == Never {
    private let walk: EpochWalk<Data, Batch>
    private let crew: Crew<Data, Batch>?
    private var position = 0

    init(_ walk: EpochWalk<Data, Batch>) {
        self.walk = walk
        crew = walk.workers > 0 ? Crew(walk) : nil
    }

    /// The next batch, nil after the last.
    public mutating func next() -> Batch? {
        guard position < walk.count else { return nil }
        defer { position += 1 }
        return crew?.batch(position) ?? walk.batch(position)
    }
}

/// Threads that make batches ahead of a loop. Gone, and the threads with it, when the loop is left.
private final class Crew<Data: Dataset, Batch: Sendable>: Sendable where Data.Failure == Never {
    private let tray: Tray
    private let limit: Int

    /// What the threads and the loop share; the threads hold it, so the crew itself can go.
    private final class Tray: Sendable {
        struct State {
            var next = 0
            var isStopped = false
            var done: [Int: Batch] = [:]
        }

        let state = Mutex(State())
        /// One signal for each batch that may be started.
        let room = DispatchSemaphore(value: 0)
        /// One signal for each batch that was made.
        let made = DispatchSemaphore(value: 0)

        init(room count: Int) {
            // libdispatch stops the program when a semaphore is freed with a count below its first one, so the first is
            // 0.
            for _ in 0..<count { room.signal() }
        }
    }

    init(_ walk: EpochWalk<Data, Batch>) {
        let tray = Tray(room: walk.ahead)
        self.tray = tray
        limit = walk.workers
        let queue = DispatchQueue(label: "hearth.loader", attributes: .concurrent)
        for _ in 0..<walk.workers {
            queue.async {
                while true {
                    tray.room.wait()
                    let position = tray.state.withLock { state -> Int? in
                        guard !state.isStopped, state.next < walk.count else { return nil }
                        defer { state.next += 1 }
                        return state.next
                    }
                    guard let position else { return }
                    let batch = walk.batch(position)
                    tray.state.withLock { $0.done[position] = batch }
                    tray.made.signal()
                }
            }
        }
    }

    /// Waits for a batch. Batches are made out of order but given in order.
    func batch(_ position: Int) -> Batch {
        while true {
            if let batch = tray.state.withLock({ $0.done.removeValue(forKey: position) }) {
                tray.room.signal()
                return batch
            }
            tray.made.wait()
        }
    }

    deinit {
        tray.state.withLock { $0.isStopped = true }
        for _ in 0..<limit { tray.room.signal() }
    }
}

/// Gives the batches of any dataset, one after another, without blocking the caller's thread.
public struct AsyncBatchIterator<Data: Dataset, Batch: Sendable>: AsyncIteratorProtocol {
    /// What reading a batch can throw.
    public typealias Failure = Data.Failure

    private let walk: EpochWalk<Data, Batch>
    private var position = 0
    private let pending = Pending()

    /// The batches under way, first to last; cancelled when the loop is left.
    private final class Pending {
        var tasks: [Task<Result<Batch, Data.Failure>, Never>] = []
        var started = 0
        deinit { for task in tasks { task.cancel() } }
    }

    init(_ walk: EpochWalk<Data, Batch>) { self.walk = walk }

    /// The next batch, nil after the last. Throws what the dataset throws for one of its samples.
    public mutating func next(
        isolation actor: isolated (any Actor)? = #isolation
    ) async throws(Data.Failure) -> Batch? {
        guard position < walk.count else { return nil }
        defer { position += 1 }
        guard walk.workers > 0 else { return try walk.batch(position) }
        while pending.started < walk.count, pending.tasks.count < Swift.max(walk.ahead, 1) {
            let (walk, number) = (walk, pending.started)
            pending.tasks.append(
                Task.detached {
                    do throws(Data.Failure) { return .success(try walk.batch(number)) } catch { return .failure(error) }
                })
            pending.started += 1
        }
        return try await pending.tasks.removeFirst().value.get()
    }
}

extension EpochWalk: Sequence where Data.Failure == Never {
    /// Starts at the first batch.
    public func makeIterator() -> BatchIterator<Data, Batch> { BatchIterator(self) }
}

extension EpochWalk: AsyncSequence {
    /// Starts at the first batch.
    public func makeAsyncIterator() -> AsyncBatchIterator<Data, Batch> { AsyncBatchIterator(self) }
}
