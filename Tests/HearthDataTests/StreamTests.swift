import HearthData
import HearthTensor
import Testing

@Suite struct StreamTests {
    private struct Countdown: IterableDataset {
        let start: Int
        func samples(random: RandomSource) -> some Sequence<Tensor> { (0..<start).lazy.map { Tensor(start - $0) } }
    }

    private func numbers(_ batches: some Sequence<Tensor>) -> [[Int]] { batches.map { $0.array(of: Int.self) } }

    @Test func streamsComeInBatches() {
        #expect(numbers(Countdown(start: 5).batches(of: 2)) == [[5, 4], [3, 2], [1]])
        #expect(numbers(Countdown(start: 5).batches(of: 2, dropLast: true)) == [[5, 4], [3, 2]])
        let chain = ChainDataset([Countdown(start: 2), Countdown(start: 3)])
        #expect(numbers(chain.batches(of: 4)) == [[2, 1, 3, 2], [1]])
    }

    @Test func aBufferShufflesRepeatably() {
        let random = RandomSource(seed: 3, epoch: 0)
        let once = numbers(Countdown(start: 50).batches(of: 50, shuffleBuffer: 10, random: random))[0]
        let again = numbers(Countdown(start: 50).batches(of: 50, shuffleBuffer: 10, random: random))[0]
        let other = numbers(
            Countdown(start: 50).batches(of: 50, shuffleBuffer: 10, random: RandomSource(seed: 3, epoch: 1)))[0]
        #expect(once == again && once != other && once != Array((1...50).reversed()))
        #expect(once.sorted() == Array(1...50))
        // A sample comes no earlier than the buffer allows.
        #expect(once.enumerated().allSatisfy { place, number in 50 - number <= place + 9 })
    }

    @Test func datasetsSideBySide() {
        let first = TensorDataset(Tensor.arange(6).reshape([3, 2]), Tensor.arange(3))
        let second = TensorDataset(Tensor.arange(3) * 10, Tensor.ones([3]))
        let stack = StackDataset(first, second)
        let (a, b) = stack.sample(at: 2, random: .default)
        #expect(a.0.array(of: Int.self) == [4, 5] && b.0.item() == 20)
        let loader = DataLoader(stack, batchSize: 2)
        let shapes = loader.map { [$0.0.0.shape, $0.1.0.shape] }
        #expect(shapes == [[[2, 2], [2]], [[1, 2], [1]]])
    }

    @Test func samplesOfCommonKindsCollate() {
        #expect(defaultCollate([1, 2, 3]).dtype == .int64 && defaultCollate([1.5, 2]).dtype == .float64)
        let named = defaultCollate([["x": Tensor.ones([2])], ["x": Tensor.zeros([2])]])
        #expect(named["x"]!.shape == [2, 2])
        let lists = defaultCollate([[Tensor.ones([2]), Tensor(1)], [Tensor.ones([2]), Tensor(2)]])
        #expect(lists.map(\.shape) == [[2, 2], [2]])
    }
}
