import CKernels
import HearthTensor

/// A device that computes what the processor computes, over addresses that the processor cannot follow.
///
/// Whatever reads a tensor's memory on a way round its backend stops the program with a fault. What passes here needs
/// only kernels to run on a GPU.
package struct Shadow: Backend {
    private let cpu = CPU()

    /// The kind of the device, `shadow`.
    package static let kind = Backends.register("shadow") { _ in Shadow() }
    /// The device.
    package static let device = Device(kind)

    package var memory: any DeviceMemory { ShadowMemory.shared }

    /// The same tensor where the processor's kernels can read it.
    private func host(_ x: Tensor) -> Tensor {
        let storage = x.storage
        precondition(storage.device == Shadow.device, "a tensor on '\(storage.device)' among those of the shadow")
        return x.over(
            Storage(
                borrowing: storage.address.throughTheMirror, byteCount: storage.byteCount, in: cpu.memory,
                release: { withExtendedLifetime(storage) {} }))
    }

    /// The same tensor where only this backend can.
    private func lift(_ x: Tensor) -> Tensor {
        let storage = x.storage
        return x.over(
            Storage(
                borrowing: storage.address.throughTheMirror, byteCount: storage.byteCount, in: memory,
                isWritable: true, release: { withExtendedLifetime(storage) {} }))
    }

    // Each primitive is the processor's.

    package func unary(_ function: hk_unary, _ x: Tensor, _ parameters: Parameters) -> Tensor {
        lift(cpu.unary(function, host(x), parameters))
    }

    package func binary(_ function: hk_binary, _ x: Tensor, _ y: Tensor, _ parameters: Parameters) -> Tensor {
        lift(cpu.binary(function, host(x), host(y), parameters))
    }

    package func binary(_ function: hk_binary, _ x: Tensor, _ scalar: Scalar, scalarFirst: Bool) -> Tensor {
        lift(cpu.binary(function, host(x), scalar, scalarFirst: scalarFirst))
    }

    package func choose(_ condition: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
        lift(cpu.choose(host(condition), host(x), host(y)))
    }

    package func convert(_ x: Tensor, to dtype: DType) -> Tensor {
        lift(cpu.convert(host(x), to: dtype))
    }

    package func copy(_ x: Tensor, into destination: Tensor) {
        cpu.copy(host(x), into: host(destination))
    }

    package func update(_ destination: Tensor, with function: hk_binary, _ x: Tensor, _ parameters: Parameters) {
        cpu.update(host(destination), with: function, host(x), parameters)
    }

    package func fill(_ destination: Tensor, with value: Scalar) {
        cpu.fill(host(destination), with: value)
    }

    package func range(into destination: Tensor, start: Scalar, step: Scalar) {
        cpu.range(into: host(destination), start: start, step: step)
    }

    package func reduce(_ kind: Reduction, _ x: Tensor, over axes: Axes) -> Tensor {
        lift(cpu.reduce(kind, host(x), over: axes))
    }

    package func argReduce(_ kind: Reduction, _ x: Tensor, along axis: Int) -> Tensor {
        lift(cpu.argReduce(kind, host(x), along: axis))
    }

    package func accumulate(_ kind: Reduction, _ x: Tensor, along axis: Int) -> Tensor {
        lift(cpu.accumulate(kind, host(x), along: axis))
    }

    package func matmul(_ a: Tensor, _ b: Tensor, bias: Tensor?) -> Tensor {
        lift(cpu.matmul(host(a), host(b), bias: bias.map(host)))
    }

    package func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, _ rule: AttentionRule) -> Tensor {
        lift(cpu.attention(host(q), host(k), host(v), mask: mask.map(host), rule))
    }

    package func attentionGradient(
        _ g: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, _ rule: AttentionRule, wantsMask: Bool
    ) -> Tensor {
        lift(
            cpu.attentionGradient(host(g), host(q), host(k), host(v), mask: mask.map(host), rule, wantsMask: wantsMask))
    }

    package func convolve(_ x: Tensor, _ weight: Tensor, bias: Tensor?, _ window: Window, groups: Int) -> Tensor {
        lift(cpu.convolve(host(x), host(weight), bias: bias.map(host), window, groups: groups))
    }

    package func convolveTransposed(_ g: Tensor, _ weight: Tensor, _ window: Window, groups: Int, size: Shape) -> Tensor
    {
        lift(cpu.convolveTransposed(host(g), host(weight), window, groups: groups, size: size))
    }

    package func convolveWeight(_ g: Tensor, _ x: Tensor, _ window: Window, groups: Int) -> Tensor {
        lift(cpu.convolveWeight(host(g), host(x), window, groups: groups))
    }

    package func unfold(_ x: Tensor, _ window: Window) -> Tensor {
        lift(cpu.unfold(host(x), window))
    }

    package func fold(_ columns: Tensor, _ window: Window, size: Shape) -> Tensor {
        lift(cpu.fold(host(columns), window, size: size))
    }

    package func maxPool(_ x: Tensor, _ pools: Pools) -> (values: Tensor, positions: Tensor) {
        let y = cpu.maxPool(host(x), pools)
        return (lift(y.values), lift(y.positions))
    }

    package func maxPoolGradient(_ g: Tensor, _ positions: Tensor, _ pools: Pools) -> Tensor {
        lift(cpu.maxPoolGradient(host(g), host(positions), pools))
    }

    package func averagePool(_ x: Tensor, _ pools: Pools) -> Tensor {
        lift(cpu.averagePool(host(x), pools))
    }

    package func averagePoolGradient(_ g: Tensor, _ pools: Pools) -> Tensor {
        lift(cpu.averagePoolGradient(host(g), pools))
    }

    package func resample(_ x: Tensor, along axis: Int, _ taps: Taps, transposed: Bool) -> Tensor {
        lift(cpu.resample(host(x), along: axis, taps, transposed: transposed))
    }

    package func softmax(_ x: Tensor, along axis: Int, log: Bool) -> Tensor {
        lift(cpu.softmax(host(x), along: axis, log: log))
    }

    package func softmaxGradient(_ g: Tensor, _ y: Tensor, along axis: Int, log: Bool) -> Tensor {
        lift(cpu.softmaxGradient(host(g), host(y), along: axis, log: log))
    }

    package func crossEntropy(_ logits: Tensor, _ classes: Tensor, ignoreIndex: Int) -> (
        losses: Tensor, logSumExp: Tensor
    ) {
        let y = cpu.crossEntropy(host(logits), host(classes), ignoreIndex: ignoreIndex)
        return (lift(y.losses), lift(y.logSumExp))
    }

    package func crossEntropyGradient(
        _ g: Tensor, _ logits: Tensor, _ classes: Tensor, _ logSumExp: Tensor, ignoreIndex: Int
    ) -> Tensor {
        lift(cpu.crossEntropyGradient(host(g), host(logits), host(classes), host(logSumExp), ignoreIndex: ignoreIndex))
    }

    package func moments(_ x: Tensor, _ groups: Groups, centred: Bool) -> Tensor {
        lift(cpu.moments(host(x), groups, centred: centred))
    }

    package func standardise(_ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor, weight: Tensor?, bias: Tensor?)
        -> Tensor
    {
        lift(
            cpu.standardise(
                host(x), groups, mean: host(mean), scale: host(scale), weight: weight.map(host), bias: bias.map(host)))
    }

    package func standardiseGradient(
        _ g: Tensor, _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor, weight: Tensor?, follows: Bool,
        centred: Bool
    ) -> Tensor {
        lift(
            cpu.standardiseGradient(
                host(g), host(x), groups, mean: host(mean), scale: host(scale), weight: weight.map(host),
                follows: follows, centred: centred))
    }

    package func standardiseSums(_ g: Tensor, _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor) -> Tensor {
        lift(cpu.standardiseSums(host(g), host(x), groups, mean: host(mean), scale: host(scale)))
    }

    package func recur(_ recurrence: Recurrence, _ x: Tensor, h: Tensor, c: Tensor?, _ weights: RecurrentWeights) -> (
        result: Tensor, trace: RecurrentTrace
    ) {
        let y = cpu.recur(recurrence, host(x), h: host(h), c: c.map(host), weights.mapped(host))
        return (lift(y.result), y.trace.mapped(lift))
    }

    package func recurGradient(_ recurrence: Recurrence, _ g: Tensor, _ trace: RecurrentTrace, hiddenWeight: Tensor)
        -> Tensor
    {
        lift(cpu.recurGradient(recurrence, host(g), trace.mapped(host), hiddenWeight: host(hiddenWeight)))
    }

    package func gather(_ x: Tensor, along axis: Int, _ index: Tensor) -> Tensor {
        lift(cpu.gather(host(x), along: axis, host(index)))
    }

    package func scatter(_ x: Tensor, along axis: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode) -> Tensor
    {
        lift(cpu.scatter(host(x), along: axis, host(index), host(source), mode))
    }

    package func select(_ x: Tensor, along axis: Int, _ index: Tensor) -> Tensor {
        lift(cpu.select(host(x), along: axis, host(index)))
    }

    package func selectInto(_ x: Tensor, along axis: Int, _ index: Tensor, _ source: Tensor, _ mode: ScatterMode)
        -> Tensor
    {
        lift(cpu.selectInto(host(x), along: axis, host(index), host(source), mode))
    }

    package func wrapIndex(_ x: Tensor, below size: Int) -> Tensor {
        lift(cpu.wrapIndex(host(x), below: size))
    }

    package func checkIndices(_ x: Tensor, in range: Range<Int>, _ report: @escaping @Sendable (Int) -> Void) -> Bool {
        cpu.checkIndices(host(x), in: range, report)
    }

    @discardableResult
    package func checkValues(_ x: Tensor, in range: ClosedRange<Double>, _ report: @escaping @Sendable (Double) -> Void)
        -> Bool
    {
        cpu.checkValues(host(x), in: range, report)
    }

    package func nonzero(_ x: Tensor) -> Tensor {
        lift(cpu.nonzero(host(x)))
    }

    package func searchSorted(_ sorted: Tensor, _ values: Tensor, right: Bool) -> Tensor {
        lift(cpu.searchSorted(host(sorted), host(values), right: right))
    }

    package func argsort(_ x: Tensor, along axis: Int, descending: Bool) -> Tensor {
        lift(cpu.argsort(host(x), along: axis, descending: descending))
    }

    package func triangle(_ x: Tensor, diagonal: Int, upper: Bool) -> Tensor {
        lift(cpu.triangle(host(x), diagonal: diagonal, upper: upper))
    }

    package func random(_ distribution: Distribution, into destination: Tensor, _ stream: RandomStream) {
        cpu.random(distribution, into: host(destination), stream)
    }

    package func dropout(_ x: Tensor, probability: Double, _ stream: RandomStream) -> Tensor {
        lift(cpu.dropout(host(x), probability: probability, stream))
    }

    package func step(_ rule: UpdateRule, _ parameters: [Tensor], _ gradients: [Tensor], state: [[Tensor]]) {
        cpu.step(rule, parameters.map(host), gradients.map(host), state: state.map { $0.map(host) })
    }
}

extension UnsafeMutableRawPointer {
    /// An address that no program can have, from one that it has, and back.
    fileprivate var throughTheMirror: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: UInt(bitPattern: self) ^ 1 << 62)!
    }
}

/// The processor's memory under other addresses.
private final class ShadowMemory: DeviceMemory {
    static let shared = ShadowMemory()
    private let memory = CPU().memory

    var device: Device { Shadow.device }
    func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer { memory.allocate(byteCount).throughTheMirror }
    func release(_ address: UnsafeMutableRawPointer, _ byteCount: Int) {
        memory.release(address.throughTheMirror, byteCount)
    }
    func upload(_ source: UnsafeRawBufferPointer, to address: UnsafeMutableRawPointer) {
        memory.upload(source, to: address.throughTheMirror)
    }
    func download(_ address: UnsafeRawPointer, into destination: UnsafeMutableRawBufferPointer) {
        memory.download(UnsafeMutableRawPointer(mutating: address).throughTheMirror, into: destination)
    }
    func synchronize() {}
    func hostAddress(of address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? { nil }
}

extension RecurrentWeights {
    fileprivate func mapped(_ change: (Tensor) -> Tensor) -> RecurrentWeights {
        RecurrentWeights(
            input: change(input), hidden: change(hidden),
            biases: biases.map { (input: change($0.input), hidden: change($0.hidden)) },
            projection: projection.map(change))
    }
}

extension RecurrentTrace {
    fileprivate func mapped(_ change: (Tensor) -> Tensor) -> RecurrentTrace {
        RecurrentTrace(gates: change(gates), before: change(before), extra: extra.map(change))
    }
}

/// Called when a test program starts.
@_cdecl("hearth_register_shadow")
func registerShadow() { _ = Shadow.kind }
