import HearthTensor

/// A part of the image at a place left to chance, after a border was put around it. torchvision's `RandomCrop`.
public struct RandomCrop: Transform {
    private let height: Int
    private let width: Int
    private let padding: Int
    private let fill: Double

    /// Parts of `size` × `size` pixels of the image with a border of `padding` pixels of the value `fill`.
    public init(_ size: Int, padding: Int = 0, fill: Double = 0) {
        self.init(height: size, width: size, padding: padding, fill: fill)
    }

    /// Parts of `height` × `width` pixels.
    public init(height: Int, width: Int, padding: Int = 0, fill: Double = 0) {
        guard height > 0, width > 0, padding >= 0 else {
            fatalError("RandomCrop: sizes must be positive and padding not negative; \(height) × \(width), \(padding)")
        }
        self.height = height
        self.width = width
        self.padding = padding
        self.fill = fill
    }

    /// A part of the image. Stops the program when it is smaller than the part.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        let padded =
            padding == 0 ? image : image.pad([padding, padding, padding, padding], mode: .constant, value: fill)
        let (down, right) = (padded.shape[-2] - height, padded.shape[-1] - width)
        guard down >= 0, right >= 0 else {
            fatalError("RandomCrop: \(height) × \(width) pixels do not fit an image of \(padded.shape)")
        }
        let top = Tensor.randint(0..<(down + 1), [], generator: random).item(as: Int.self)
        let left = Tensor.randint(0..<(right + 1), [], generator: random).item(as: Int.self)
        return padded.narrow(-2, start: top, length: height).narrow(-1, start: left, length: width)
    }
}

/// The image mirrored left to right, with a probability. torchvision's `RandomHorizontalFlip`.
public struct RandomHorizontalFlip: Transform {
    private let probability: Double

    /// A step that mirrors with `probability`.
    public init(_ probability: Double = 0.5) {
        guard (0...1).contains(probability) else {
            fatalError("RandomHorizontalFlip: probability \(probability) is not in 0...1")
        }
        self.probability = probability
    }

    /// The image, mirrored or not.
    public func callAsFunction(_ image: Tensor, random: Generator) -> Tensor {
        Tensor.rand([], generator: random).item() < probability ? image.flip(-1) : image
    }
}
