import HearthData
import HearthTensor
import Synchronization

/// Numbers 0 to `count`, each with chance added where asked for; counts what is read of it.
final class CountedDataset: Dataset {
    typealias Sample = (Tensor, Tensor)

    let count: Int
    private let isNoisy: Bool
    private let readCount = Mutex(0)

    init(count: Int, isNoisy: Bool = false) {
        self.count = count
        self.isNoisy = isNoisy
    }

    /// How many samples were asked for.
    var reads: Int { readCount.withLock { $0 } }

    func sample(at index: Int, random: Generator) -> (Tensor, Tensor) {
        readCount.withLock { $0 += 1 }
        let number = Tensor([Float(index)])
        return (isNoisy ? number + Tensor.rand(1, generator: random) : number, Tensor(index))
    }
}

/// The class numbers of one walk over a loader.
func indices<D: Dataset>(_ walk: some Sequence<(Tensor, Tensor)>, of _: D.Type = CountedDataset.self) -> [Int] {
    walk.flatMap { $0.1.array(of: Int.self) }
}
