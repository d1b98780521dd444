import CKernels

extension CPU {
    package func unary(_ function: hk_unary, _ x: Tensor, _ parameters: Parameters) -> Tensor {
        let result = Tensor.uninitialized(Spec(x.shape, Self.resultType(of: function, x.dtype)))
        guard let kernel = hk_find_unary(function, x.dtype.kernel) else {
            preconditionFailure("the rule of the operation lets only dtypes pass that have a kernel")
        }
        let x = x.isContiguous ? x : readable(x)
        if x.isContiguous {
            let size = x.dtype.byteCount
            let resultSize = result.dtype.byteCount
            Team.shared.parallel(x.count, grain: Self.grain(of: function)) { range in
                kernel(
                    Int64(range.count), x.pointer + range.lowerBound * size, 1,
                    result.pointer + range.lowerBound * resultSize, parameters.a, parameters.b)
            }
            return result
        }
        let walk = Walk(x.shape, x.strides)
        walk.forEachPiece(grain: Self.grain(of: function)) { start, count, offsets in
            kernel(
                Int64(count), x.pointer + offsets[0] * x.dtype.byteCount, Int64(walk.rowStride(0)),
                result.pointer + start * result.dtype.byteCount, parameters.a, parameters.b)
        }
        return result
    }

    package func binary(_ function: hk_binary, _ x: Tensor, _ y: Tensor, _ parameters: Parameters) -> Tensor {
        let result = Tensor.uninitialized(Spec(x.shape, Self.resultType(of: function, x.dtype)))
        let kernel = Self.kernel(function, x.dtype)
        guard checkDivisor(function, x, y) else { return result }
        let count = result.count
        if x.isContiguous, y.isContiguous {
            if count < 2 * Self.grain {
                kernel(Int64(count), x.pointer, 1, y.pointer, 1, result.pointer, parameters.a, parameters.b)
            } else {
                run(kernel, count, x.pointer, y.pointer, x.dtype, result, parameters, Self.grain(of: function))
            }
            return result
        }
        let x = readable(x)
        let y = readable(y)
        let walk = Walk(x.shape, x.strides, y.strides)
        if let short = ShortRows(walk, y, size: y.dtype.byteCount) {
            short.forEachPiece(grain: Self.grain(of: function)) { start, count, repeated in
                kernel(
                    Int64(count), x.pointer + start * x.dtype.byteCount, 1, repeated, 1,
                    result.pointer + start * result.dtype.byteCount, parameters.a, parameters.b)
            }
            return result
        }
        walk.forEachPiece(grain: Self.grain(of: function)) { start, count, offsets in
            kernel(
                Int64(count), x.pointer + offsets[0] * x.dtype.byteCount, Int64(walk.rowStride(0)),
                y.pointer + offsets[1] * y.dtype.byteCount, Int64(walk.rowStride(1)),
                result.pointer + start * result.dtype.byteCount, parameters.a, parameters.b)
        }
        return result
    }

    package func binary(_ function: hk_binary, _ x: Tensor, _ scalar: Scalar, scalarFirst: Bool) -> Tensor {
        if let result = power(function, x, scalar, scalarFirst) { return result }
        let constant = Constant(scalar, x.dtype)
        if Self.takesNumbersWhole(function), x.dtype.isHalf, !constant.holds(scalar, x.dtype) {
            return convert(binary(function, convert(x, to: .float32), scalar, scalarFirst: scalarFirst), to: x.dtype)
        }
        let kernel = Self.kernel(function, x.dtype)
        let divisor = scalarFirst ? nil : scalar
        if !x.dtype.isFloatingPoint, Self.divides(function), let divisor, divisor.double == 0 {
            stop(String(cString: hk_binary_name(function)), [x.spec], "integer division by zero")
            return x
        }
        if scalarFirst, !checkDivisor(function, x, x) { return x }
        let result = Tensor.uninitialized(Spec(x.shape, Self.resultType(of: function, x.dtype)))
        let x = readable(x)
        let walk = Walk(x.shape, x.strides)
        constant.withBytes { value in
            walk.forEachPiece(grain: Self.grain(of: function)) { start, count, offsets in
                let operand = UnsafeRawPointer(x.pointer + offsets[0] * x.dtype.byteCount)
                let out = result.pointer + start * result.dtype.byteCount
                let step = Int64(walk.rowStride(0))
                if scalarFirst {
                    kernel(Int64(count), value, 0, operand, step, out, 0, 0)
                } else {
                    kernel(Int64(count), operand, step, value, 0, out, 0, 0)
                }
            }
        }
        return result
    }

    package func choose(_ condition: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
        let result = Tensor.uninitialized(Spec(x.shape, x.dtype))
        let size = x.dtype.byteCount
        let walk = Walk(x.shape, condition.strides, x.strides, y.strides)
        walk.forEachPiece(grain: Self.grain) { start, count, offsets in
            hk_choose(
                Int64(count), Int32(size), condition.pointer + offsets[0], Int64(walk.rowStride(0)),
                x.pointer + offsets[1] * size, Int64(walk.rowStride(1)), y.pointer + offsets[2] * size,
                Int64(walk.rowStride(2)), result.pointer + start * size)
        }
        return result
    }

    package func update(_ destination: Tensor, with function: hk_binary, _ x: Tensor, _ parameters: Parameters) {
        let kernel = Self.kernel(function, destination.dtype)
        guard checkDivisor(function, destination, x) else { return }
        if destination.isContiguous, x.isContiguous {
            run(
                kernel, destination.count, destination.pointer, x.pointer, x.dtype, destination, parameters,
                Self.grain(of: function))
        } else if destination.isContiguous {
            let walk = Walk(destination.shape, destination.strides, x.strides)
            let size = x.dtype.byteCount
            walk.forEachPiece(grain: Self.grain(of: function)) { _, count, offsets in
                let place = destination.pointer + offsets[0] * size
                kernel(
                    Int64(count), place, 1, x.pointer + offsets[1] * size, Int64(walk.rowStride(1)), place,
                    parameters.a, parameters.b)
            }
        } else {
            copy(binary(function, destination, x, parameters), into: destination)
        }
    }

    private func run(
        _ kernel: hk_binary_kernel, _ count: Int, _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer,
        _ dtype: DType, _ result: Tensor, _ parameters: Parameters, _ grain: Int
    ) {
        let size = dtype.byteCount
        let resultSize = result.dtype.byteCount
        let out = result.pointer
        Team.shared.parallel(count, grain: grain) { range in
            kernel(
                Int64(range.count), x + range.lowerBound * size, 1, y + range.lowerBound * size, 1,
                out + range.lowerBound * resultSize, parameters.a, parameters.b)
        }
    }

    /// Exponents that have a function of their own, which is faster than a power and more exact.
    private func power(_ function: hk_binary, _ x: Tensor, _ scalar: Scalar, _ scalarFirst: Bool) -> Tensor? {
        guard function == HK_power, !scalarFirst else { return nil }
        if let function = Self.function(ofPower: scalar, x.dtype) { return unary(function, x, Parameters()) }
        switch scalar.double {
        case 1: return convert(x, to: x.dtype)
        case 3 where x.dtype.isFloatingPoint && x.isContiguous:
            return binary(HK_multiply, unary(HK_square, x, Parameters()), x, Parameters())
        default: return nil
        }
    }

    /// The function that a power is.
    static func function(ofPower exponent: Scalar, _ dtype: DType) -> hk_unary? {
        switch exponent.double {
        case 2 where dtype != .bool: HK_square
        case 0.5 where dtype.isFloatingPoint: HK_sqrt
        case -0.5 where dtype.isFloatingPoint: HK_rsqrt
        case -1 where dtype.isFloatingPoint: HK_reciprocal
        default: nil
        }
    }
}

// MARK: What a function is like

extension CPU {
    @inline(__always)
    static func kernel(_ function: hk_binary, _ dtype: DType) -> hk_binary_kernel {
        guard let kernel = hk_find_binary(function, dtype.kernel) else {
            preconditionFailure("the rule of the operation lets only dtypes pass that have a kernel")
        }
        return kernel
    }

    @inline(__always)
    static func resultType(of function: hk_binary, _ dtype: DType) -> DType {
        function.rawValue >= HK_equal.rawValue && function.rawValue <= HK_logical_xor.rawValue ? .bool : dtype
    }

    @inline(__always)
    static func resultType(of function: hk_unary, _ dtype: DType) -> DType {
        function.rawValue >= HK_is_nan.rawValue && function.rawValue <= HK_logical_not.rawValue ? .bool : dtype
    }

    /// Functions that take much longer than a load are worth a second thread sooner.
    private static func grain(of function: hk_unary) -> Int {
        switch function {
        case HK_negate, HK_absolute, HK_square, HK_relu, HK_clamp, HK_is_nan, HK_logical_not: grain
        default: grain / 4
        }
    }

    private static func grain(of function: hk_binary) -> Int {
        switch function {
        case HK_power, HK_atan2, HK_hypot, HK_fmod, HK_remainder, HK_floor_divide, HK_gelu_gradient,
            HK_gelu_tanh_gradient, HK_silu_gradient:
            grain / 4
        default: grain
        }
    }

    /// True for functions in which a number beside 16-bit elements takes part as it is; in others it is rounded to their
    /// dtype first, as in PyTorch.
    static func takesNumbersWhole(_ function: hk_binary) -> Bool {
        resultType(of: function, .float16) != .bool && function != HK_remainder && function != HK_fmod
    }

    static func divides(_ function: hk_binary) -> Bool {
        function == HK_floor_divide || function == HK_remainder || function == HK_fmod
    }

    /// False, inside `checkShapes` alone, when integers are divided by zero: that has no result, and the processor's own
    /// way to say so ends the program without a word.
    @inline(__always)
    private func checkDivisor(_ function: hk_binary, _ x: Tensor, _ y: Tensor) -> Bool {
        y.dtype.isFloatingPoint || !Self.divides(function) || !holdsZero(function, x, y)
    }

    private func holdsZero(_ function: hk_binary, _ x: Tensor, _ y: Tensor) -> Bool {
        let y = contiguous(y)
        guard hk_holds_zero(y.dtype.kernel, Int64(y.count), y.pointer, 1) != 0 else { return false }
        stop(String(cString: hk_binary_name(function)), [x.spec, y.spec], "integer division by zero")
        return true
    }
}
