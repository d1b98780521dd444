import HearthNN
import HearthTensor

/// torchvision's `resnet18`: 11.7 million parameters.
public let resnet18 = ImageModel("resnet18") { ResNet(.basic, [2, 2, 2, 2], classes: $0) }
/// torchvision's `resnet34`: 21.8 million parameters.
public let resnet34 = ImageModel("resnet34") { ResNet(.basic, [3, 4, 6, 3], classes: $0) }
/// torchvision's `resnet50`: 25.6 million parameters.
public let resnet50 = ImageModel("resnet50") { ResNet(.bottleneck, [3, 4, 6, 3], classes: $0) }
/// torchvision's `resnet101`: 44.5 million parameters.
public let resnet101 = ImageModel("resnet101") { ResNet(.bottleneck, [3, 4, 23, 3], classes: $0) }
/// torchvision's `resnet152`: 60.2 million parameters.
public let resnet152 = ImageModel("resnet152") { ResNet(.bottleneck, [3, 8, 36, 3], classes: $0) }

// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `resnext50_32x4d`: 32 groups of 4 channels, 25.0 million parameters.
public let resnext50_32x4d = ImageModel("resnext50_32x4d") {
    ResNet(.bottleneck, [3, 4, 6, 3], classes: $0, groups: 32, widthPerGroup: 4)
}
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `resnext101_32x8d`: 32 groups of 8 channels, 88.8 million parameters.
public let resnext101_32x8d = ImageModel("resnext101_32x8d") {
    ResNet(.bottleneck, [3, 4, 23, 3], classes: $0, groups: 32, widthPerGroup: 8)
}
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `resnext101_64x4d`: 64 groups of 4 channels, 83.5 million parameters.
public let resnext101_64x4d = ImageModel("resnext101_64x4d") {
    ResNet(.bottleneck, [3, 4, 23, 3], classes: $0, groups: 64, widthPerGroup: 4)
}
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `wide_resnet50_2`: twice as wide inside the blocks, 68.9 million parameters.
public let wideResnet50_2 = ImageModel("wide_resnet50_2") {
    ResNet(.bottleneck, [3, 4, 6, 3], classes: $0, widthPerGroup: 128)
}
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `wide_resnet101_2`: twice as wide inside the blocks, 126.9 million parameters.
public let wideResnet101_2 = ImageModel("wide_resnet101_2") {
    ResNet(.bottleneck, [3, 4, 23, 3], classes: $0, widthPerGroup: 128)
}

/// Four stages of blocks that add to their input, for images of any size.
///
///     let model = resnet18(classes: 10)
///     model.fc = Linear(512, 5)
///
/// Sources: He, Zhang, Ren, Sun, "Deep Residual Learning for Image Recognition", 2016,
/// <https://arxiv.org/abs/1512.03385>, where as in torchvision the convolution of 3 × 3 has the stride; Xie et al.,
/// "Aggregated Residual Transformations", 2017, <https://arxiv.org/abs/1611.05431>; Zagoruyko, Komodakis, "Wide Residual
/// Networks", 2016, <https://arxiv.org/abs/1605.07146>.
public final class ResNet: Module, Layer {
    /// What a block computes.
    public enum Block: Sendable {
        /// Two convolutions of 3 × 3.
        case basic
        /// Convolutions of 1 × 1, 3 × 3 and 1 × 1, the last to four times the channels.
        case bottleneck

        /// How many times the stage's channels come out.
        public var expansion: Int { self == .basic ? 1 : 4 }
    }

    private let conv1 = Conv2d(3, 64, kernelSize: 7, stride: 2, padding: 3, bias: false)
    private let bn1: any Layer
    private let relu = ReLU()
    private let maxpool = MaxPool2d(3, stride: 2, padding: 1)
    /// The first stage of blocks, 64 channels.
    public let layer1: Sequential
    /// The second stage of blocks, 128 channels.
    public let layer2: Sequential
    /// The third stage of blocks, 256 channels.
    public let layer3: Sequential
    /// The fourth stage of blocks, 512 channels.
    public let layer4: Sequential
    private let avgpool = AdaptiveAvgPool2d(1)
    /// The head.
    public var fc: any Layer

    /// A network with this number of blocks in each of four stages.
    /// - Parameters:
    ///   - zeroInitResidual: Whether each block starts as the identity: its last normalisation scales by 0.
    ///   - groups: The groups of the convolutions of 3 × 3 in bottlenecks.
    ///   - widthPerGroup: The channels of each of them in the first stage.
    ///   - replaceStrideWithDilation: Whether stages two to four keep their input's size and look further instead.
    ///   - norm: Makes the normalisations.
    public init(
        _ block: Block, _ layers: [Int], classes: Int = 1000, zeroInitResidual: Bool = false, groups: Int = 1,
        widthPerGroup: Int = 64, replaceStrideWithDilation: [Bool] = [false, false, false],
        norm: @escaping NormLayer = { BatchNorm2d($0) }
    ) {
        require(
            layers.count == 4 && replaceStrideWithDilation.count == 3, "ResNet",
            "4 numbers of blocks and 3 choices of dilation are expected, not \(layers.count) and "
                + "\(replaceStrideWithDilation.count)")
        var stages = ResidualStages(block: block, groups: groups, widthPerGroup: widthPerGroup, norm: norm)
        bn1 = norm(64)
        layer1 = stages.next(64, layers[0])
        layer2 = stages.next(128, layers[1], stride: 2, dilate: replaceStrideWithDilation[0])
        layer3 = stages.next(256, layers[2], stride: 2, dilate: replaceStrideWithDilation[1])
        layer4 = stages.next(512, layers[3], stride: 2, dilate: replaceStrideWithDilation[2])
        fc = Linear(512 * block.expansion, classes)
        super.init()
        initializeWeights(conv: Initialize.kaimingNormalByOutputs)
        if zeroInitResidual { for case let block as any ResidualBlock in modules { block.startAsIdentity() } }
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor {
        let start = maxpool(relu(bn1(conv1(x))))
        return fc(avgpool(layer4(layer3(layer2(layer1(start))))).flatten(from: 1))
    }
}

/// Makes the stages one after another, each with the channels that the last one gives.
private struct ResidualStages {
    let block: ResNet.Block
    let groups: Int
    let widthPerGroup: Int
    let norm: NormLayer
    var inputs = 64
    var dilation = 1

    mutating func next(_ channels: Int, _ count: Int, stride: Int = 1, dilate: Bool = false) -> Sequential {
        let first = dilation
        if dilate { dilation *= stride }
        return Sequential(
            (0..<count).map { i in
                make(channels, stride: i == 0 && !dilate ? stride : 1, dilation: i == 0 ? first : dilation)
            })
    }

    private mutating func make(_ channels: Int, stride: Int, dilation: Int) -> any Layer {
        let outputs = channels * block.expansion
        defer { inputs = outputs }
        let shortcut =
            stride == 1 && inputs == outputs
            ? nil
            : Sequential([Conv2d(inputs, outputs, kernelSize: 1, stride: stride, bias: false), norm(outputs)])
        switch block {
        case .basic:
            require(
                groups == 1 && widthPerGroup == 64 && dilation == 1, "ResNet",
                "basic blocks have neither groups, nor another width, nor dilation")
            return BasicBlock(inputs, channels, stride, shortcut, norm)
        case .bottleneck:
            let width = channels * widthPerGroup / 64 * groups
            return Bottleneck(inputs, width, outputs, stride, groups, dilation, shortcut, norm)
        }
    }
}

private protocol ResidualBlock: Module {
    var last: any Layer { get }
}

extension ResidualBlock {
    /// Makes the last normalisation scale by 0.
    func startAsIdentity() {
        for parameter in last.ownParameters where parameter.name == "weight" {
            parameter.parameter.tensor = .zeros(parameter.parameter.shape)
        }
    }
}

private final class BasicBlock: Module, Layer, ResidualBlock {
    private let conv1: Conv2d
    private let bn1: any Layer
    private let conv2: Conv2d
    private let bn2: any Layer
    private let relu = ReLU()
    private let downsample: Sequential?

    init(_ inputs: Int, _ channels: Int, _ stride: Int, _ downsample: Sequential?, _ norm: NormLayer) {
        conv1 = Conv2d(inputs, channels, kernelSize: 3, stride: stride, padding: 1, bias: false)
        bn1 = norm(channels)
        conv2 = Conv2d(channels, channels, kernelSize: 3, padding: 1, bias: false)
        bn2 = norm(channels)
        self.downsample = downsample
    }

    var last: any Layer { bn2 }

    func forward(_ x: Tensor) -> Tensor {
        let y = bn2(conv2(relu(bn1(conv1(x)))))
        return relu(y + (downsample.map { $0(x) } ?? x))
    }
}

private final class Bottleneck: Module, Layer, ResidualBlock {
    private let conv1: Conv2d
    private let bn1: any Layer
    private let conv2: Conv2d
    private let bn2: any Layer
    private let conv3: Conv2d
    private let bn3: any Layer
    private let relu = ReLU()
    private let downsample: Sequential?

    init(
        _ inputs: Int, _ width: Int, _ outputs: Int, _ stride: Int, _ groups: Int, _ dilation: Int,
        _ downsample: Sequential?, _ norm: NormLayer
    ) {
        conv1 = Conv2d(inputs, width, kernelSize: 1, bias: false)
        bn1 = norm(width)
        conv2 = Conv2d(
            width, width, kernelSize: 3, stride: stride, padding: dilation, dilation: dilation, groups: groups,
            bias: false)
        bn2 = norm(width)
        conv3 = Conv2d(width, outputs, kernelSize: 1, bias: false)
        bn3 = norm(outputs)
        self.downsample = downsample
    }

    var last: any Layer { bn3 }

    func forward(_ x: Tensor) -> Tensor {
        let y = relu(bn2(conv2(relu(bn1(conv1(x))))))
        return relu(bn3(conv3(y)) + (downsample.map { $0(x) } ?? x))
    }
}
