import HearthData
import HearthTensor
import Testing

@Suite struct DistributedSamplerTests {
    private func orders(_ population: Int, _ replicas: Int, shuffle: Bool, dropLast: Bool) -> [[Int]] {
        (0..<replicas).map { rank in
            DistributedSampler(
                population: population, replicas: replicas, rank: rank, shuffle: shuffle, dropLast: dropLast
            ).order(Generator(seed: 3))
        }
    }

    @Test func partsTogetherAreEverything() {
        let parts = orders(12, 3, shuffle: true, dropLast: false)
        #expect(parts.allSatisfy { $0.count == 4 } && parts.joined().sorted() == Array(0..<12))
        #expect(orders(12, 3, shuffle: false, dropLast: false)[1] == [1, 4, 7, 10])
    }

    @Test func unevenPartsAreFilledOrCut() {
        // PyTorch: DistributedSampler(range(10), 4, rank, shuffle=False)
        let filled = orders(10, 4, shuffle: false, dropLast: false)
        #expect(filled == [[0, 4, 8], [1, 5, 9], [2, 6, 0], [3, 7, 1]])
        let cut = orders(10, 4, shuffle: false, dropLast: true)
        #expect(cut == [[0, 4], [1, 5], [2, 6], [3, 7]])
    }

    @Test func moreReplicasThanSamplesGoRound() {
        #expect(orders(2, 5, shuffle: false, dropLast: false) == [[0], [1], [0], [1], [0]])
    }
}
