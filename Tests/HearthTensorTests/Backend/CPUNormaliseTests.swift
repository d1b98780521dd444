import Testing

import HearthTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct CPUNormaliseTests {
    let cpu = CPU()

    @Test(arguments: [DType.float32, .float64, .float16, .bfloat16])
    func softmaxAlongEveryAxis(dtype: DType) {
        let x = cpu.convert(makeTensor(noise(4 * 150 * 3).map { $0 * 8 }, [4, 150, 3]), to: dtype)
        let tolerance = dtype == .float64 ? 1e-12 : dtype == .float32 ? 1e-6 : dtype == .float16 ? 2e-3 : 1e-2
        for axis in 0..<3 {
            let values = numbers(x)
            let step = x.strides[axis]
            var exact = [Double](repeating: 0, count: values.count)
            for i in values.indices where i / step % x.shape[axis] == 0 {
                let lane = (0..<x.shape[axis]).map { i + $0 * step }
                let top = lane.map { values[$0] }.max() ?? 0
                let total = lane.reduce(0) { $0 + exp(values[$1] - top) }
                for place in lane { exact[place] = exp(values[place] - top) / total }
            }
            let soft = numbers(cpu.softmax(x, along: axis, log: false))
            #expect(zip(soft, exact).allSatisfy { abs($0 - $1) <= tolerance })
            let logs = numbers(cpu.softmax(x, along: axis, log: true))
            #expect(zip(logs, exact).allSatisfy { abs($0 - log($1)) <= tolerance * 20 })
            // The gradient of a sum of logs: 1 - length * softmax; of softmax with g = 1: nothing.
            let ones = broadcast(makeTensor([1], [1, 1, 1], dtype), to: x.shape)
            let gradient = numbers(
                cpu.softmaxGradient(ones, cpu.softmax(x, along: axis, log: true), along: axis, log: true))
            let length = Double(x.shape[axis])
            #expect(zip(gradient, exact).allSatisfy { abs($0 - (1 - length * $1)) <= tolerance * length * 20 })
            let none = numbers(
                cpu.softmaxGradient(ones, cpu.softmax(x, along: axis, log: false), along: axis, log: false))
            #expect(none.allSatisfy { abs($0) <= tolerance * 20 })
        }
    }

    @Test func crossEntropyAndItsGradient() {
        let logits = makeTensor(noise(5 * 40).map { $0 * 20 }, [5, 40])
        let classes = makeTensor([3, 0, -100, 39, 7] as [Int64], [5])
        let (losses, logSumExp) = cpu.crossEntropy(logits, classes, ignoreIndex: -100)
        let logs = numbers(cpu.softmax(cpu.convert(logits, to: .float64), along: 1, log: true))
        let g = broadcast(makeTensor([0.5] as [Float], [1]), to: [5])
        let gradient = numbers(cpu.crossEntropyGradient(g, logits, classes, logSumExp, ignoreIndex: -100))
        for row in 0..<5 {
            let target = Int(elements(classes, as: Int64.self)[row])
            let expected = target < 0 ? 0 : -logs[row * 40 + target]
            #expect(abs(numbers(losses)[row] - expected) < 2e-5 * max(1, expected))
            for j in 0..<40 {
                let slope = target < 0 ? 0 : 0.5 * (exp(logs[row * 40 + j]) - (j == target ? 1 : 0))
                #expect(abs(gradient[row * 40 + j] - slope) < 2e-6)
            }
        }
    }
}
