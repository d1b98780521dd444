/// The batches of one epoch, each made when its turn comes.
public struct EpochWalk<Data: Dataset, Batch: Sendable>: Sendable {
    /// The numbers of the samples of each batch.
    let indices: ArraySlice<[Int]>
    /// How many threads make batches; 0 for the loop's own.
    let workers: Int
    /// How many batches may be under way at once.
    let ahead: Int
    private let make: @Sendable ([Int]) throws(Data.Failure) -> Batch

    init(
        _ indices: ArraySlice<[Int]>, workers: Int, ahead: Int,
        _ make: @escaping @Sendable ([Int]) throws(Data.Failure) -> Batch
    ) {
        self.indices = indices
        self.workers = workers
        self.ahead = ahead
        self.make = make
    }

    var count: Int { indices.count }

    func batch(_ position: Int) throws(Data.Failure) -> Batch { try make(indices[indices.startIndex + position]) }
}
