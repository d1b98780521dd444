import HearthFormats
import HearthNN
import HearthTensor

/// A known network under torchvision's name, to be built with new weights or with trained ones.
///
///     let model = resnet18(classes: 10)
///     let model = try await resnet18(weights: .default)                    // downloaded once
///     let model = try await resnet18(weights: .file("resnet18.pth"))
///
/// Networks are called what torchvision calls them, in Swift's writing: `vit_b_16` is `vitB16`, `mobilenet_v3_small` is
/// `mobilenetV3Small`; an underscore between two digits stays (`resnext50_32x4d`). What a network can be besides its
/// number of classes, is an argument of its class's initialiser: `ResNet(.bottleneck, [3, 4, 6, 3], zeroInitResidual:
/// true)`.
public struct ImageModel<Network: Layer>: Sendable {
    /// torchvision's name: `vit_b_16`.
    public let name: String
    private let make: @Sendable (_ classes: Int, _ imageSize: Int) -> Network
    private let adapt: @Sendable (Network) -> Void

    /// A network under a name.
    /// - Parameters:
    ///   - make: Builds the network for a number of classes.
    ///   - pretrained: What is changed in it after torchvision's own weights were loaded.
    init(
        _ name: String, _ make: @escaping @Sendable (_ classes: Int) -> Network,
        pretrained: @escaping @Sendable (Network) -> Void = { _ in }
    ) {
        self.name = name
        self.make = { classes, _ in make(classes) }
        adapt = pretrained
    }

    /// A network for images of one size, which trained weights may need larger.
    init(_ name: String, sized make: @escaping @Sendable (_ classes: Int, _ imageSize: Int) -> Network) {
        self.name = name
        self.make = make
        adapt = { _ in }
    }

    /// The network with new weights, for training.
    public func callAsFunction(classes: Int = 1000) -> Network { make(classes, 224) }

    /// The network with trained weights, in training mode as a new one is: `eval()` before it predicts.
    ///
    /// - Parameters:
    ///   - weights: Where they are. What is downloaded goes to a folder of its own and is found there the next time, see
    ///     `Download.cached`.
    ///   - classes: The classes that the weights were trained for. For others replace the head afterwards.
    ///   - progress: Is called with the bytes that are there, and that there will be (0 while the server has not said).
    ///
    /// Throws `UnknownWeights`; `DownloadError`; `FileError` and `FormatError` when the file cannot be read; and
    /// `StateDictError` when it is of another network.
    public func callAsFunction(
        weights: Weights, classes: Int = 1000, progress: Download.Progress? = nil
    ) async throws -> sending Network {
        let (path, known) = try await weights.file(for: name, progress: progress)
        // The file replaces all weights, so none are drawn at random first.
        let network = Initialize.onMeta { make(classes, known?.preprocessing.cropSize ?? 224) }
        try network.loadStateDict(StateDict(contentsOf: path))
        if known != nil { adapt(network) }
        return network
    }

    /// The weights that torchvision publishes for this network.
    public var weights: [PretrainedWeights] { PretrainedWeights.of(name) }
}

/// A known network, whatever its class.
protocol NamedNetwork: Sendable {
    var name: String { get }
    func network(classes: Int) -> any Layer
}

extension ImageModel: NamedNetwork {
    func network(classes: Int) -> any Layer { make(classes, 224) }
}

/// A name that no known network has.
public struct UnknownModel: Error, Sendable, CustomStringConvertible {
    /// What was asked for.
    public let name: String

    /// The error in words, with the names that there are.
    public var description: String { "unknown model '\(name)'; there are \(listModels().joined(separator: ", "))" }
}

/// The names of all known networks for images, in alphabetical order. torchvision's `list_models`.
public func listModels() -> [String] { allNetworks.map(\.name).sorted() }

/// The known network with this name, with new weights. torchvision's `get_model`.
///
///     let model = try getModel("efficientnet_b0", classes: 10)
///
/// Throws `UnknownModel`.
public func getModel(_ name: String, classes: Int = 1000) throws(UnknownModel) -> any Layer {
    guard let model = allNetworks.first(where: { $0.name == name }) else { throw UnknownModel(name: name) }
    return model.network(classes: classes)
}

private let allNetworks: [any NamedNetwork] = [
    alexnet, vgg11, vgg11BN, vgg13, vgg13BN, vgg16, vgg16BN, vgg19, vgg19BN, resnet18, resnet34, resnet50, resnet101,
    resnet152, resnext50_32x4d, resnext101_32x8d, resnext101_64x4d, wideResnet50_2, wideResnet101_2, densenet121,
    densenet161, densenet169, densenet201, squeezenet1_0, squeezenet1_1, googlenet, inceptionV3, mobilenetV2,
    mobilenetV3Small, mobilenetV3Large, mnasnet0_5, mnasnet0_75, mnasnet1_0, mnasnet1_3, shufflenetV2X0_5,
    shufflenetV2X1_0, shufflenetV2X1_5, shufflenetV2X2_0, efficientnetB0, efficientnetB1, efficientnetB2,
    efficientnetB3, efficientnetB4, efficientnetB5, efficientnetB6, efficientnetB7, efficientnetV2S, efficientnetV2M,
    efficientnetV2L, regnetY400MF, regnetY800MF, regnetY1_6GF, regnetY3_2GF, regnetY8GF, regnetY16GF, regnetY32GF,
    regnetY128GF, regnetX400MF, regnetX800MF, regnetX1_6GF, regnetX3_2GF, regnetX8GF, regnetX16GF, regnetX32GF,
    convnextTiny, convnextSmall, convnextBase, convnextLarge, vitB16, vitB32, vitL16, vitL32, vitH14, swinT, swinS,
    swinB, swinV2T, swinV2S, swinV2B,
]
