import HearthNN
import HearthTensor

/// LeNet-5 for handwritten digits: `[N, 1, 28, 28]` to `[N, classes]`.
///
///     let model = LeNet()
///     let logits = model(images)
///
/// Two convolutions with hyperbolic tangents and averages, then three fully connected layers; 61,706 parameters for ten
/// classes. The first convolution is padded, since the paper has the digits in the middle of 32 × 32 pixels. Its radial
/// basis functions at the end are a fully connected layer here, as everywhere today.
///
/// Source: LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998.
public final class LeNet: Module, Layer {
    private let conv1: Conv2d
    private let conv2 = Conv2d(6, 16, kernelSize: 5)
    private let fc1 = Linear(16 * 5 * 5, 120)
    private let fc2 = Linear(120, 84)
    /// The head.
    public var fc3: any Layer

    /// A network for images of `channels` channels.
    public init(classes: Int = 10, channels: Int = 1) {
        conv1 = Conv2d(channels, 6, kernelSize: 5, padding: 2)
        fc3 = Linear(84, classes)
    }

    /// The logits `[N, classes]` of images `[N, channels, 28, 28]`.
    public func forward(_ x: Tensor) -> Tensor {
        var x = conv1(x).tanh().avgPool2d(2)
        x = conv2(x).tanh().avgPool2d(2)
        x = fc1(x.flatten(from: 1)).tanh()
        return fc3(fc2(x).tanh())
    }
}
