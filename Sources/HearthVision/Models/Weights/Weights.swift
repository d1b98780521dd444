import HearthFormats

/// Where trained weights come from.
public struct Weights: Sendable {
    private enum Source {
        case file(String)
        case url(String)
        /// torchvision's, by their name; nil for the ones it recommends.
        case named(String?)
    }

    private let source: Source

    /// A file: `.pth`, `.safetensors` or `.npz`.
    public static func file(_ path: String) -> Weights { Weights(source: .file(path)) }

    /// A file to download. Digits after the last hyphen of its name are the beginning of its SHA-256, as in torchvision's
    /// (`resnet18-f37072fd.pth`), and are checked.
    public static func url(_ url: String) -> Weights { Weights(source: .url(url)) }

    /// torchvision's weights of this name: `IMAGENET1K_V2`.
    public static func named(_ name: String) -> Weights { Weights(source: .named(name)) }

    /// The weights that torchvision recommends. Its `DEFAULT`.
    public static let `default` = Weights(source: .named(nil))
    /// torchvision's `IMAGENET1K_V1`.
    public static let imagenet1kV1 = named("IMAGENET1K_V1")
    /// torchvision's `IMAGENET1K_V2`: a better recipe.
    public static let imagenet1kV2 = named("IMAGENET1K_V2")

    /// The file, downloaded where it is missing, and what is known of it where it is torchvision's.
    func file(
        for model: String, progress: Download.Progress?
    ) async throws -> (path: String, known: PretrainedWeights?) {
        let published = PretrainedWeights.of(model)
        switch source {
        case .file(let path):
            return (path, nil)
        case .url(let url):
            return (try await Download.cached(url, progress: progress), published.first { $0.url == url })
        case .named(let name):
            guard let weights = published.first(where: { name == nil ? $0.isDefault : $0.name == name }) else {
                throw UnknownWeights(model: model, name: name ?? "DEFAULT", known: published.map(\.name))
            }
            return (try await Download.cached(weights.url, progress: progress), weights)
        }
    }
}

/// Weights that torchvision does not publish for a network.
public struct UnknownWeights: Error, Sendable, CustomStringConvertible {
    /// The network.
    public let model: String
    /// What was asked for.
    public let name: String
    /// The names that there are.
    public let known: [String]

    /// The error in words.
    public var description: String {
        let names = known.isEmpty ? "none" : known.joined(separator: ", ")
        return "no weights \(name) are published for \(model); there are \(names)"
    }
}
