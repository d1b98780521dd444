import Hearth
import HearthVision

/// Pictures or rows of a table, as one dataset.
package enum ExampleSet: Dataset {
    /// Pictures, and what is done to each batch of them.
    case images(ImageSet, batches: [any BatchTransform] = [])
    case rows(TensorDataset)

    package var count: Int {
        switch self {
        case .images(let images, _): images.count
        case .rows(let rows): rows.count
        }
    }

    package func sample(at index: Int, random: Generator) -> (Tensor, Tensor) {
        switch self {
        case .images(let images, _): images.sample(at: index, random: random)
        case .rows(let rows): rows.sample(at: index, random: random)
        }
    }

    package func batch(at indices: [Int], random: RandomSource) -> (Tensor, Tensor) {
        switch self {
        case .images(let images, let steps):
            // The generator's number is beyond all pictures' numbers, so that a batch step shares no randomness with
            // them.
            steps.enumerated().reduce(images.batch(at: indices, random: random)) { batch, step in
                let random = random.generator(for: count * (step.offset + 1) + (indices.first ?? 0))
                return step.element(batch.0, batch.1, random: random)
            }
        case .rows(let rows): rows.batch(at: indices, random: random)
        }
    }
}
