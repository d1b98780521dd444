import HearthNN
import HearthTensor

/// Two fully connected layers with GELU between them and dropout after each, as transformers have after attention.
/// torchvision's `MLP`.
final class MLP: Sequential {
    init(_ features: Int, hidden: Int, dropout: Double) {
        super.init([Linear(features, hidden), GELU(), Dropout(dropout), Linear(hidden, features), Dropout(dropout)])
        initializeWeights(linear: { Initialize.xavierUniform($0) }, linearBias: { Initialize.normal($0, std: 1e-6) })
    }

    /// Files from before torchvision 0.13 call the layers `linear_1` and `linear_2`.
    override func currentName(of name: String) -> String {
        switch name.split(separator: ".").first {
        case "linear_1": "0" + name.dropFirst("linear_1".count)
        case "linear_2": "3" + name.dropFirst("linear_2".count)
        default: name
        }
    }
}
