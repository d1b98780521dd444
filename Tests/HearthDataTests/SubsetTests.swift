import HearthData
import HearthTensor
import Testing

@Suite struct SubsetTests {
    private let data = TensorDataset(Tensor.arange(20).to(.float32).reshape([20, 1]), Tensor.arange(20))

    private func labels<D: Dataset>(_ data: D) -> [Int] where D.Sample == (Tensor, Tensor), D.Failure == Never {
        (0..<data.count).map { data[$0].1.item(as: Int.self) }
    }

    @Test func hasTheChosenSamplesInTheirOrder() {
        let subset = Subset(data, [7, 3, 3, 19])
        #expect(labels(subset) == [7, 3, 3, 19])
        let (inputs, targets) = subset.batch(at: [3, 0], random: RandomSource(seed: 0, epoch: 0))
        #expect(targets.array(of: Int.self) == [19, 7] && inputs.floatArray == [19, 7])
        #expect(labels(Subset(subset, [1, 3])) == [3, 19])
    }

    @Test func splitsByCountsAndFractions() {
        for parts in [data.randomSplit([14, 3, 3], seed: 1), data.randomSplit([0.7, 0.15, 0.15], seed: 1)] {
            #expect(parts.map(\.count) == [14, 3, 3])
            #expect(parts.flatMap(labels).sorted() == Array(0..<20))
        }
        let again = data.randomSplit([0.7, 0.15, 0.15], seed: 1)
        #expect(again.map(labels) == data.randomSplit([14, 3, 3], seed: 1).map(labels))
        #expect(again.map(labels) != data.randomSplit([14, 3, 3], seed: 2).map(labels))
        let odd = Subset(data, Array(0..<10)).randomSplit([0.33, 0.33, 0.34], seed: 0)
        #expect(odd.map(\.count) == [4, 3, 3])
    }

    @Test func joinsDatasets() {
        let joined = ConcatDataset([Subset(data, [1, 2]), Subset(data, []), Subset(data, [5]), Subset(data, [9, 8])])
        #expect(labels(joined) == [1, 2, 5, 9, 8])
        let loader = DataLoader(joined, batchSize: 2)
        #expect(loader.map { $0.1.array(of: Int.self) } == [[1, 2], [5, 9], [8]])
        #expect(ConcatDataset<TensorDataset>([]).count == 0)
    }
}
