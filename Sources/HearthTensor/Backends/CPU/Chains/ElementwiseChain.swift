import CKernels

/// Several functions of elements in one pass: tile by tile, each so small that what lies between the functions never leaves
/// the first cache.
///
/// The kernels are those of the single operations, so the results are theirs to the last bit. What is read and written of
/// memory are the operands and the result alone, however many functions there are.
package final class ElementwiseChain: Sendable {
    /// What a function of a chain is given.
    package enum Value: Hashable, Sendable {
        /// An operand of the chain.
        case operand(Int)
        /// The result of an earlier function of the chain.
        case result(Int)
    }

    /// A function of a chain, and the type of its result.
    package struct Function {
        let operation: any TensorOperation
        let operands: [Value]
        let dtype: DType

        /// A function of operands of the chain and of results of functions before it.
        package init(_ operation: any TensorOperation, _ operands: [Value], _ dtype: DType) {
            (self.operation, self.operands, self.dtype) = (operation, operands, dtype)
        }
    }

    /// Where a step of a tile reads and writes.
    private enum Place: Hashable {
        case operand(Int)
        case slot(Int)
        /// The result of the chain.
        case result

        /// The memory of a slot or the result.
        func memory(
            _ scratch: UnsafeMutableRawPointer, _ slotSize: Int, _ result: UnsafeMutableRawPointer
        ) -> UnsafeMutableRawPointer {
            if case .slot(let slot) = self { scratch + slot * slotSize } else { result }
        }
    }

    private struct Step {
        let kernel: ElementwiseKernel
        var operands: [Place]
        var result: Place
    }

    private let steps: [Step]
    private let slotCount: Int
    private let operands: [DType]
    /// The type of the result.
    package let dtype: DType
    /// The bytes of the largest element that a slot holds.
    private let elementSize: Int

    /// A chain whose last function gives its result; nil where a function cannot be computed in pieces.
    /// - Parameter operands: The types of its operands, which have one shape.
    package init?(_ functions: [Function], on operands: [DType]) {
        var draft = Draft()
        for function in functions {
            let types = function.operands.map { value in
                switch value {
                case .operand(let index): operands[index]
                case .result(let index): functions[index].dtype
                }
            }
            guard let operation = function.operation as? any ElementwiseOperation,
                let kernels = operation.kernels(for: types)
            else { return nil }
            draft.add(kernels, function.operands)
        }
        guard let last = functions.last else { return nil }
        dtype = last.dtype
        self.operands = operands
        (steps, slotCount) = draft.placed()
        elementSize = (operands + functions.map(\.dtype)).map(\.byteCount).max()!
    }

    /// True for a chain of `float32` that gives 0 for zeros, so that it may be applied to values in blocks, whose padding must
    /// stay 0.
    package var keepsZeros: Bool {
        guard dtype == .float32, operands.allSatisfy({ $0 == .float32 }) else { return false }
        return self(operands.map { Tensor.full([1], 0, dtype: $0, device: .cpu) }, [1]).item() == 0
    }

    /// True for an operation that a chain can hold, on operands of these types.
    package static func holds(_ operation: any TensorOperation, on operands: [DType]) -> Bool {
        (operation as? any ElementwiseOperation)?.kernels(for: operands) != nil
    }

    /// The steps of a chain while places are sought for what they give.
    private struct Draft {
        private var calls: [(kernel: ElementwiseKernel, operands: [Value])] = []
        /// The call that gives the result of each function.
        private var results: [Int] = []

        /// Adds the kernels of a function. In calls, values are numbered by calls.
        mutating func add(_ kernels: [ElementwiseKernelCall], _ values: [Value]) {
            for call in kernels {
                let operands = call.operands.map { operand -> Value in
                    switch operand {
                    case .previous: .result(calls.count - 1)
                    case .operand(let index):
                        value(values[index])
                    }
                }
                calls.append((call.kernel, operands))
            }
            results.append(calls.count - 1)
        }

        private func value(_ value: Value) -> Value {
            if case .result(let function) = value { .result(results[function]) } else { value }
        }

        /// The steps, with as few slots as their lives allow.
        func placed() -> (steps: [Step], slotCount: Int) {
            var lastUse: [Value: Int] = [:]
            for (index, call) in calls.enumerated() { for value in call.operands { lastUse[value] = index } }
            var places: [Value: Place] = [:]
            var (free, slotCount) = ([Int](), 0)
            var steps: [Step] = []
            for (index, call) in calls.enumerated() {
                let operands = call.operands.map { value -> Place in
                    if case .operand(let number) = value { .operand(number) } else { places[value]! }
                }
                var result = Place.result
                if index < calls.count - 1 {
                    if free.isEmpty {
                        free.append(slotCount)
                        slotCount += 1
                    }
                    result = .slot(free.removeLast())
                }
                for value in Set(call.operands) where lastUse[value] == index {
                    if case .slot(let slot)? = places[value] { free.append(slot) }
                }
                places[.result(index)] = result
                steps.append(Step(kernel: call.kernel, operands: operands, result: result))
            }
            return (steps, slotCount)
        }
    }
}

// MARK: Running

extension ElementwiseChain {
    /// The result for operands of one shape, in the order in which the chain was told their types.
    /// - Parameter target: What the result is written over, which may be an operand; nil for memory of its own.
    package func callAsFunction(_ operands: [Tensor], _ shape: Shape, into target: Tensor? = nil) -> Tensor {
        // Each tile of the operands is read before the same tile of the result is written.
        let result = target ?? .uninitialized(Spec(shape, dtype))
        let tiled = operands.map { TiledOperand($0) }
        let scratchCount = slotCount + tiled.count { $0.isGathered }
        let tile = Self.tileSize / elementSize
        Team.shared.parallel(result.count, grain: max(CPU.grain / (4 * steps.count), tile)) { range in
            withUnsafeTemporaryAllocation(byteCount: max(scratchCount, 1) * tile * elementSize, alignment: 64) {
                run(range, tile, tiled, result.pointer, scratch: $0.baseAddress!)
            }
        }
        return withExtendedLifetime(operands) { result }
    }

    /// The bytes of a tile: few, so that the next tile comes into the first cache while one is computed.
    private static let tileSize = 4096

    private func run(
        _ range: Range<Int>, _ tile: Int, _ operands: [TiledOperand], _ result: UnsafeMutableRawPointer,
        scratch: UnsafeMutableRawPointer
    ) {
        let slotSize = tile * elementSize
        let gatheredStart = scratch + slotCount * slotSize
        withUnsafeTemporaryAllocation(of: ElementwiseKernel.Place.self, capacity: max(operands.count, 1)) { places in
            for start in stride(from: range.lowerBound, to: range.upperBound, by: tile) {
                let count = min(tile, range.upperBound - start)
                var gathered = gatheredStart
                for (index, operand) in operands.enumerated() {
                    places.initializeElement(at: index, to: operand.place(start, count, gathering: gathered))
                    if operand.isGathered { gathered += slotSize }
                }
                let out = result + start * dtype.byteCount
                for (index, step) in steps.enumerated() {
                    prefetch(part: index, of: start + tile, tile, operands, result)
                    step.kernel(
                        count,
                        { operand in
                            switch step.operands[operand] {
                            case .operand(let number): places[number]
                            case .slot(let slot): (UnsafeRawPointer(scratch + slot * slotSize), 1)
                            case .result: (UnsafeRawPointer(out), 1)
                            }
                        }, into: step.result.memory(scratch, slotSize, out))
                }
            }
        }
    }

    /// Asks for a part of the next tile's operands and result: a part before each step, since a processor keeps few lines of
    /// memory on their way at a time.
    private func prefetch(
        part: Int, of start: Int, _ tile: Int, _ operands: [TiledOperand], _ result: UnsafeMutableRawPointer
    ) {
        let count = (tile + steps.count - 1) / steps.count
        let first = start + part * count
        for operand in operands { operand.prefetch(first, count) }
        hk_prefetch_for_writing(result + first * dtype.byteCount, Int64(count * dtype.byteCount))
    }
}

/// An operand of a chain, as tiles read it.
private struct TiledOperand {
    private enum Kind {
        case packed
        case single
        /// Brought together row by row.
        case rows(Walk, hk_convert_kernel)
    }

    private let tensor: Tensor
    private let size: Int
    private let kind: Kind

    init(_ x: Tensor) {
        size = x.dtype.byteCount
        if x.isContiguous {
            (tensor, kind) = (x, .packed)
            return
        }
        let walk = Walk(x.shape, x.strides)
        if walk.rank == 1, walk.rowStride(0) == 0 {
            (tensor, kind) = (x, .single)
        } else if walk.rowCount < Self.shortestRow
            || Transposition(Walk(x.shape, x.strides, x.shape.contiguousStrides)) != nil
        {
            (tensor, kind) = (CPU().convert(x, to: x.dtype), .packed)
        } else {
            (tensor, kind) = (x, .rows(walk, hk_find_convert(x.dtype.kernel, x.dtype.kernel).unsafelyUnwrapped))
        }
    }

    /// Shorter rows are not worth a call each.
    private static let shortestRow = 16

    var isGathered: Bool { if case .rows = kind { true } else { false } }

    /// Asks for `count` elements from `start` on.
    func prefetch(_ start: Int, _ count: Int) {
        if case .packed = kind { hk_prefetch(tensor.pointer + start * size, Int64(count * size)) }
    }

    /// Where `count` elements from `start` on are; brought together in `scratch` where they lie apart.
    func place(
        _ start: Int, _ count: Int, gathering scratch: UnsafeMutableRawPointer
    ) -> ElementwiseKernel.Place {
        switch kind {
        case .packed: return (UnsafeRawPointer(tensor.pointer + start * size), 1)
        case .single: return (UnsafeRawPointer(tensor.pointer), 0)
        case .rows(let walk, let copy):
            let (length, stride) = (walk.rowCount, walk.rowStride(0))
            let end = start + count
            var out = scratch
            walk.forEachRow(in: start / length..<(end - 1) / length + 1) { row, offsets in
                let first = max(start - row * length, 0)
                let number = min(end - row * length, length) - first
                copy(Int64(number), tensor.pointer + (offsets[0] + first * stride) * size, Int64(stride), out, 1)
                out += number * size
            }
            return (UnsafeRawPointer(scratch), 1)
        }
    }
}
