import Synchronization
import Testing

import HearthTensor

@Suite struct CPUIndexTests {
    let cpu = CPU()

    @Test(arguments: [DType.uint8, .float16, .float32, .float64, .int64])
    func gathersScattersAndSelects(dtype: DType) {
        let x = makeTensor([0, 1, 2, 3, 4, 5], [2, 3], dtype)
        let index = makeTensor([2, 0, 1, 1] as [Int64], [2, 2])
        #expect(numbers(cpu.gather(x, along: 1, index)) == [2, 0, 4, 4])
        #expect(numbers(cpu.gather(swapped(x, 0, 1), along: 0, swapped(index, 0, 1))) == [2, 4, 0, 4])
        let source = makeTensor([10, 20, 30, 40], [2, 2], dtype)
        #expect(numbers(cpu.scatter(x, along: 1, index, source, .replace)) == [20, 1, 10, 3, 40, 5])
        #expect(numbers(cpu.scatter(x, along: 1, index, source, .add)) == [20, 1, 12, 3, 74, 5])
        #expect(numbers(cpu.scatter(x, along: 1, index, source, .max)) == [20, 1, 10, 3, 40, 5])
        let rows = makeTensor([1, 1, 0] as [Int64], [3])
        #expect(numbers(cpu.select(x, along: 0, rows)) == [3, 4, 5, 3, 4, 5, 0, 1, 2])
        #expect(numbers(cpu.select(x, along: 1, rows)) == [1, 1, 0, 4, 4, 3])
        let slices = makeTensor([1, 1, 1, 2, 2, 2, 3, 3, 3], [3, 3], dtype)
        #expect(numbers(cpu.selectInto(x, along: 0, rows, slices, .add)) == [3, 4, 5, 6, 7, 8])
        #expect(numbers(cpu.selectInto(x, along: 0, rows, slices, .replace)) == [3, 3, 3, 2, 2, 2])
    }

    @Test func addsLikeALoopWhenItIsLarge() {
        let index = (0..<5000).map { Int64($0 * 7919 % 300) }
        let source = noise(5000 * 64)
        var expected = [Float](repeating: 0, count: 300 * 64)
        for (i, row) in index.enumerated() { for j in 0..<64 { expected[Int(row) * 64 + j] += source[i * 64 + j] } }
        let zeros = makeTensor([Float](repeating: 0, count: 300 * 64), [300, 64])
        let got = cpu.selectInto(zeros, along: 0, makeTensor(index, [5000]), makeTensor(source, [5000, 64]), .add)
        #expect(elements(got, as: Float.self) == expected)
    }

    /// What a check reports; nil when it reports nothing.
    private func outside(_ x: Tensor, _ range: Range<Int>) -> Int? {
        let found = Mutex(Int?.none)
        let isFine = cpu.checkIndices(x, in: range) { wrong in found.withLock { $0 = wrong } }
        let wrong = found.withLock { $0 }
        #expect(isFine == (wrong == nil))
        return wrong
    }

    @Test func findsPositionsOutside() {
        let x = makeTensor([3, -2, 7] as [Int64], [3])
        #expect(outside(x, -2..<8) == nil)
        #expect(outside(makeTensor([] as [Int64], [0]), 0..<0) == nil)
        #expect(outside(x, -1..<8) == -2)
        #expect(outside(x, -2..<7) == 7)
        #expect(outside(x, 0..<3) == 3)
        // Far from the start, in a part that is not a whole block, and by strides.
        var many = [Int64](repeating: 1, count: 1300)
        many[1299] = 5
        #expect(outside(swapped(makeTensor(many, [2, 650]), 0, 1), 0..<5) == 5)
        #expect(elements(cpu.wrapIndex(x, below: 8), as: Int.self) == [3, 6, 7])
    }

    @Test func findsValuesOutside() {
        let found = Mutex(Double?.none)
        let values = makeTensor([0.5, .nan, 1] as [Float], [3])
        let isFine = cpu.checkValues(values, in: 0...1) { wrong in found.withLock { $0 = wrong } }
        #expect(!isFine)
        #expect(found.withLock { $0 }?.isNaN == true)
        let isInside = cpu.checkValues(makeTensor([0, 1] as [Float], [2]), in: 0...1) { _ in }
        #expect(isInside)
    }

    @Test func findsNonzero() {
        let found = cpu.nonzero(makeTensor([0, 1, 0, 2.5, .nan, 0] as [Float], [2, 3]))
        #expect(found.shape == [3, 2])
        #expect(numbers(found) == [0, 1, 1, 0, 1, 1])
    }

    @Test(arguments: [5, 64, 65, 5000])
    func sortsStably(count: Int) {
        for dtype in [DType.float32, .float64, .int8, .int64, .float16] {
            let values = noise(count).map { Double(Int($0 * 20)) }
            let x = makeTensor(values, [count], dtype)
            for descending in [false, true] {
                let expected = values.indices.sorted {
                    values[$0] == values[$1] ? $0 < $1 : descending ? values[$0] > values[$1] : values[$0] < values[$1]
                }
                #expect(numbers(cpu.argsort(x, along: 0, descending: descending)) == expected.map { Double($0) })
            }
        }
        let special = makeTensor([.nan, 1, -.infinity, .infinity, -0.0, 0] as [Float], [6])
        #expect(numbers(cpu.argsort(special, along: 0, descending: false)) == [2, 4, 5, 1, 3, 0])
        #expect(numbers(cpu.argsort(special, along: 0, descending: true)) == [0, 3, 1, 4, 5, 2])
        let matrix = makeTensor([3, 1, 2, 0, 2, 1] as [Float], [3, 2])
        #expect(numbers(cpu.argsort(matrix, along: 0, descending: false)) == [1, 1, 2, 0, 0, 2].map { Double($0) })
    }

    @Test func cutsTriangles() {
        let x = makeTensor([1, 2, 3, 4, 5, 6] as [Float], [2, 3])
        #expect(numbers(cpu.triangle(x, diagonal: 0, upper: false)) == [1, 0, 0, 4, 5, 0])
        #expect(numbers(cpu.triangle(x, diagonal: 1, upper: true)) == [0, 2, 3, 0, 0, 6])
        #expect(numbers(cpu.triangle(x, diagonal: -5, upper: false)) == [0, 0, 0, 0, 0, 0])
        #expect(numbers(cpu.triangle(x, diagonal: 9, upper: true)) == [0, 0, 0, 0, 0, 0])
        #expect(numbers(cpu.triangle(x, diagonal: -9, upper: true)) == [1, 2, 3, 4, 5, 6])
    }
}
