import CKernels
import Synchronization

/// A program of a thread as it is traced: the values that it was given, and the operations that passed the door, in order.
///
/// A value is known by its place: its storage and the layout in which it is read. Results on `meta` get a storage of their
/// own here. Storages are marked rather than held, so that tracing a program on real tensors takes no memory; what comes from
/// outside, a constant, is held.
package final class Trace {
    /// A generator that a program draws from.
    package struct Source {
        /// The generator.
        package let generator: Generator
        /// How many blocks were drawn.
        package fileprivate(set) var blocks = 0
    }

    /// Everything so far.
    package var entries: [TraceEntry] { frames[0].entries }
    /// The program, and the parts inside each other that are being traced.
    var frames = [TraceFrame()]
    /// The generators that the program has drawn from, and how many blocks of random numbers; on `meta` one for all.
    package internal(set) var sources: [Source] = []
    /// The draws from them, in order: of which, and how many blocks after its beginning.
    package private(set) var draws: [(source: Int, offset: Int)] = []
    /// The path of the module that was being computed when a mistake was found first.
    package private(set) var failedPath: String?
    /// The seed of the streams that a program draws from while it is traced on `meta`.
    package static let seed: UInt64 = 0x6865_6172_7468

    private let id = Trace.counter.wrappingAdd(1, ordering: .relaxed).oldValue
    /// Whether the program is followed on `meta`; else it computes.
    let onMeta: Bool
    private let paths: [ObjectIdentifier: String]
    private let state: () -> [Tensor?]
    private var path: [String] = []
    private var storageCount = 0
    /// The storages of constants, which are held, so that no other gets their address.
    private var heldStorages: [ObjectIdentifier: Int] = [:]

    private static let counter = Atomic<UInt32>(1)

    /// A trace.
    /// - Parameters:
    ///   - onMeta: Whether the program is followed on `meta`; else it computes.
    ///   - paths: What modules are called.
    ///   - given: What the program is given, and the state that it reads and writes, as it is now.
    package init(
        onMeta: Bool, paths: [ObjectIdentifier: String] = [:], given: @escaping () -> [Tensor?] = { [] }
    ) {
        self.onMeta = onMeta
        self.paths = paths
        state = given
        give()
    }

    /// Runs `body` while this trace notes the operations of this thread.
    package func record<Result>(_ body: () throws -> Result) rethrows -> Result {
        try withWatch(\.trace_scope, self, body)
    }

    /// The trace of this thread.
    static var current: Trace? {
        guard hk_thread().pointee.watched else { return nil }
        return hk_thread().pointee.trace_scope.map { Unmanaged<Trace>.fromOpaque($0).takeUnretainedValue() }
    }

    /// True while a program is traced on this thread.
    package static var isOn: Bool { hk_thread().pointee.trace_scope != nil }

    /// Runs the computation of a module, which the operations in it are then known to belong to.
    package static func inside<Result>(_ module: AnyObject, _ body: () -> Result) -> Result {
        guard let trace = current, let path = trace.paths[ObjectIdentifier(module)] else { return body() }
        trace.path.append(path)
        defer { trace.path.removeLast() }
        return body()
    }

    /// Runs code that changes parameters and gradients and is no part of a traced program: it runs as it is, now and in
    /// every run of the program.
    package static func effect(_ body: @escaping () -> Void) {
        guard let trace = current, !trace.onMeta else { return body() }
        trace.append(.effect(body, values: trace.stateValues))
        hk_thread().pointee.trace_scope = nil
        body()
        hk_thread().pointee.trace_scope = Unmanaged.passUnretained(trace).toOpaque()
        trace.give()
    }

    /// The values that the given places have now, nil for places without a tensor.
    package var stateValues: [Int?] { state().map { $0.map { number(of: $0) } } }

    /// Notes where a mistake was found.
    static func noteFailure() {
        if let trace = current { trace.failedPath = trace.failedPath ?? trace.path.last ?? "" }
    }

    /// Takes what the program is given to be new values.
    private func give() {
        let known = storageCount
        for (index, tensor) in state().enumerated() {
            if let tensor {
                // Several may lie in one storage, as the gradients of a weight and its bias.
                if tensor.storage.mark.trace != id || tensor.storage.mark.number <= known {
                    storageCount += 1
                    tensor.storage.mark = Storage.Mark(trace: id, number: storageCount)
                }
                frames[0].values[place(of: tensor)] = entries.count
            }
            // Also without a tensor, so that calls of a program are numbered alike.
            append(.given(index: index))
        }
    }

    // MARK: Operations

    /// Notes an operation, and gives its result a place of its own where it has none.
    func note(_ operation: any TensorOperation, _ x: Operands, _ y: Tensor) -> Tensor {
        let result = y.storage === Storage.none ? Tensor.placeholder(y.layout, y.dtype) : y
        let operands = x.map { number(of: $0) }
        // What shows its operand as it is, is no step.
        if let known = frame.values[place(of: result)], operands.contains(known) { return result }
        let step = frame.entries.count
        add(operation, operands, result)
        // Views share the storage of their operand, and with it the mark.
        noteKept(result.body.node?.keptTensors ?? [], of: step)
        return result
    }

    /// Notes an operation that has written its result over its first operand.
    func noteOverwriting(_ operation: any InPlaceOperation, _ x: Operands) {
        guard let first = x.first else { return }
        let operands = x.map { number(of: $0) }
        if frames.count > 1, case .given = frame.entries[operands[0]] {
            stop(
                operation.label, x.map(\.spec),
                "a branch or the body of a loop writes over a tensor from outside of it. Let it compute a new one, and give "
                    + "that as its result")
        }
        add(operation, operands, first)
    }

    private func add(_ operation: any TensorOperation, _ operands: [Int], _ y: Tensor) {
        append(
            .step(TraceStep(operation: operation, operands: operands, result: y.spec, path: currentPath)), giving: y)
    }

    private func noteKept(_ kept: [Tensor], of step: Int) {
        for (index, tensor) in kept.enumerated() where tensor.hasElements {
            if storageNumber(of: tensor.storage) != nil, frame.values[place(of: tensor)] != nil { continue }
            append(.kept(step: step, index: index, tensor.spec), giving: tensor)
        }
    }

    // MARK: Places

    /// The number of a tensor's value; one that is not known becomes a constant. A part of a program is given what it uses
    /// of the program around it, constants among it.
    package func number(of tensor: Tensor) -> Int { number(of: tensor, in: frames.count - 1) }

    private func number(of tensor: Tensor, in level: Int) -> Int {
        if storageNumber(of: tensor.storage) != nil, let known = frames[level].values[place(of: tensor)] {
            return known
        }
        if level > 0 {
            let outer = number(of: tensor, in: level - 1)
            return append(.given(index: frames[level].index(capturing: outer, tensor.spec)), giving: tensor, in: level)
        }
        if storageNumber(of: tensor.storage) == nil {
            storageCount += 1
            heldStorages[ObjectIdentifier(tensor.storage)] = storageCount
        }
        return append(.constant(tensor.detach()), giving: tensor, in: 0)
    }

    /// Adds an entry at the end of the part that is being traced, or of one around it, and gives its number.
    /// - Parameter tensor: The value that it gives.
    @discardableResult
    func append(_ entry: TraceEntry, giving tensor: Tensor? = nil, in level: Int? = nil) -> Int {
        let level = level ?? frames.count - 1
        let number = frames[level].entries.count
        if let tensor {
            mark(tensor.storage)
            frames[level].values[place(of: tensor)] = number
        }
        frames[level].entries.append(entry)
        return number
    }

    /// What is being traced: the program, or the innermost part.
    private var frame: TraceFrame { frames[frames.count - 1] }

    /// The path of the module that is being computed.
    var currentPath: String { path.last ?? "" }

    private func place(of tensor: Tensor) -> TracePlace {
        TracePlace(storage: storageNumber(of: tensor.storage) ?? 0, layout: tensor.layout, dtype: tensor.dtype)
    }

    private func storageNumber(of storage: Storage) -> Int? {
        storage.mark.trace == id ? storage.mark.number : heldStorages[ObjectIdentifier(storage)]
    }

    private func mark(_ storage: Storage) {
        if storageNumber(of: storage) != nil { return }
        storageCount += 1
        storage.mark = Storage.Mark(trace: id, number: storageCount)
    }

    // MARK: Random numbers

    /// The next numbers of the program that is traced: counted from its beginning on `meta`, else the generator's own.
    func draw(_ count: Int, from generator: Generator) -> RandomStream {
        let source = onMeta ? 0 : sources.firstIndex { $0.generator === generator } ?? sources.count
        if source == sources.count { sources.append(Source(generator: generator)) }
        let offset = sources[source].blocks
        // On meta a block for each number, so that places are no rounded quotients of named sizes.
        sources[source].blocks += onMeta ? count : (count + 3) / 4
        if onMeta { return RandomStream(seed: Self.seed, offset: UInt64(offset)) }
        draws.append((source, offset))
        let stream = generator.take(count)
        return RandomStream(seed: stream.seed, offset: stream.offset, draw: draws.count)
    }
}
