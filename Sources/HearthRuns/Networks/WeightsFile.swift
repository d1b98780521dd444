import Hearth
import HearthDescription
import HearthVision

/// A network of HearthVision with weights from a file.
struct WeightsFile {
    /// The network, in evaluation mode.
    let network: any Layer
    /// The number of its classes: as many as the last layer has results.
    let classes: Int

    /// Throws `RunError` for a network that HearthVision lacks, and what reading and loading throw.
    init(_ path: String, model name: String) throws {
        guard listModels().contains(name) else { throw RunError(unknown("model", name, among: listModels())) }
        let weights = try StateDict(contentsOf: path)
        guard let outputs = weights.keys.last.flatMap({ weights[$0]?.shape.first }), outputs > 0 else {
            throw RunError("'\(path)' holds no tensors")
        }
        classes = outputs
        network = try getModel(name, classes: outputs)
        try network.loadStateDict(weights)
        network.eval()
    }
}
