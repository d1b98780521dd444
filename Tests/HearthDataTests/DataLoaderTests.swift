import HearthData
import HearthTensor
import Testing

@Suite struct DataLoaderTests {
    @Test func visitsEachSampleOnce() {
        let loader = DataLoader(CountedDataset(count: 23), batchSize: 5, shuffle: true, seed: 1)
        #expect(loader.count == 5)
        let seen = indices(loader)
        #expect(seen.sorted() == Array(0..<23) && seen != Array(0..<23))
        let ordered = DataLoader(CountedDataset(count: 23), batchSize: 5)
        #expect(indices(ordered) == Array(0..<23))
        let dropping = DataLoader(CountedDataset(count: 23), batchSize: 5, dropLast: true)
        #expect(dropping.count == 4 && indices(dropping) == Array(0..<20))
    }

    @Test(arguments: [1, 2, 3, 8]) func theNumberOfWorkersChangesNothing(workers: Int) {
        func epochs(_ workers: Int) -> [[Float]] {
            let data = CountedDataset(count: 101, isNoisy: true)
            let loader = DataLoader(data, batchSize: 7, shuffle: true, workers: workers, seed: 4)
            return (0..<3).map { _ in loader.flatMap { $0.0.floatArray } }
        }
        let expected = epochs(0)
        #expect(Set(expected).count == 3, "every epoch is another")
        #expect(epochs(workers) == expected)
    }

    @Test func aPlainAndAnAsynchronousWalkAgree() async {
        let data = CountedDataset(count: 50, isNoisy: true)
        for workers in [0, 2] {
            let loader = DataLoader(data, batchSize: 8, shuffle: true, workers: workers, seed: 2)
            let plain = loader.walk(epoch: 0).flatMap { $0.0.floatArray }
            var values: [Float] = []
            for await (inputs, _) in loader.walk(epoch: 0) { values += inputs.floatArray }
            #expect(values == plain)
        }
    }

    @Test func aWalkGoesOnInTheMiddleOfAnEpoch() {
        let loader = DataLoader(CountedDataset(count: 40, isNoisy: true), batchSize: 6, shuffle: true, seed: 3)
        let whole = loader.walk(epoch: 5).map { $0.0.floatArray }
        #expect(loader.walk(epoch: 5, from: 4).map { $0.0.floatArray } == Array(whole[4...]))
        loader.epoch = 5
        #expect(loader.map { $0.0.floatArray } == whole && loader.epoch == 6)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 4]) func leavingALoopStopsTheWorkers(workers: Int) async throws {
        weak var gone: CountedDataset?
        do {
            let data = CountedDataset(count: 100_000)
            gone = data
            let loader = DataLoader(data, batchSize: 10, workers: workers, prefetch: 3)
            for (number, _) in loader.enumerated() where number == 5 { break }
            // Those given out, those ahead, and one that each worker may have begun since.
            #expect(data.reads <= (6 + workers * 3 + workers) * 10)
        }
        // The threads hold the dataset while they run.
        while gone != nil { try await Task.sleep(for: .milliseconds(2)) }
    }

    @Test(.timeLimit(.minutes(1))) func leavingAnAsynchronousLoopStopsTheTasks() async throws {
        weak var gone: CountedDataset?
        do {
            let data = CountedDataset(count: 100_000)
            gone = data
            for await _ in DataLoader(data, batchSize: 10, workers: 2) { break }
            #expect(data.reads <= 100)
        }
        while gone != nil { try await Task.sleep(for: .milliseconds(2)) }
    }

    @Test func aWalkThatNobodyWalksIsNoWork() {
        let data = CountedDataset(count: 100)
        let loader = DataLoader(data, batchSize: 10, workers: 2)
        for _ in 0..<20 { _ = loader.makeIterator() }
        #expect(loader.epoch == 20)
    }

    @Test func collatesAsTold() {
        let loader = DataLoader(CountedDataset(count: 6), batchSize: 4) { samples in samples.count }
        #expect(Array(loader) == [4, 2])
    }
}

/// What a file dataset throws.
private struct SampleError: Error, CustomStringConvertible {
    let index: Int
    let path: String
    var description: String { "sample \(index): cannot read '\(path)'" }
}

/// Files of which one is missing.
private struct FileDataset: Dataset {
    let count: Int
    let missing: Int

    func sample(at index: Int, random: Generator) throws(SampleError) -> Tensor {
        if index == missing { throw SampleError(index: index, path: "images/\(index).png") }
        return Tensor([Float(index)])
    }

    static func collate(_ samples: [Tensor]) -> Tensor { Tensor.stack(samples) }
}

@Suite struct ThrowingDatasetTests {
    @Test(arguments: [0, 1, 3]) func theErrorNamesTheSampleAndItsFile(workers: Int) async {
        let loader = DataLoader(FileDataset(count: 30, missing: 17), batchSize: 4, workers: workers)
        var seen = 0
        do throws(SampleError) {
            for try await batch in loader { seen += batch.shape[0] }
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.index == 17 && error.description == "sample 17: cannot read 'images/17.png'")
        }
        #expect(seen == 16, "the batches before it came")
    }

    @Test func subsetsThrowTheSame() async throws {
        let data = FileDataset(count: 10, missing: 3)
        let whole = Subset(data, [0, 1, 2])
        var seen = 0
        for try await batch in DataLoader(whole, batchSize: 2, workers: 1) { seen += batch.shape[0] }
        #expect(seen == 3)
        #expect(throws: SampleError.self) { try ConcatDataset([data, data])[13] }
    }
}
