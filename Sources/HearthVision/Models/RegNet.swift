import HearthNN
import HearthTensor

/// torchvision's `regnet_y_400mf`: 4.3 million parameters.
public let regnetY400MF = ImageModel("regnet_y_400mf") { RegNet(.y(16, 48, 27.89, 2.09, 8), classes: $0) }
/// torchvision's `regnet_y_800mf`: 6.4 million parameters.
public let regnetY800MF = ImageModel("regnet_y_800mf") { RegNet(.y(14, 56, 38.84, 2.4, 16), classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `regnet_y_1_6gf`: 11.2 million parameters.
public let regnetY1_6GF = ImageModel("regnet_y_1_6gf") { RegNet(.y(27, 48, 20.71, 2.65, 24), classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `regnet_y_3_2gf`: 19.4 million parameters.
public let regnetY3_2GF = ImageModel("regnet_y_3_2gf") { RegNet(.y(21, 80, 42.63, 2.66, 24), classes: $0) }
/// torchvision's `regnet_y_8gf`: 39.4 million parameters.
public let regnetY8GF = ImageModel("regnet_y_8gf") { RegNet(.y(17, 192, 76.82, 2.19, 56), classes: $0) }
/// torchvision's `regnet_y_16gf`: 83.6 million parameters.
public let regnetY16GF = ImageModel("regnet_y_16gf") { RegNet(.y(18, 200, 106.23, 2.48, 112), classes: $0) }
/// torchvision's `regnet_y_32gf`: 145.0 million parameters.
public let regnetY32GF = ImageModel("regnet_y_32gf") { RegNet(.y(20, 232, 115.89, 2.53, 232), classes: $0) }
/// torchvision's `regnet_y_128gf`: 644.8 million parameters.
public let regnetY128GF = ImageModel("regnet_y_128gf") { RegNet(.y(27, 456, 160.83, 2.52, 264), classes: $0) }
/// torchvision's `regnet_x_400mf`: 5.5 million parameters.
public let regnetX400MF = ImageModel("regnet_x_400mf") { RegNet(.x(22, 24, 24.48, 2.54, 16), classes: $0) }
/// torchvision's `regnet_x_800mf`: 7.3 million parameters.
public let regnetX800MF = ImageModel("regnet_x_800mf") { RegNet(.x(16, 56, 35.73, 2.28, 16), classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `regnet_x_1_6gf`: 9.2 million parameters.
public let regnetX1_6GF = ImageModel("regnet_x_1_6gf") { RegNet(.x(18, 80, 34.01, 2.25, 24), classes: $0) }
// swift-format-ignore: AlwaysUseLowerCamelCase
/// torchvision's `regnet_x_3_2gf`: 15.3 million parameters.
public let regnetX3_2GF = ImageModel("regnet_x_3_2gf") { RegNet(.x(25, 88, 26.31, 2.25, 48), classes: $0) }
/// torchvision's `regnet_x_8gf`: 39.6 million parameters.
public let regnetX8GF = ImageModel("regnet_x_8gf") { RegNet(.x(23, 80, 49.56, 2.88, 120), classes: $0) }
/// torchvision's `regnet_x_16gf`: 54.3 million parameters.
public let regnetX16GF = ImageModel("regnet_x_16gf") { RegNet(.x(22, 216, 55.59, 2.1, 128), classes: $0) }
/// torchvision's `regnet_x_32gf`: 107.8 million parameters.
public let regnetX32GF = ImageModel("regnet_x_32gf") { RegNet(.x(23, 320, 69.86, 2.0, 168), classes: $0) }

/// Residual bottlenecks whose widths follow a line, rounded to a few steps; for images of any size.
///
/// Source: Radosavovic et al., "Designing Network Design Spaces", 2020, <https://arxiv.org/abs/2003.13678>.
public final class RegNet: Module, Layer {
    /// The numbers that say how wide and deep a network is.
    public struct Configuration: Sendable {
        let depth: Int
        let initialWidth: Int
        let slope: Double
        let factor: Double
        let groupWidth: Int
        let squeeze: Double?

        /// A network of `depth` blocks.
        /// - Parameters:
        ///   - initialWidth: The width at the start of the line; the paper's `w0`.
        ///   - slope: By how much each block is wider; the paper's `wa`.
        ///   - factor: By how much each step is wider than the one before; the paper's `wm`.
        ///   - groupWidth: The channels of a group of the convolutions of 3 × 3.
        ///   - squeeze: The part of a block's channels that squeeze and excitation keeps; nil for none.
        public init(
            depth: Int, initialWidth: Int, slope: Double, factor: Double, groupWidth: Int, squeeze: Double? = nil
        ) {
            self.depth = depth
            self.initialWidth = initialWidth
            self.slope = slope
            self.factor = factor
            self.groupWidth = groupWidth
            self.squeeze = squeeze
        }

        /// A network of the paper's kind X.
        fileprivate static func x(_ depth: Int, _ w0: Int, _ wa: Double, _ wm: Double, _ group: Int) -> Configuration {
            Configuration(depth: depth, initialWidth: w0, slope: wa, factor: wm, groupWidth: group)
        }

        /// A network of the paper's kind Y, with squeeze and excitation.
        fileprivate static func y(_ depth: Int, _ w0: Int, _ wa: Double, _ wm: Double, _ group: Int) -> Configuration {
            Configuration(depth: depth, initialWidth: w0, slope: wa, factor: wm, groupWidth: group, squeeze: 0.25)
        }

        /// The width and the number of blocks of each stage.
        fileprivate var stages: [(width: Int, groupWidth: Int, count: Int)] {
            let line = Tensor.arange(depth, dtype: .float32) * slope + initialWidth
            let steps = ((line / initialWidth).log() / Tensor.full([], factor, dtype: .float64).log().item()).round()
            let widths = (Tensor.pow(factor, steps) * initialWidth / 8).round().to(.int64).array(of: Int.self)
            var stages: [(width: Int, groupWidth: Int, count: Int)] = []
            var last: Int?
            for width in widths.map({ $0 * 8 }) {
                if width == last {
                    stages[stages.count - 1].count += 1
                } else {
                    let group = min(groupWidth, width)
                    stages.append((roundedChannels(Double(width), to: group), group, 1))
                }
                last = width
            }
            return stages
        }
    }

    private let stem: ConvNormActivation
    /// The stages: `block1` to `block4`.
    public let trunkOutput = Sequential([])
    private let avgpool = AdaptiveAvgPool2d(1)
    /// The head.
    public var fc: any Layer

    /// A network of this width and depth.
    public init(_ configuration: Configuration, classes: Int = 1000, stemWidth: Int = 32) {
        stem = ConvNormActivation(3, stemWidth, stride: 2)
        var inputs = stemWidth
        for (number, stage) in configuration.stages.enumerated() {
            let blocks = Sequential([])
            for i in 0..<stage.count {
                let block = RegNetBlock(
                    inputs, stage.width, stride: i == 0 ? 2 : 1, groupWidth: stage.groupWidth,
                    squeeze: configuration.squeeze)
                blocks.append(block, named: "block\(number + 1)-\(i)")
                inputs = stage.width
            }
            trunkOutput.append(blocks, named: "block\(number + 1)")
        }
        fc = Linear(inputs, classes)
        super.init()
        initializeWeights(conv: Initialize.kaimingNormalByOutputs, convBias: nil, linear: Initialize.narrowNormal)
    }

    /// The logits `[N, classes]` of images `[N, 3, H, W]`.
    public func forward(_ x: Tensor) -> Tensor { fc(avgpool(trunkOutput(stem(x))).flatten(from: 1)) }
}

private final class RegNetBlock: Module, Layer {
    private let proj: ConvNormActivation?
    private let f: Sequential
    private let activation = ReLU()

    init(_ inputs: Int, _ outputs: Int, stride: Int, groupWidth: Int, squeeze: Double?) {
        proj =
            inputs == outputs && stride == 1
            ? nil : ConvNormActivation(inputs, outputs, kernelSize: 1, stride: stride, activation: nil)
        f = Sequential([
            "a": ConvNormActivation(inputs, outputs, kernelSize: 1),
            "b": ConvNormActivation(outputs, outputs, stride: stride, groups: outputs / groupWidth),
        ])
        if let squeeze {
            let squeezed = Int((squeeze * Double(inputs)).rounded(.toNearestOrEven))
            f.append(SqueezeExcitation(outputs, squeezed), named: "se")
        }
        f.append(ConvNormActivation(outputs, outputs, kernelSize: 1, activation: nil), named: "c")
    }

    func forward(_ x: Tensor) -> Tensor { activation((proj.map { $0(x) } ?? x) + f(x)) }
}
