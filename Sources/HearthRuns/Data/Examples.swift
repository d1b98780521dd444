import Hearth
import HearthVision

/// Inputs with their targets, from whatever source.
package struct Examples {
    package let data: ExampleSet
    /// The names of the classes; none for a regression.
    let classes: [String]
    let inputShape: [Int]
    /// `classification` or `regression`.
    package let task: String
    /// How the columns of a table became features.
    var columns: [TableColumn] = []
}

extension Examples {
    /// The images of a collection.
    init(_ collection: some ImageDataset) {
        let images = collection.imageSet
        data = .images(images)
        classes = images.classes
        inputShape = Array(images.images.shape.dropFirst())
        task = "classification"
    }

    private init(_ examples: Examples, data: ExampleSet) {
        self.data = data
        classes = examples.classes
        inputShape = examples.inputShape
        task = examples.task
        columns = examples.columns
    }

    /// The same examples with mean 0 and deviation 1 by the given numbers: one for each feature of a table, one for each
    /// channel of pictures. A number that is missing becomes the mean. Pictures are augmented before, where steps are given.
    func normalised(mean: [Double], std: [Double], augmented augmentation: AugmentationSteps? = nil) -> Examples {
        switch data {
        case .images(let images, _):
            let steps = augmentation?.imageSteps ?? []
            let transform = Compose(steps + [ToTensor(), Normalize(mean: mean, std: std)])
            return Examples(
                self,
                data: .images(
                    images.transformed(by: transform),
                    batches: augmentation?.batchSteps(classes: classes.count) ?? []))
        case .rows(let rows):
            return Examples(
                self,
                data: .rows(TensorDataset(Self.normalised(rows.inputs, mean: mean, std: std), rows.targets)))
        }
    }

    /// Features of a table with mean 0 and deviation 1.
    static func normalised(_ features: Tensor, mean: [Double], std: [Double]) -> Tensor {
        let standard = (features - Tensor(mean, device: features.device)) / Tensor(std, device: features.device)
        return standard.maskedFill(standard.isNaN(), with: 0)
    }

    /// Mean and deviation over some examples: of each feature of a table, of each channel of pictures (as `ToTensor`
    /// gives them, 0 to 1).
    func statistics(over indices: [Int]) -> (mean: [Double], std: [Double]) {
        switch data {
        case .images(let images, _): return images.channelStatistics(over: indices)
        case .rows(let rows):
            let chosen = rows.inputs.indexSelect(0, Tensor(indices, device: .cpu)).to(.float64)
            let isKnown = chosen.isNaN().logicalNot()
            let count = isKnown.to(.float64).sum(dim: 0).clamp(min: 1)
            let mean = Tensor.where(isKnown, chosen, 0.0).sum(dim: 0) / count
            let std = (Tensor.where(isKnown, (chosen - mean).square(), 0.0).sum(dim: 0) / count).sqrt()
            // A feature that never changes stays as it is.
            return (mean.array(of: Double.self), std.maskedFill(std == 0, with: 1).array(of: Double.self))
        }
    }
}
