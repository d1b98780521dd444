import CKernels
import Testing

import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct CPUElementwiseTests {
    let cpu = CPU()

    /// Float32 functions against the C library's in double, over all magnitudes, in units in the last place.
    @Test(
        arguments: [
            (HK_exp, 1.5), (HK_exp2, 1.5), (HK_expm1, 1.6), (HK_log, 1), (HK_log2, 1.5), (HK_log10, 1.5), (HK_log1p, 1),
            (HK_tanh, 2.6), (HK_sigmoid, 2.6), (HK_erf, 1.5), (HK_sin, 1), (HK_cos, 1), (HK_sqrt, 0.51),
        ] as [(hk_unary, Double)])
    func staysWithinUnitsInTheLastPlace(function: hk_unary, limit: Double) {
        var inputs: [Float] = []
        for upper in stride(from: UInt32(0), to: 1 << 16, by: 29) {
            for lower in [UInt32(0), 0x3039, 0x8000, 0xD431] { inputs.append(Float(bitPattern: upper << 16 | lower)) }
        }
        let outputs = elements(cpu.unary(function, makeTensor(inputs, [inputs.count]), Parameters()), as: Float.self)
        for (input, output) in zip(inputs, outputs) {
            let exact = Self.exact(function, Double(input))
            let rounded = Float(exact)
            if rounded.isNaN || rounded.isInfinite || output.isInfinite || output.isNaN {
                #expect(output == rounded || (output.isNaN && rounded.isNaN), "f(\(input)) = \(output), not \(exact)")
            } else {
                let unit = Double(max(rounded.magnitude, .leastNormalMagnitude).ulp)
                #expect(abs(Double(output) - exact) <= limit * unit, "f(\(input)) = \(output), not \(exact)")
            }
        }
    }

    static func exact(_ function: hk_unary, _ x: Double) -> Double {
        switch function {
        case HK_exp: exp(x)
        case HK_exp2: exp2(x)
        case HK_expm1: expm1(x)
        case HK_log: log(x)
        case HK_log2: log2(x)
        case HK_log10: log10(x)
        case HK_log1p: log1p(x)
        case HK_tanh: tanh(x)
        case HK_sigmoid: 1 / (1 + exp(-x))
        case HK_erf: erf(x)
        case HK_sin: sin(x)
        case HK_cos: cos(x)
        default: x.squareRoot()
        }
    }

    @Test func keepsSignedZerosAndNaN() {
        let x = makeTensor([-0.0, .nan, .infinity, -.infinity] as [Float], [4])
        for function in [HK_sin, HK_tanh, HK_erf, HK_expm1, HK_log1p] {
            let y = elements(cpu.unary(function, x, Parameters()), as: Float.self)
            #expect(y[0] == 0 && y[0].sign == .minus)
            #expect(y[1].isNaN)
        }
        #expect(elements(cpu.unary(HK_relu, x, Parameters()), as: Float.self)[1].isNaN)
        let high = cpu.binary(HK_maximum, x, makeTensor([1, 1, 1, .nan] as [Float], [4]), Parameters())
        #expect(elements(high, as: Float.self)[1].isNaN)
        #expect(elements(high, as: Float.self)[3].isNaN)
        #expect(numbers(cpu.unary(HK_is_finite, x, Parameters())) == [1, 0, 0, 0])
    }

    @Test func activationsMatchTheirFormulas() {
        let x = makeTensor([-4, -0.5, 0, 0.5, 4] as [Double], [5])
        func values(_ function: hk_unary, _ a: Double = 0, _ b: Double = 0) -> [Double] {
            let precise = numbers(cpu.unary(function, x, Parameters(a: a, b: b)))
            let single = numbers(cpu.unary(function, cpu.convert(x, to: .float32), Parameters(a: a, b: b)))
            for (p, s) in zip(precise, single) where p.isFinite {
                #expect(abs(p - s) <= 3e-6 * max(abs(p), 0.1))
            }
            return precise
        }
        #expect(values(HK_clamp, -1, .infinity) == [-1, -0.5, 0, 0.5, 4])
        #expect(values(HK_leaky_relu, 0.1) == [-0.4, -0.05, 0, 0.5, 4])
        #expect(values(HK_hard_sigmoid) == [0, 2.5 / 6, 0.5, 3.5 / 6, 1])
        #expect(values(HK_softshrink, 0.5) == [-3.5, 0, 0, 0, 3.5])
        #expect(values(HK_hardshrink, 0.5) == [-4, 0, 0, 0, 4])
        #expect(values(HK_threshold, 0, 20) == [20, 20, 20, 0.5, 4])
        #expect(abs(values(HK_gelu)[3] - 0.345731230634) < 1e-9)
        #expect(abs(values(HK_gelu_tanh)[3] - 0.345714010) < 1e-8)
        #expect(abs(values(HK_softplus, 2, 20)[1] - log1p(exp(-1)) / 2) < 1e-12)
        #expect(abs(values(HK_mish)[4] - 4 * tanh(log1p(exp(4)))) < 1e-9)
        #expect(abs(values(HK_lgamma)[4] - log(6)) < 1e-12)
        #expect(abs(values(HK_digamma)[4] - 1.2561176684318) < 1e-10)
    }

    /// Fused derivatives against the difference quotient of their function.
    @Test(
        arguments: [
            (HK_gelu, HK_gelu_gradient), (HK_gelu_tanh, HK_gelu_tanh_gradient), (HK_silu, HK_silu_gradient),
            (HK_elu, HK_elu_gradient), (HK_leaky_relu, HK_leaky_relu_gradient),
        ] as [(hk_unary, hk_binary)])
    func gradientsAreDerivatives(function: hk_unary, gradient: hk_binary) {
        let values: [Double] = [-3, -1, -0.2, 0.3, 1.7]
        let parameters = Parameters(a: 0.3, b: 0)
        func at(_ step: Double) -> [Double] {
            numbers(cpu.unary(function, makeTensor(values.map { $0 + step }, [5]), parameters))
        }
        let slope = zip(at(1e-5), at(-1e-5)).map { ($0 - $1) / 2e-5 }
        let ones = makeTensor([Double](repeating: 1, count: 5), [5])
        for (got, expected) in zip(numbers(cpu.binary(gradient, ones, makeTensor(values, [5]), parameters)), slope) {
            #expect(abs(got - expected) < 1e-8)
        }
    }

    @Test(arguments: DType.allCases)
    func computesInEveryType(dtype: DType) {
        let x = makeTensor([1, 0, 1, 3, 5, 7], [2, 3], dtype)
        let y = makeTensor([1, 1, 0, 2, 5, 9], [2, 3], dtype)
        let sum = dtype == .bool ? [1, 1, 1, 1, 1, 1] : [2, 1, 1, 5, 10, 16]
        #expect(numbers(cpu.binary(HK_add, x, y, Parameters())) == sum.map { Double($0) })
        #expect(
            numbers(cpu.binary(HK_equal, x, y, Parameters()))
                == (dtype == .bool ? [1, 0, 0, 1, 1, 1] : [1, 0, 0, 0, 1, 0]))
        #expect(cpu.binary(HK_less, x, y, Parameters()).dtype == .bool)
        #expect(numbers(cpu.unary(HK_logical_not, x, Parameters())) == [0, 1, 0, 0, 0, 0])
        for other in DType.allCases {
            let values: [Double] = other == .bool || dtype == .bool ? [1, 0, 1, 1, 1, 1] : [1, 0, 1, 3, 5, 7]
            #expect(numbers(cpu.convert(swapped(x, 0, 1), to: other)) == [0, 3, 1, 4, 2, 5].map { values[$0] })
        }
    }

    @Test func readsStridedBroadcastAndReversedOperands() {
        for shape in [[3, 4, 5], [70, 40, 30], [1, 6, 1], [0, 4, 5]] as [Shape] {
            let count = shape.elementCount
            let x = makeTensor(noise(count), shape)
            let views = [
                swapped(x, 0, 2), swapped(x, 0, 1), swapped(x, 1, 2),
                count > 0 ? reversed(reversed(x, along: 1), along: 2) : x,
            ]
            for view in views {
                let row = makeTensor(noise(view.shape[2], seed: 5), [1, 1, view.shape[2]])
                let other = broadcast(row, to: view.shape)
                let got = elements(cpu.binary(HK_subtract, view, other, Parameters()), as: Float.self)
                let (left, right) = (elements(view, as: Float.self), elements(other, as: Float.self))
                #expect(got == zip(left, right).map { $0 - $1 })
                #expect(elements(cpu.unary(HK_negate, view, Parameters()), as: Float.self) == left.map { -$0 })
                #expect(elements(cpu.convert(view, to: .float32), as: Float.self) == left)
                let scaled = cpu.binary(HK_subtract, view, .int(1), scalarFirst: true)
                #expect(elements(scaled, as: Float.self) == left.map { 1 - $0 })
                let mask = cpu.binary(HK_greater, view, other, Parameters())
                let chosen = elements(cpu.choose(mask, view, other), as: Float.self)
                #expect(chosen == zip(left, right).map { max($0, $1) })
            }
        }
    }

    @Test func repeatsShortRows() {
        for (rows, length) in [(8, 10), (64, 10), (1000, 3), (50_000, 7)] {
            let x = noise(rows * length)
            let bias = noise(length, seed: 3)
            let row = broadcast(makeTensor(bias, [1, length]), to: [rows, length])
            let sum = elements(cpu.binary(HK_add, makeTensor(x, [rows, length]), row, Parameters()), as: Float.self)
            #expect(sum == x.enumerated().map { $1 + bias[$0 % length] })
        }
    }

    @Test func integersFollowPythonsDivisionAndWrapAround() {
        let x = makeTensor([7, -7, 7, -7, Int8.min] as [Int8], [5])
        let y = makeTensor([2, 2, -2, -2, -1] as [Int8], [5])
        #expect(numbers(cpu.binary(HK_floor_divide, x, y, Parameters())) == [3, -4, -4, 3, -128])
        #expect(numbers(cpu.binary(HK_remainder, x, y, Parameters())) == [1, 1, -1, -1, 0])
        #expect(numbers(cpu.binary(HK_fmod, x, y, Parameters())) == [1, -1, 1, -1, 0])
        #expect(numbers(cpu.binary(HK_multiply, x, x, Parameters())) == [49, 49, 49, 49, 0])
        #expect(numbers(cpu.unary(HK_negate, x, Parameters())).last == -128)
        #expect(
            numbers(cpu.binary(HK_power, makeTensor([3, -1] as [Int64], [2]), .int(5), scalarFirst: false)) == [
                243, -1,
            ])
        let floats = makeTensor([7, -7, 7, -7, 5.5] as [Float], [5])
        let divisors = makeTensor([2, 2, -2, -2, -1.5] as [Float], [5])
        #expect(numbers(cpu.binary(HK_floor_divide, floats, divisors, Parameters())) == [3, -4, -4, 3, -4])
        #expect(numbers(cpu.binary(HK_remainder, floats, divisors, Parameters())) == [1, 1, -1, -1, -0.5])
        #expect(
            numbers(cpu.unary(HK_round, makeTensor([0.5, 1.5, 2.5, -0.5] as [Float], [4]), Parameters())) == [
                0, 2, 2, 0,
            ])
        let bits = makeTensor([1, 200, 255] as [UInt8], [3])
        #expect(numbers(cpu.binary(HK_shift_left, bits, .int(1), scalarFirst: false)) == [2, 144, 254])
        #expect(numbers(cpu.binary(HK_shift_right, bits, .int(9), scalarFirst: false)) == [0, 0, 0])
    }

    @Test func divisionByAnIntegerZeroSaysSo() async {
        await #expect(processExitsWith: .failure) {
            let x = makeTensor([1, 2] as [Int32], [2])
            _ = CPU().binary(HK_remainder, x, makeTensor([1, 0] as [Int32], [2]), Parameters())
        }
    }

    @Test func updatesInPlace() {
        let x = makeTensor(noise(6), [2, 3])
        let y = makeTensor(noise(6, seed: 2), [3, 2])
        let before = elements(x, as: Float.self)
        let turned = elements(swapped(y, 0, 1), as: Float.self)
        cpu.update(x, with: HK_add_scaled, swapped(y, 0, 1), Parameters(a: 2, b: 0))
        #expect(elements(x, as: Float.self) == zip(before, turned).map { $0.addingProduct(2, $1) })
        let view = swapped(x, 0, 1)
        cpu.update(view, with: HK_multiply, view, Parameters())
        cpu.fill(reversed(view, along: 0), with: .double(1.5))
        #expect(elements(x, as: Float.self) == [Float](repeating: 1.5, count: 6))
        #expect(numbers(cpu.range(start: .int(3), step: .int(-2), count: 4, dtype: .int16)) == [3, 1, -1, -3])
        #expect(
            numbers(cpu.range(start: .double(0), step: .double(0.25), count: 3, dtype: .float16)) == [0, 0.25, 0.5])
    }
}
