import CKernels

/// A function of elements as it runs on a piece of its operands: each lies packed, or is one value for all.
enum ElementwiseKernel: Sendable {
    case unary(hk_unary_kernel, Parameters)
    case binary(hk_binary_kernel, Parameters)
    /// A function of two numbers of which one is always the same.
    case number(hk_binary_kernel, Constant, isFirst: Bool)
    /// The second or third operand by the first, for elements of so many bytes.
    case choose(byteCount: Int)
    case convert(hk_convert_kernel)

    /// The elements of an operand: where they begin, and 1 for those that lie packed or 0 for one value.
    typealias Place = (start: UnsafeRawPointer, stride: Int64)

    /// Computes `count` elements. `out` may be the memory of an operand that lies packed and whose elements are not smaller.
    @inline(__always)
    func callAsFunction(_ count: Int, _ operand: (Int) -> Place, into out: UnsafeMutableRawPointer) {
        let count = Int64(count)
        let x = operand(0)
        switch self {
        case .unary(let kernel, let numbers): kernel(count, x.start, x.stride, out, numbers.a, numbers.b)
        case .binary(let kernel, let numbers):
            let y = operand(1)
            kernel(count, x.start, x.stride, y.start, y.stride, out, numbers.a, numbers.b)
        case .number(let kernel, let constant, let isFirst):
            constant.withBytes { number in
                if isFirst {
                    kernel(count, number, 0, x.start, x.stride, out, 0, 0)
                } else {
                    kernel(count, x.start, x.stride, number, 0, out, 0, 0)
                }
            }
        case .choose(let byteCount):
            let (y, z) = (operand(1), operand(2))
            hk_choose(
                count, Int32(byteCount), x.start, x.stride, y.start, y.stride, z.start, z.stride, out)
        case .convert(let kernel): kernel(count, x.start, x.stride, out, 1)
        }
    }
}

/// An operation that computes each element of its result from the elements of its operands in the same place.
protocol ElementwiseOperation: TensorOperation {
    /// What it runs, one kernel after another, on operands of these types; nil where a piece of the operands is not enough.
    func kernels(for operands: [DType]) -> [ElementwiseKernelCall]?
}

/// A kernel and what it is given.
struct ElementwiseKernelCall: Sendable {
    /// What a kernel of an operation is given.
    enum Operand: Sendable {
        /// An operand of the operation.
        case operand(Int)
        /// The result of the kernel before.
        case previous
    }

    let kernel: ElementwiseKernel
    let operands: [Operand]
}

extension Unary: ElementwiseOperation {
    func kernels(for operands: [DType]) -> [ElementwiseKernelCall]? {
        guard let kernel = hk_find_unary(function.kernel, operands[0].kernel) else { return nil }
        return [ElementwiseKernelCall(kernel: .unary(kernel, parameters), operands: [.operand(0)])]
    }
}

extension Binary: ElementwiseOperation {
    func kernels(for operands: [DType]) -> [ElementwiseKernelCall]? {
        // Integers must not be divided by zero, which is looked for in whole tensors.
        guard operands[0].isFloatingPoint || !CPU.divides(function.kernel),
            let kernel = hk_find_binary(function.kernel, operands[0].kernel)
        else { return nil }
        return [ElementwiseKernelCall(kernel: .binary(kernel, parameters), operands: [.operand(0), .operand(1)])]
    }
}

extension BinaryScalar: ElementwiseOperation {
    func kernels(for operands: [DType]) -> [ElementwiseKernelCall]? {
        let dtype = operands[0]
        if let powers = powers(of: dtype) { return powers }
        let constant = Constant(scalar, dtype)
        guard dtype.isFloatingPoint || !CPU.divides(function.kernel),
            !dtype.isHalf || !CPU.takesNumbersWhole(function.kernel) || constant.holds(scalar, dtype),
            let kernel = hk_find_binary(function.kernel, dtype.kernel)
        else { return nil }
        return [
            ElementwiseKernelCall(kernel: .number(kernel, constant, isFirst: scalarFirst), operands: [.operand(0)])
        ]
    }

    /// Powers that are a function or a product.
    private func powers(of dtype: DType) -> [ElementwiseKernelCall]? {
        guard function.kernel == HK_power, !scalarFirst else { return nil }
        if let unary = CPU.function(ofPower: scalar, dtype) {
            return hk_find_unary(unary, dtype.kernel).map {
                [ElementwiseKernelCall(kernel: .unary($0, Parameters()), operands: [.operand(0)])]
            }
        }
        guard scalar.double == 3, dtype.isFloatingPoint, let square = hk_find_unary(HK_square, dtype.kernel),
            let multiply = hk_find_binary(HK_multiply, dtype.kernel)
        else { return nil }
        return [
            ElementwiseKernelCall(kernel: .unary(square, Parameters()), operands: [.operand(0)]),
            ElementwiseKernelCall(kernel: .binary(multiply, Parameters()), operands: [.previous, .operand(0)]),
        ]
    }
}

extension Choose: ElementwiseOperation {
    func kernels(for operands: [DType]) -> [ElementwiseKernelCall]? {
        [
            ElementwiseKernelCall(
                kernel: .choose(byteCount: operands[1].byteCount), operands: [.operand(0), .operand(1), .operand(2)])
        ]
    }
}

extension Convert: ElementwiseOperation {
    func kernels(for operands: [DType]) -> [ElementwiseKernelCall]? {
        hk_find_convert(operands[0].kernel, dtype.kernel).map {
            [ElementwiseKernelCall(kernel: .convert($0), operands: [.operand(0)])]
        }
    }
}
