import Hearth

/// One way to keep a network from learning its training images by heart.
struct Remedy {
    let name: String
    /// The factor of the sum of squares of all weights.
    var l2 = 0.0
    /// The factor of the sum of magnitudes of all weights.
    var l1 = 0.0
    /// The probability of a hidden unit to be left out of a step.
    var dropout = 0.0
    var normalises = false
    /// Stops when the validation images have not been recognised better for eight epochs.
    var stopsEarly = false
    /// Moves every image by up to two pixels.
    var augments = false

    static let all = [
        Remedy(name: "none"), Remedy(name: "L2 (weight decay)", l2: 1e-2), Remedy(name: "L1 (penalty)", l1: 5e-4),
        Remedy(name: "dropout", dropout: 0.5), Remedy(name: "batch normalisation", normalises: true),
        Remedy(name: "early stopping", stopsEarly: true), Remedy(name: "augmentation", augments: true),
        Remedy(name: "all but L1", l2: 1e-4, dropout: 0.3, normalises: true, stopsEarly: true, augments: true),
    ]

    /// The network: 784-256-256-10.
    func model() -> Sequential {
        Sequential {
            Flatten()
            for (inputs, outputs) in [(784, 256), (256, 256)] {
                Linear(inputs, outputs)
                if normalises { BatchNorm1d(outputs) }
                ReLU()
                if dropout > 0 { Dropout(dropout) }
            }
            Linear(256, 10)
        }
    }
}
