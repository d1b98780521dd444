import HearthTensor

/// One step on the way from a stored image to the input of a network.
///
/// An image is a tensor `[C, H, W]`: `uint8` as it is stored, floating-point after `ToTensor`. Hearth's own steps take
/// images with more dimensions before these, too, a whole batch `[N, C, H, W]`, and do the same to all of them. A step that leaves
/// something to chance draws from the generator that it is given and from nothing else, so that a sample depends on the
/// loader's seed, the epoch and the index alone. To add one, write a type:
///
///     struct Invert: Transform {
///         var isPixelwise: Bool { true }
///         func callAsFunction(_ image: Tensor, random: Generator) -> Tensor { 1 - image }
///     }
///
/// The transforms of torchvision (<https://docs.pytorch.org/vision/stable/transforms.html>).
public protocol Transform: Sendable, CustomStringConvertible {
    /// True when each element of the result depends on the same element of the image and its channel alone, never on
    /// chance, and the shape stays: such steps are worked out once for the 256 values that a byte has. False unless a
    /// type says otherwise.
    var isPixelwise: Bool { get }

    /// The image after this step.
    func callAsFunction(_ image: Tensor, random: Generator) -> Tensor
}

extension Transform {
    /// False.
    public var isPixelwise: Bool { false }

    /// The step with its options: `RandomHorizontalFlip(probability: 0.5)`.
    public var description: String { optionsDescription(of: self) }

    /// The image after this step, with random numbers from the default generator.
    public func callAsFunction(_ image: Tensor) -> Tensor { callAsFunction(image, random: .default) }
}

/// Steps one after another. torchvision's `Compose`.
///
///     let transform = Compose(ToTensor(), Normalize(mean: 0.5, std: 0.5))
///
/// The chain is prepared once, so that steps share walks over the pixels: cropping, mirroring, padding, resizing, changes
/// of single bytes and the normalisation at the end are one walk, with the bits that one step after another would give.
public struct Compose: Transform {
    /// The steps, first to last.
    public let steps: [any Transform]
    /// The steps prepared to share walks over the pixels.
    let chain: Chain

    /// These steps, in order.
    public init(_ transforms: any Transform...) { self.init(transforms) }

    /// These steps, in order.
    public init(_ transforms: [any Transform]) {
        steps = transforms
        chain = Chain(transforms)
    }

    /// True when all steps are.
    public var isPixelwise: Bool { steps.allSatisfy(\.isPixelwise) }

    /// The steps, a line each, as torchvision prints them.
    public var description: String {
        "Compose(\n" + steps.map { "    " + "\($0)".replacing("\n", with: "\n    ") + "\n" }.joined() + ")"
    }

    /// The image after all steps.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor { chain.run(image, random: random) }
}

/// A function as a step.
///
///     let darker = Lambda { image in image * 0.5 }
public struct Lambda: Transform {
    private let body: @Sendable (Tensor, Generator) -> Tensor

    /// A step without chance.
    public init(_ body: @escaping @Sendable (Tensor) -> Tensor) { self.body = { image, _ in body(image) } }

    /// A step that may draw from the generator that it is given.
    public init(_ body: @escaping @Sendable (_ image: Tensor, _ random: Generator) -> Tensor) { self.body = body }

    /// What the function makes of the image.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor { body(image, random) }
}
