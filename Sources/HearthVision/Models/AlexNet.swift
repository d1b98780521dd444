import HearthNN
import HearthTensor

/// torchvision's `alexnet`: 61.1 million parameters.
public let alexnet = ImageModel("alexnet") { AlexNet(classes: $0) }

/// AlexNet in its version for one processor, for images of at least 63 × 63.
///
/// Source: Krizhevsky, "One weird trick for parallelizing convolutional neural networks", 2014,
/// <https://arxiv.org/abs/1404.5997>.
public final class AlexNet: Module, Layer {
    /// Five convolutions.
    public let features = Sequential {
        Conv2d(3, 64, kernelSize: 11, stride: 4, padding: 2)
        ReLU()
        MaxPool2d(3, stride: 2)
        Conv2d(64, 192, kernelSize: 5, padding: 2)
        ReLU()
        MaxPool2d(3, stride: 2)
        Conv2d(192, 384, kernelSize: 3, padding: 1)
        ReLU()
        Conv2d(384, 256, kernelSize: 3, padding: 1)
        ReLU()
        Conv2d(256, 256, kernelSize: 3, padding: 1)
        ReLU()
        MaxPool2d(3, stride: 2)
    }
    private let avgpool = AdaptiveAvgPool2d(6)
    /// Three fully connected layers; the head is `classifier[6]`.
    public let classifier: Sequential

    /// A network for this number of classes.
    public init(classes: Int = 1000, dropout: Double = 0.5) {
        classifier = Sequential {
            Dropout(dropout)
            Linear(256 * 6 * 6, 4096)
            ReLU()
            Dropout(dropout)
            Linear(4096, 4096)
            ReLU()
            Linear(4096, classes)
        }
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { classifier(avgpool(features(x)).flatten(from: 1)) }
}
