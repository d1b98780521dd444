import CKernels
import Testing

import HearthTensor

@Suite(.serialized) struct CPURandomTests {
    let cpu = CPU()
    let stream = RandomStream(seed: 0x1234_5678_9ABC_DEF0, offset: 77)

    /// The vectors that come with the authors' Random123.
    @Test func philoxGivesTheKnownAnswers() {
        func words(_ seed: UInt64, _ low: UInt64, _ high: UInt64) -> [UInt32] {
            var words = [UInt32](repeating: 0, count: 4)
            hk_philox(seed, low, high, &words)
            return words
        }
        #expect(words(0, 0, 0) == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
        #expect(words(.max, .max, .max) == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
        #expect(
            words(0x299F_31D0_A409_3822, 0x85A3_08D3_243F_6A88, 0x0370_7344_1319_8A2E)
                == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
    }

    @Test func anElementDependsOnItsPlaceAlone() {
        var words = [UInt32](repeating: 0, count: 1000)
        hk_random_words(stream.seed, stream.offset, 0, 1000, &words)
        for first in [1, 2, 3, 4, 255, 256, 257, 990] {
            var part = [UInt32](repeating: 0, count: 10)
            hk_random_words(stream.seed, stream.offset, Int64(first), 10, &part)
            #expect(part == Array(words[first..<first + 10]))
        }
        var block = [UInt32](repeating: 0, count: 4)
        hk_philox(stream.seed, stream.offset + 5, 0, &block)
        #expect(Array(words[20..<24]) == block)
        let threads = Threads.count
        defer { Threads.count = threads }
        for distribution in [
            Distribution.uniform(low: -1, high: 3), .normal(mean: 1, deviation: 2), .exponential(rate: 2),
        ] {
            Threads.count = 1
            let alone = numbers(cpu.random(distribution, Spec([100_001], .float32), stream))
            Threads.count = 3
            #expect(numbers(cpu.random(distribution, Spec([100_001], .float32), stream)) == alone)
        }
    }

    @Test(arguments: [DType.float32, .float64, .bfloat16])
    func distributionsHaveTheirMoments(dtype: DType) {
        func moments(_ distribution: Distribution) -> (mean: Double, deviation: Double, low: Double, high: Double) {
            let x = numbers(cpu.random(distribution, Spec([200_000], dtype), stream))
            let mean = x.reduce(0, +) / Double(x.count)
            let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
            return (mean, variance.squareRoot(), x.min() ?? 0, x.max() ?? 0)
        }
        let uniform = moments(.uniform(low: -1, high: 3))
        #expect(abs(uniform.mean - 1) < 0.02 && abs(uniform.deviation - 4 / 12.0.squareRoot()) < 0.02)
        #expect(uniform.low >= -1 && (dtype.isHalf ? uniform.high <= 3 : uniform.high < 3))
        let normal = moments(.normal(mean: 1, deviation: 2))
        #expect(abs(normal.mean - 1) < 0.03 && abs(normal.deviation - 2) < 0.03)
        let exponential = moments(.exponential(rate: 2))
        #expect(abs(exponential.mean - 0.5) < 0.01 && exponential.low >= 0)
    }

    @Test func drawsIntegersAndDropsOut() {
        let dice = numbers(cpu.random(.integers(low: -2, high: 4), Spec([60_000], .int8), stream))
        #expect(Set(dice) == [-2, -1, 0, 1, 2, 3])
        for face in Set(dice) { #expect(abs(dice.filter { $0 == face }.count - 10_000) < 500) }
        let coins = numbers(cpu.random(.bernoulli(probability: 0.3), Spec([100_000], .float32), stream))
        #expect(abs(coins.reduce(0, +) / 100_000 - 0.3) < 0.01)
        let x = makeTensor([Float](repeating: 3, count: 100_000), [100_000])
        let dropped = numbers(cpu.dropout(x, probability: 0.3, stream))
        #expect(zip(dropped, coins).allSatisfy { $1 == 1 ? $0 == 0 : abs($0 - 3 / 0.7) < 1e-5 })
        #expect(numbers(cpu.dropout(x, probability: 1, stream)).allSatisfy { $0 == 0 })
    }
}
