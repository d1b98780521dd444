import CVendor
import Synchronization

/// How the elements of a value lie in a program that was planned: one after another, or in blocks as a primitive likes them.
///
/// In blocks a value is a vector of all its bytes, padding among them, which is 0.
package final class ElementFormat: @unchecked Sendable {
    let format: PrimitiveLibrary.Format
    private let library: PrimitiveLibrary
    /// True when the elements lie one after another.
    package let isPlain: Bool
    /// The number of floats that a value takes.
    package let count: Int

    init(_ format: PrimitiveLibrary.Format, plain: PrimitiveLibrary.Format, _ library: PrimitiveLibrary) {
        self.format = format
        self.library = library
        isPlain = library.areEqual(format, plain)
        count = library.byteCount(format) / MemoryLayout<Float>.size
    }

    /// True when both place elements alike.
    package func isEqual(to other: ElementFormat) -> Bool { library.areEqual(format, other.format) }

    /// Elements of this shape one after another; nil without oneDNN.
    package static func plain(_ shape: Shape) -> ElementFormat? {
        guard let library = OneDNN.shared?.primitives, let format = library.plainFormat(Array(shape)) else {
            return nil
        }
        return ElementFormat(format, plain: format, library)
    }
}

/// The move of a value from one format to another.
package final class FormatChange: @unchecked Sendable {
    private let library: PrimitiveLibrary
    private let primitive: PrimitiveLibrary.Primitive
    private let (source, target): (ElementFormat, ElementFormat)
    private let result: Spec

    /// nil when oneDNN cannot make it.
    /// - Parameter shape: The shape of the value.
    package init?(from source: ElementFormat, to target: ElementFormat, _ shape: Shape) {
        guard let library = OneDNN.shared?.primitives,
            let primitive = library.reorder(from: source.format, to: target.format)
        else { return nil }
        self.library = library
        self.primitive = primitive
        (self.source, self.target) = (source, target)
        result = Spec(target.isPlain ? shape : [target.count], .float32)
    }

    /// The value in the other format.
    package func callAsFunction(_ x: Tensor) -> Tensor {
        let x = x.contiguous()
        let y = Tensor.uninitialized(result)
        library.run(
            primitive,
            [
                .init(index: Int(HV_DNNL_ARG_SRC), format: source.format, data: x.pointer),
                .init(index: Int(HV_DNNL_ARG_DST), format: target.format, data: y.pointer),
            ])
        return withExtendedLifetime(x) { y }
    }
}

/// Weights in the formats that primitives have chosen, shared by all plans of a program.
package final class PreparedWeights: Sendable {
    private let known = Mutex([ObjectIdentifier: [(format: ElementFormat, tensor: Tensor)]]())

    /// None yet. The weights must live as long as this does.
    package init() {}

    fileprivate func weight(_ weight: Tensor, _ shape: [Int], in target: ElementFormat, plain: ElementFormat) -> Tensor?
    {
        let key = weight.storageIdentity
        let found = known.withLock { known in
            known[key]?.first { $0.format.isEqual(to: target) && $0.tensor.count == target.count }?.tensor
        }
        if let found { return found }
        guard let change = FormatChange(from: plain, to: target, [target.count]) else { return nil }
        let moved = change(weight)
        known.withLock { $0[key, default: []].append((target, moved)) }
        return moved
    }
}

/// A convolution of certain sizes with weights that stay: they are moved into the format of the primitive once, and values
/// come and go in the formats that it has chosen.
package final class PreparedConvolution: @unchecked Sendable {
    /// What it reads.
    package let source: ElementFormat
    /// What it gives.
    package let target: ElementFormat
    private let library: PrimitiveLibrary
    private let primitive: PrimitiveLibrary.Primitive
    private let weightFormat: ElementFormat
    private let weight: Tensor
    private let bias: (tensor: Tensor, format: PrimitiveLibrary.Format)?
    private let result: Spec

    /// nil for an operation that is no convolution of float32 on the processor, and where oneDNN has no implementation.
    /// - Parameter following: What is done with the result in the same pass. An addition needs the other operand, in
    ///   `target`, whenever it is called.
    package init?(
        _ operation: any TensorOperation, _ x: Spec, weight: Tensor, bias: Tensor?, result: Spec,
        following: [FollowingStep] = [], _ weights: PreparedWeights
    ) {
        guard let convolution = operation as? Convolve, x.dtype == .float32, x.shape.elementCount > 0,
            result.shape.elementCount > 0, weight.device == .cpu, let library = OneDNN.shared?.primitives,
            let primitive = Self.primitive(library, convolution, x, weight, hasBias: bias != nil, result, following)
        else { return nil }
        let sizes = convolution.weightSizes(weight.shape)
        guard let source = Self.format(primitive, HV_DNNL_QUERY_SRC, Array(x.shape), library),
            let target = Self.format(primitive, HV_DNNL_QUERY_DST, Array(result.shape), library),
            let weightFormat = Self.format(primitive, HV_DNNL_QUERY_WEIGHTS, sizes, library),
            let plainFormat = library.plainFormat(sizes)
        else { return nil }
        let plain = ElementFormat(plainFormat, plain: plainFormat, library)
        let packed = weight.contiguous()
        guard
            let moved = weightFormat.isPlain
                ? packed : weights.weight(packed, sizes, in: weightFormat, plain: plain)
        else { return nil }
        var boundBias: (tensor: Tensor, format: PrimitiveLibrary.Format)?
        if let bias {
            guard let format = library.plainFormat([bias.count]) else { return nil }
            boundBias = (bias.contiguous(), format)
        }
        (self.library, self.primitive) = (library, primitive)
        (self.source, self.target, self.weightFormat) = (source, target, weightFormat)
        (self.weight, self.bias) = (moved, boundBias)
        self.result = Spec(target.isPlain ? result.shape : [target.count], .float32)
    }

    private static func primitive(
        _ library: PrimitiveLibrary, _ convolution: Convolve, _ x: Spec, _ weight: Tensor, hasBias: Bool,
        _ result: Spec,
        _ following: [FollowingStep]
    ) -> PrimitiveLibrary.Primitive? {
        var steps: PrimitiveLibrary.Following?
        if !following.isEmpty {
            steps = PrimitiveLibrary.Following(following, library)
            if steps == nil { return nil }
        }
        guard let source = library.anyFormat(Array(x.shape)),
            let weights = library.anyFormat(convolution.weightSizes(weight.shape)),
            let target = library.anyFormat(Array(result.shape))
        else { return nil }
        let window = convolution.window
        let description = PrimitiveLibrary.Convolution(
            source: source, weights: weights, bias: hasBias ? library.plainFormat([result.shape[1]]) : nil,
            result: target, strides: window.stride.map(Int64.init),
            dilations: window.dilation.map { Int64($0 - 1) }, before: window.before.map(Int64.init),
            after: window.after.map(Int64.init))
        for algorithm in [Int(HV_DNNL_CONVOLUTION_AUTO), Int(HV_DNNL_CONVOLUTION_DIRECT)] {
            if let primitive = library.convolution(.forward, algorithm: algorithm, description, following: steps) {
                return primitive
            }
        }
        return nil
    }

    private static func format(
        _ primitive: PrimitiveLibrary.Primitive, _ query: some BinaryInteger, _ sizes: [Int],
        _ library: PrimitiveLibrary
    ) -> ElementFormat? {
        guard let format = primitive.format(Int(query)), let plain = library.plainFormat(sizes) else { return nil }
        return ElementFormat(format, plain: plain, library)
    }

    /// The result, in `target`, for a value in `source`; `other` is what is added to it, in `target` too.
    package func callAsFunction(_ x: Tensor, adding other: Tensor? = nil) -> Tensor {
        let x = x.contiguous()
        // The sum is made where the other operand lies.
        let y = other.map { CPU().convert($0, to: .float32) } ?? Tensor.uninitialized(result)
        var arguments: [PrimitiveLibrary.Argument] = [
            .init(index: Int(HV_DNNL_ARG_SRC), format: source.format, data: x.pointer),
            .init(index: Int(HV_DNNL_ARG_WEIGHTS), format: weightFormat.format, data: weight.pointer),
            .init(index: Int(HV_DNNL_ARG_DST), format: target.format, data: y.pointer),
        ]
        if let bias {
            arguments.append(.init(index: Int(HV_DNNL_ARG_BIAS), format: bias.format, data: bias.tensor.pointer))
        }
        library.run(primitive, arguments)
        return withExtendedLifetime(x) { y }
    }
}

extension Convolve {
    /// The sizes of the weights as oneDNN wants them: groups are a dimension of their own.
    fileprivate func weightSizes(_ shape: Shape) -> [Int] {
        groups == 1 ? Array(shape) : [groups, shape[0] / groups] + shape.dropFirst()
    }
}
