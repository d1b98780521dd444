import CKernels
import Testing

import HearthTensor

@Suite struct CPUContractTests {
    let cpu = CPU()

    /// The product by its definition, in double.
    func naive(_ a: Tensor, _ b: Tensor, _ bias: Tensor? = nil) -> [Double] {
        let (x, y) = (numbers(a), numbers(b))
        let (m, k, n) = (a.shape[-2], a.shape[-1], b.shape[-1])
        let offsets = bias.map { numbers($0) } ?? [Double](repeating: 0, count: n)
        var result: [Double] = []
        for batch in 0..<Shape(a.shape.dropLast(2)).elementCount {
            for i in 0..<m {
                for j in 0..<n {
                    var sum = offsets[j]
                    for p in 0..<k { sum += x[(batch * m + i) * k + p] * y[(batch * k + p) * n + j] }
                    result.append(sum)
                }
            }
        }
        return result
    }

    func check(_ a: Tensor, _ b: Tensor, _ bias: Tensor? = nil, tolerance: Double = 2e-5) {
        let got = numbers(cpu.matmul(a, b, bias: bias))
        let expected = naive(a, b, bias)
        #expect(got.count == expected.count)
        let scale = max(1, Double(a.shape[-1]).squareRoot())
        #expect(zip(got, expected).allSatisfy { abs($0 - $1) <= tolerance * scale }, "\(a.shape) × \(b.shape)")
    }

    @Test(arguments: [
        [1, 1, 1], [2, 3, 4], [8, 8, 8], [13, 33, 17], [1, 784, 128], [64, 10, 128], [100, 37, 70], [12, 32, 321],
        [25, 1, 650], [3, 0, 5], [3, 5, 0], [190, 130, 70],
    ])
    func multipliesPlainTransposedAndStrided(sizes: [Int]) {
        let (m, n, k) = (sizes[0], sizes[1], sizes[2])
        let a = makeTensor(noise(m * k), [m, k])
        let b = makeTensor(noise(k * n, seed: 2), [k, n])
        let at = swapped(makeTensor(noise(m * k, seed: 3), [k, m]), 0, 1)
        let bt = swapped(makeTensor(noise(k * n, seed: 4), [n, k]), 0, 1)
        let bias = makeTensor(noise(n, seed: 5), [n])
        for left in [a, at] {
            for right in [b, bt] {
                check(left, right)
                check(left, right, bias)
            }
        }
        if m > 0, n > 0, k > 0 { check(reversed(a, along: 0), reversed(b, along: 1)) }
        check(
            cpu.convert(a, to: .float64), cpu.convert(bt, to: .float64), cpu.convert(bias, to: .float64),
            tolerance: 1e-12)
    }

    /// The kernels that stand in for oneDNN, over sizes around the edges of their tiles.
    @Test func portableKernelFitsEveryEdge() {
        for (m, n, k) in [(1, 1, 1), (3, 5, 7), (12, 32, 320), (13, 33, 321), (11, 31, 5), (200, 65, 40), (6, 1030, 9)]
        {
            let (a, b, bias) = (noise(m * k), noise(k * n, seed: 2), noise(n, seed: 3))
            let expected = naive(makeTensor(a, [m, k]), makeTensor(b, [k, n]), makeTensor(bias, [n]))
            var single = [Float](repeating: .nan, count: m * n)
            hk_gemm_f32(Int64(m), Int64(n), Int64(k), a, Int64(k), 1, b, Int64(n), 1, bias, &single, Int64(n))
            #expect(zip(single, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
            var turned = [Float](repeating: .nan, count: m * n)
            let at = elements(cpu.convert(swapped(makeTensor(a, [m, k]), 0, 1), to: .float32), as: Float.self)
            let bt = elements(cpu.convert(swapped(makeTensor(b, [k, n]), 0, 1), to: .float32), as: Float.self)
            hk_gemm_f32(Int64(m), Int64(n), Int64(k), at, 1, Int64(m), bt, 1, Int64(k), bias, &turned, Int64(n))
            #expect(zip(turned, expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
        }
    }

    @Test func multipliesBatches() {
        let a = makeTensor(noise(4 * 3 * 5 * 6), [4, 3, 5, 6])
        let b = makeTensor(noise(4 * 3 * 6 * 7, seed: 2), [4, 3, 6, 7])
        check(a, b)
        check(swapped(a, 0, 1), swapped(b, 0, 1))
        check(a, broadcast(makeTensor(noise(42, seed: 3), [1, 1, 6, 7]), to: [4, 3, 6, 7]), makeTensor(noise(7), [7]))
        check(broadcast(makeTensor(noise(30), [1, 1, 5, 6]), to: [4, 3, 5, 6]), b)
        check(swapped(makeTensor(noise(360), [4, 3, 6, 5]), 2, 3), b)
    }

    @Test func multipliesHalvesAndIntegers() {
        let a = makeTensor([1, 2, 3, 4, 5, 6], [2, 3], .int32)
        let b = makeTensor([1, 0, 2, 1, 0, 3], [3, 2], .int32)
        #expect(numbers(cpu.matmul(a, b, bias: nil)) == [5, 11, 14, 23])
        for dtype in [DType.float16, .bfloat16] {
            let product = cpu.matmul(cpu.convert(a, to: dtype), cpu.convert(b, to: dtype), bias: nil)
            #expect(product.dtype == dtype)
            #expect(numbers(product) == [5, 11, 14, 23])
        }
    }
}
