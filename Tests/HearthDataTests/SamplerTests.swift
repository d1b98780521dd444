import HearthData
import HearthTensor
import Testing

@Suite struct SamplerTests {
    @Test func randomOrderHasEachOnce() {
        let sampler = RandomSampler(population: 100)
        let order = sampler.order(Generator(seed: 1))
        #expect(order.sorted() == Array(0..<100) && order != Array(0..<100))
        #expect(sampler.order(Generator(seed: 1)) == order && sampler.order(Generator(seed: 2)) != order)
        let few = RandomSampler(population: 100, count: 10).order(Generator(seed: 1))
        #expect(few.count == 10 && Set(few).count == 10)
    }

    @Test func everyPlaceIsEquallyLikely() {
        var first = [Int](repeating: 0, count: 4)
        for seed in 0..<4000 { first[RandomSampler(population: 4).order(Generator(seed: UInt64(seed)))[0]] += 1 }
        // 1,000 each; the standard deviation is 27.
        #expect(first.allSatisfy { (880...1120).contains($0) }, "\(first)")
    }

    @Test func replacementDrawsAgain() {
        let order = RandomSampler(population: 10, replacement: true, count: 1000).order(Generator(seed: 1))
        #expect(order.count == 1000 && Set(order) == Set(0..<10))
    }

    @Test func weightsAreProportions() {
        let sampler = WeightedRandomSampler(weights: [1, 0, 3, 6], count: 20_000)
        var counts = [Int](repeating: 0, count: 4)
        for index in sampler.order(Generator(seed: 7)) { counts[index] += 1 }
        // 2,000, 0, 6,000 and 12,000; standard deviations up to 70.
        #expect(counts[1] == 0)
        #expect(abs(counts[0] - 2000) < 250 && abs(counts[2] - 6000) < 350 && abs(counts[3] - 12_000) < 350)
    }

    @Test func weightsWithoutReplacementHaveEachOnce() {
        let sampler = WeightedRandomSampler(weights: [1, 1, 1, 100, 1], count: 5, replacement: false)
        var first = 0
        for seed in 0..<200 {
            let order = sampler.order(Generator(seed: UInt64(seed)))
            #expect(order.sorted() == [0, 1, 2, 3, 4])
            if order[0] == 3 { first += 1 }
        }
        #expect(first > 170, "of 200, 192 are expected")
    }

    @Test func subsetsAreShuffled() {
        let order = SubsetRandomSampler([3, 5, 8, 13, 21, 34]).order(Generator(seed: 0))
        #expect(order.sorted() == [3, 5, 8, 13, 21, 34])
    }

    @Test func aSamplerDecidesWhatALoaderVisits() {
        let data = CountedDataset(count: 50)
        let loader = DataLoader(data, batchSize: 2, sampler: SubsetRandomSampler([3, 5, 8]), seed: 1)
        #expect(loader.count == 2 && indices(loader).sorted() == [3, 5, 8])
    }

    @Test func batchesAreCut() {
        let sampler = BatchSampler(SequentialSampler(count: 7), batchSize: 3)
        #expect(sampler.batches(Generator(seed: 0)) == [[0, 1, 2], [3, 4, 5], [6]] && sampler.count == 3)
        let dropping = BatchSampler(SequentialSampler(count: 7), batchSize: 3, dropLast: true)
        #expect(dropping.batches(Generator(seed: 0)) == [[0, 1, 2], [3, 4, 5]] && dropping.count == 2)
    }
}
