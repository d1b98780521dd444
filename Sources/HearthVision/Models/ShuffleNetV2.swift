import HearthNN
import HearthTensor

// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `shufflenet_v2_x0_5`: 1.4 million parameters.
public let shufflenetV2X0_5 = ImageModel("shufflenet_v2_x0_5") { ShuffleNetV2([48, 96, 192, 1024], classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `shufflenet_v2_x1_0`: 2.3 million parameters.
public let shufflenetV2X1_0 = ImageModel("shufflenet_v2_x1_0") { ShuffleNetV2([116, 232, 464, 1024], classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `shufflenet_v2_x1_5`: 3.5 million parameters.
public let shufflenetV2X1_5 = ImageModel("shufflenet_v2_x1_5") { ShuffleNetV2([176, 352, 704, 1024], classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `shufflenet_v2_x2_0`: 7.4 million parameters.
public let shufflenetV2X2_0 = ImageModel("shufflenet_v2_x2_0") { ShuffleNetV2([244, 488, 976, 2048], classes: $0) }

/// Half of the channels pass each block untouched, and a shuffle mixes the halves; for images of any size.
///
/// Source: Ma, Zhang, Zheng, Sun, "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design", 2018,
/// <https://arxiv.org/abs/1807.11164>.
public final class ShuffleNetV2: Module, Layer {
    private let conv1: ConvNormActivation
    private let maxpool = MaxPool2d(3, stride: 2, padding: 1)
    /// The first stage of blocks.
    public let stage2: Sequential
    /// The second stage of blocks.
    public let stage3: Sequential
    /// The third stage of blocks.
    public let stage4: Sequential
    private let conv5: ConvNormActivation
    /// The head.
    public var fc: any Layer

    /// A network whose three stages and last convolution have these channels.
    public init(_ channels: [Int], repeats: [Int] = [4, 8, 4], classes: Int = 1000) {
        require(
            channels.count == 4 && repeats.count == 3, "ShuffleNetV2",
            "4 numbers of channels and 3 of blocks are expected, not \(channels), \(repeats)")
        conv1 = ConvNormActivation(3, 24, stride: 2)
        stage2 = Self.stage(24, channels[0], repeats[0])
        stage3 = Self.stage(channels[0], channels[1], repeats[1])
        stage4 = Self.stage(channels[1], channels[2], repeats[2])
        conv5 = ConvNormActivation(channels[2], channels[3], kernelSize: 1)
        fc = Linear(channels[3], classes)
    }

    private static func stage(_ inputs: Int, _ outputs: Int, _ count: Int) -> Sequential {
        Sequential((0..<count).map { $0 == 0 ? ShuffleBlock(inputs, outputs, 2) : ShuffleBlock(outputs, outputs, 1) })
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor {
        fc(conv5(stage4(stage3(stage2(maxpool(conv1(x)))))).mean(dims: [2, 3]))
    }
}

private final class ShuffleBlock: Module, Layer {
    /// Without layers at stride 1, where half of the channels pass untouched.
    private let branch1: Sequential
    private let branch2: Sequential
    private let stride: Int

    init(_ inputs: Int, _ outputs: Int, _ stride: Int) {
        let half = outputs / 2
        self.stride = stride
        branch1 = Sequential {
            if stride > 1 {
                Conv2d(inputs, inputs, kernelSize: 3, stride: stride, padding: 1, groups: inputs, bias: false)
                BatchNorm2d(inputs)
                Conv2d(inputs, half, kernelSize: 1, bias: false)
                BatchNorm2d(half)
                ReLU()
            }
        }
        branch2 = Sequential {
            Conv2d(stride > 1 ? inputs : half, half, kernelSize: 1, bias: false)
            BatchNorm2d(half)
            ReLU()
            Conv2d(half, half, kernelSize: 3, stride: stride, padding: 1, groups: half, bias: false)
            BatchNorm2d(half)
            Conv2d(half, half, kernelSize: 1, bias: false)
            BatchNorm2d(half)
            ReLU()
        }
    }

    func forward(_ x: Tensor) -> Tensor {
        let halves = stride == 1 ? x.chunk(2, dim: 1) : [x, x]
        return Tensor.cat([branch1(halves[0]), branch2(halves[1])], dim: 1).channelShuffle(2)
    }
}
