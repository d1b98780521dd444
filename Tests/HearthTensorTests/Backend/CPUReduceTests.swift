import Testing

import HearthTensor

@Suite(.serialized) struct CPUReduceTests {
    let cpu = CPU()

    /// The elements of `x` that fall into each element of the result.
    func groups(_ x: Tensor, _ axes: Axes) -> [[Double]] {
        var shape = x.shape
        for axis in 0..<shape.count where axes.contains(axis) { shape[axis] = 1 }
        var groups = [[Double]](repeating: [], count: shape.elementCount)
        for (number, value) in numbers(x).enumerated() {
            var (rest, place, step) = (number, 0, 1)
            for i in stride(from: x.rank - 1, through: 0, by: -1) {
                if !axes.contains(i) { place += rest % x.shape[i] * step }
                step *= shape[i]
                rest /= x.shape[i]
            }
            groups[place].append(value)
        }
        return groups
    }

    @Test func reducesAnyAxesOfAnyView() {
        for shape in [[5], [3, 4, 5], [40, 3, 700], [1, 9, 1], [2, 300, 2, 130], []] as [Shape] {
            let x = makeTensor(noise(shape.elementCount), shape)
            var views = [x]
            if shape.count > 1 { views += [swapped(x, 0, shape.count - 1), reversed(swapped(x, 0, 1), along: 0)] }
            for view in views {
                for bits in 0..<(1 << shape.count) {
                    let axes = Axes((0..<shape.count).filter { bits & 1 << $0 != 0 })
                    let groups = groups(view, axes)
                    let sums = numbers(cpu.reduce(.sum, view, over: axes))
                    #expect(zip(sums, groups).allSatisfy { abs($0 - $1.reduce(0, +)) < 1e-4 * (1 + abs($0)) })
                    #expect(numbers(cpu.reduce(.max, view, over: axes)) == groups.map { $0.max() ?? 0 })
                    #expect(numbers(cpu.reduce(.min, view, over: axes)) == groups.map { $0.min() ?? 0 })
                }
            }
        }
    }

    @Test(arguments: DType.allCases)
    func reducesEveryType(dtype: DType) {
        let x = makeTensor([1, 0, 1, 3, 5, 7], [2, 3], dtype)
        let isBool = dtype == .bool
        let sum = cpu.reduce(.sum, x, over: Axes([1]))
        #expect(sum.dtype == (dtype.isFloatingPoint ? dtype : .int64))
        #expect(numbers(sum) == (isBool ? [2, 3] : [2, 15]))
        #expect(numbers(cpu.reduce(.product, x, over: Axes([1]))) == (isBool ? [0, 1] : [0, 105]))
        #expect(numbers(cpu.reduce(.max, x, over: Axes([0]))) == (isBool ? [1, 1, 1] : [3, 5, 7]))
        #expect(numbers(cpu.reduce(.all, x, over: Axes([0]))) == [1, 0, 1])
        #expect(cpu.reduce(.any, x, over: .all(2)).dtype == .bool)
        if !isBool { #expect(numbers(cpu.reduce(.sumOfSquares, x, over: Axes([1]))) == [2, 83]) }
        #expect(numbers(cpu.argReduce(.max, x, along: 1)) == (isBool ? [0, 0] : [0, 2]))
        #expect(numbers(cpu.argReduce(.min, x, along: 0)) == (isBool ? [0, 0, 0] : [0, 0, 0]))
        if !isBool {
            #expect(numbers(cpu.accumulate(.sum, x, along: 1)) == [1, 1, 2, 3, 8, 15])
            #expect(numbers(cpu.accumulate(.max, swapped(x, 0, 1), along: 1)) == [1, 3, 0, 5, 1, 7])
        }
    }

    @Test func treatsNothingAndNaN() {
        let empty = makeTensor([] as [Float], [0, 3])
        #expect(numbers(cpu.reduce(.sum, empty, over: Axes([0]))) == [0, 0, 0])
        #expect(numbers(cpu.reduce(.product, empty, over: Axes([0]))) == [1, 1, 1])
        #expect(numbers(cpu.reduce(.all, empty, over: .all(2))) == [1])
        let x = makeTensor([1, .nan, -.infinity, 2, 3, -0.0] as [Float], [2, 3])
        let high = numbers(cpu.reduce(.max, x, over: Axes([1])))
        #expect(high[0].isNaN && high[1] == 3)
        #expect(numbers(cpu.reduce(.min, x, over: Axes([1])))[0].isNaN)
        #expect(numbers(cpu.argReduce(.max, x, along: 1)) == [1, 1])
        #expect(numbers(cpu.argReduce(.max, makeTensor([-0.0, 0, 0] as [Float], [3]), along: 0)) == [0])
    }

    @Test func doesNotDependOnTheNumberOfThreads() {
        let x = makeTensor(noise(300_000), [600, 500])
        let threads = Threads.count
        defer { Threads.count = threads }
        for axes in [Axes([0]), Axes([1]), Axes([0, 1])] {
            Threads.count = 1
            let alone = numbers(cpu.reduce(.sum, x, over: axes))
            Threads.count = 3
            #expect(numbers(cpu.reduce(.sum, x, over: axes)) == alone)
        }
    }

    @Test func sumsStayExact() {
        let count = 1 << 22
        let x = broadcast(makeTensor([0.1] as [Float], [1]), to: [count])
        let sum = numbers(cpu.reduce(.sum, cpu.convert(x, to: .float32), over: Axes([0])))[0]
        #expect(abs(sum / Double(count) - Double(Float(0.1))) < 1e-8)
    }
}
