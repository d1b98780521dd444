import CKernels

/// The operations of a thread while a program is traced, in order, with their operands and results.
///
/// A value is known by its place: its storage and the layout in which it is read. Every result on `meta` gets a storage of
/// its own here, and the trace holds on to all storages, so no place is used twice. That also keeps tensors from being
/// written in place, since nobody owns them alone.
package final class Trace {
    /// One operation that passed the door.
    package struct Step {
        /// The operation.
        package let operation: any TensorOperation
        /// What it was applied to.
        package let operands: [Tensor]
        /// What came of it; for an operation that wrote over its operands, the first of them.
        package let result: Tensor
        /// How many operands, from the first on, were written over in place; 0 for all others.
        package let overwrittenCount: Int
        /// The path of the module that was being computed.
        package let path: String
    }

    /// The operations so far.
    package private(set) var steps: [Step] = []
    /// How many blocks of random numbers were drawn so far.
    package private(set) var drawnBlocks: UInt64 = 0
    /// The seed of the streams that the program draws from while it is traced.
    package static let seed: UInt64 = 0x6865_6172_7468

    private let paths: [ObjectIdentifier: String]
    private var path: [String] = []

    /// A trace that calls modules by these paths.
    package init(paths: [ObjectIdentifier: String] = [:]) { self.paths = paths }

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

    /// The path of the module that is being computed; empty outside of all.
    private var place: String { path.last ?? "" }
    /// The path of the module that was being computed when a mistake was found first.
    package private(set) var failedPath: String?

    /// Notes where a mistake was found.
    static func noteFailure() {
        if let trace = current { trace.failedPath = trace.failedPath ?? trace.place }
    }

    /// Runs the computation of a module, which the operations in it are then known to belong to.
    package static func inside<Result>(_ module: AnyObject, _ body: () -> Result) -> Result {
        guard let trace = current, let path = trace.paths[ObjectIdentifier(module)] else { return body() }
        trace.path.append(path)
        defer { trace.path.removeLast() }
        return body()
    }

    /// Notes an operation, and gives its result a place of its own where it has none.
    func note(_ operation: any TensorOperation, _ x: Operands, _ y: Tensor) -> Tensor {
        let result = y.storage === Storage.none ? Tensor.placeholder(y.layout, y.dtype) : y
        add(operation, x, result, overwrittenCount: 0)
        return result
    }

    /// Notes an operation that has written over its operands.
    func noteOverwriting(_ operation: any InPlaceOperation, _ x: Operands) {
        if let first = x.first { add(operation, x, first, overwrittenCount: operation.overwrittenCount) }
    }

    private func add(_ operation: any TensorOperation, _ x: Operands, _ y: Tensor, overwrittenCount: Int) {
        steps.append(
            Step(
                operation: operation, operands: x.map { $0.detach() }, result: y.detach(),
                overwrittenCount: overwrittenCount, path: place))
    }

    /// The next numbers of the program that is traced, counted from its beginning.
    func draw(_ count: Int) -> RandomStream {
        defer { drawnBlocks += UInt64((count + 3) / 4) }
        return RandomStream(seed: Self.seed, offset: drawnBlocks)
    }
}

extension Tensor {
    /// A tensor without elements that is told apart from all others: what a traced program is given.
    package static func placeholder(_ spec: Spec) -> Tensor { placeholder(Layout(spec.shape), spec.dtype) }

    static func placeholder(_ layout: Layout, _ dtype: DType) -> Tensor {
        let storage = Storage(
            borrowing: NoMemory.shared.allocate(0), byteCount: 0, in: NoMemory.shared, release: {})
        return Tensor(Body(layout: layout, dtype: dtype, storage: storage, node: nil))
    }
}
