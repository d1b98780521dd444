import Hearth
import HearthDescription

// Networks that `--model net.yaml` describes.

/// What tells a file of layers from a kind of network.
enum DescribedNetwork {
    static func isFile(_ model: String) -> Bool { model.hasSuffix(".yaml") || model.hasSuffix(".yml") }
}

extension RunConfiguration {
    /// The description of the network, nil for a kind of network. A run that was started has its own, so it may go on
    /// when the file has gone or says something else. Throws what reading it throws.
    func description() throws -> NetworkDescription? {
        guard DescribedNetwork.isFile(self.model) else { return nil }
        return try network ?? NetworkDescription(contentsOf: self.model)
    }

    /// The network's name without the folder and the ending of a file.
    package var modelName: String {
        guard DescribedNetwork.isFile(self.model) else { return self.model }
        let name = self.model.split(separator: "/").last ?? ""
        return String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
    }
}
