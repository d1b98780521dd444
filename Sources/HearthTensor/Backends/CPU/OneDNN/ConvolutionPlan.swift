import CVendor
import Synchronization

/// A convolution of certain sizes, planned once and run often: the primitive, and the moves of plain tensors into the
/// formats that it has chosen and back.
///
/// Unchecked because nothing changes after `init`, and running needs no state but the caller's.
final class ConvolutionPlan: @unchecked Sendable {
    /// What a plan depends on.
    struct Signature: Hashable, Sendable {
        enum Kind: Hashable, Sendable { case forward, data, weights }
        let kind: Kind
        let source: Shape
        let weight: Shape
        let result: Shape
        let hasBias: Bool
        let window: Window
        let groups: Int
    }

    private typealias Format = PrimitiveLibrary.Format

    /// A tensor of the primitive: plain outside, in the primitive's format inside.
    private struct Port {
        let argument: Int
        let plain: Format
        let inner: Format
        /// The move between both; nil when they are the same.
        let reorder: PrimitiveLibrary.Primitive?
        let isResult: Bool
    }

    private let library: PrimitiveLibrary
    private let primitive: PrimitiveLibrary.Primitive
    private let ports: [Port]

    /// nil when oneDNN has no implementation.
    private init?(_ library: PrimitiveLibrary, _ s: Signature) {
        self.library = library
        let sizes = Sizes(s)
        guard let primitive = Self.primitive(library, s, sizes) else { return nil }
        self.primitive = primitive
        var ports: [Port] = []
        for (argument, query, size, isResult) in sizes.ports(s) {
            guard let inner = primitive.format(query), let plain = library.plainFormat(size) else { return nil }
            if library.areEqual(plain, inner) {
                ports.append(
                    Port(argument: argument, plain: plain, inner: inner, reorder: nil, isResult: isResult))
                continue
            }
            guard let reorder = library.reorder(from: isResult ? inner : plain, to: isResult ? plain : inner) else {
                return nil
            }
            ports.append(Port(argument: argument, plain: plain, inner: inner, reorder: reorder, isResult: isResult))
        }
        self.ports = ports
    }

    private static func primitive(
        _ library: PrimitiveLibrary, _ s: Signature, _ sizes: Sizes
    ) -> PrimitiveLibrary.Primitive? {
        guard let source = library.anyFormat(sizes.source), let weights = library.anyFormat(sizes.weight),
            let result = library.anyFormat(sizes.result)
        else { return nil }
        let bias = s.hasBias ? library.plainFormat([sizes.result[1]]) : nil
        let window = s.window
        let convolution = PrimitiveLibrary.Convolution(
            source: source, weights: weights, bias: bias, result: result, strides: window.stride.map(Int64.init),
            dilations: window.dilation.map { Int64($0 - 1) }, before: window.before.map(Int64.init),
            after: window.after.map(Int64.init))
        // Winograd's algorithm where it is faster; not every kind has an implementation of the choice.
        for algorithm in [Int(HV_DNNL_CONVOLUTION_AUTO), Int(HV_DNNL_CONVOLUTION_DIRECT)] {
            guard let forward = library.convolution(.forward, algorithm: algorithm, convolution) else { continue }
            switch s.kind {
            case .forward: return forward
            case .data:
                if let plan = library.convolution(.data, algorithm: algorithm, convolution, hint: forward) {
                    return plan
                }
            case .weights:
                if let plan = library.convolution(.weights, algorithm: algorithm, convolution, hint: forward) {
                    return plan
                }
            }
        }
        return nil
    }

    /// Sizes as oneDNN wants them: groups are a dimension of the weights.
    private struct Sizes {
        let source: [Int]
        let weight: [Int]
        let result: [Int]

        init(_ s: Signature) {
            source = Array(s.source)
            result = Array(s.result)
            let plain = Array(s.weight)
            weight = s.groups == 1 ? plain : [s.groups, plain[0] / s.groups] + plain.dropFirst()
        }

        /// Argument, query, sizes and direction of each tensor, in the order in which `run` takes them.
        func ports(_ s: Signature) -> [(Int, Int, [Int], Bool)] {
            switch s.kind {
            case .forward:
                [
                    (Int(HV_DNNL_ARG_SRC), Int(HV_DNNL_QUERY_SRC), source, false),
                    (Int(HV_DNNL_ARG_WEIGHTS), Int(HV_DNNL_QUERY_WEIGHTS), weight, false),
                    (Int(HV_DNNL_ARG_DST), Int(HV_DNNL_QUERY_DST), result, true),
                ]
            case .data:
                [
                    (Int(HV_DNNL_ARG_DIFF_DST), Int(HV_DNNL_QUERY_DIFF_DST), result, false),
                    (Int(HV_DNNL_ARG_WEIGHTS), Int(HV_DNNL_QUERY_WEIGHTS), weight, false),
                    (Int(HV_DNNL_ARG_DIFF_SRC), Int(HV_DNNL_QUERY_DIFF_SRC), source, true),
                ]
            case .weights:
                [
                    (Int(HV_DNNL_ARG_DIFF_DST), Int(HV_DNNL_QUERY_DIFF_DST), result, false),
                    (Int(HV_DNNL_ARG_SRC), Int(HV_DNNL_QUERY_SRC), source, false),
                    (Int(HV_DNNL_ARG_DIFF_WEIGHTS), Int(HV_DNNL_QUERY_DIFF_WEIGHTS), weight, true),
                ]
            }
        }
    }

    // MARK: Running

    /// Computes the third of the tensors from the first two, all contiguous float32.
    func run(_ first: Tensor, _ second: Tensor, into third: Tensor, bias: Tensor? = nil) {
        var arguments: [PrimitiveLibrary.Argument] = []
        var buffers: [Storage] = []
        let tensors = [first, second, third]
        for (port, tensor) in zip(ports, tensors) {
            guard let reorder = port.reorder else {
                arguments.append(.init(index: port.argument, format: port.inner, data: tensor.pointer))
                continue
            }
            let buffer = Storage(byteCount: library.byteCount(port.inner), in: CachingAllocator.shared)
            buffers.append(buffer)
            if !port.isResult { move(reorder, from: port.plain, tensor.pointer, to: port.inner, buffer.address) }
            arguments.append(.init(index: port.argument, format: port.inner, data: buffer.address))
        }
        if let bias, let format = library.plainFormat([bias.count]) {
            arguments.append(.init(index: Int(HV_DNNL_ARG_BIAS), format: format, data: bias.pointer))
        }
        library.run(primitive, arguments)
        if let port = ports.last, let reorder = port.reorder, let buffer = buffers.last {
            move(reorder, from: port.inner, buffer.address, to: port.plain, third.pointer)
        }
        withExtendedLifetime((buffers, bias, tensors)) {}
    }

    private func move(
        _ reorder: PrimitiveLibrary.Primitive, from: Format, _ source: UnsafeMutableRawPointer, to: Format,
        _ destination: UnsafeMutableRawPointer
    ) {
        library.run(
            reorder,
            [
                .init(index: Int(HV_DNNL_ARG_SRC), format: from, data: source),
                .init(index: Int(HV_DNNL_ARG_DST), format: to, data: destination),
            ])
    }

    // MARK: The plans that were made

    private static let cache = Mutex<[Signature: ConvolutionPlan?]>([:])
    /// Plans that are kept. A program that meets ever new sizes begins anew beyond it, so that memory stays bounded.
    private static let limit = 1024

    /// The plan for these sizes, made when it is first asked for; nil where oneDNN is missing or has none.
    static func plan(_ signature: Signature) -> ConvolutionPlan? {
        guard let library = OneDNN.shared?.primitives else { return nil }
        if let known = cache.withLock({ $0[signature] }) { return known }
        // Planning generates code and takes milliseconds, so others are not kept waiting; a second plan does no harm.
        let plan = ConvolutionPlan(library, signature)
        cache.withLock { plans in
            if plans.count >= limit { plans.removeAll() }
            plans[signature] = .some(plan)
        }
        return plan
    }
}
