import HearthNN

/// torchvision's `efficientnet_b0`: 5.3 million parameters.
public let efficientnetB0 = ImageModel("efficientnet_b0") { EfficientNet.b(1.0, 1.0, dropout: 0.2, $0) }
/// torchvision's `efficientnet_b1`: 7.8 million parameters.
public let efficientnetB1 = ImageModel("efficientnet_b1") { EfficientNet.b(1.0, 1.1, dropout: 0.2, $0) }
/// torchvision's `efficientnet_b2`: 9.1 million parameters.
public let efficientnetB2 = ImageModel("efficientnet_b2") { EfficientNet.b(1.1, 1.2, dropout: 0.3, $0) }
/// torchvision's `efficientnet_b3`: 12.2 million parameters.
public let efficientnetB3 = ImageModel("efficientnet_b3") { EfficientNet.b(1.2, 1.4, dropout: 0.3, $0) }
/// torchvision's `efficientnet_b4`: 19.3 million parameters.
public let efficientnetB4 = ImageModel("efficientnet_b4") { EfficientNet.b(1.4, 1.8, dropout: 0.4, $0) }
/// torchvision's `efficientnet_b5`: 30.4 million parameters.
public let efficientnetB5 = ImageModel("efficientnet_b5") {
    EfficientNet.b(1.6, 2.2, dropout: 0.4, $0) { BatchNorm2d($0, epsilon: 1e-3, momentum: 0.01) }
}
/// torchvision's `efficientnet_b6`: 43.0 million parameters.
public let efficientnetB6 = ImageModel("efficientnet_b6") {
    EfficientNet.b(1.8, 2.6, dropout: 0.5, $0) { BatchNorm2d($0, epsilon: 1e-3, momentum: 0.01) }
}
/// torchvision's `efficientnet_b7`: 66.3 million parameters.
public let efficientnetB7 = ImageModel("efficientnet_b7") {
    EfficientNet.b(2.0, 3.1, dropout: 0.5, $0) { BatchNorm2d($0, epsilon: 1e-3, momentum: 0.01) }
}
/// torchvision's `efficientnet_v2_s`: 21.5 million parameters.
public let efficientnetV2S = ImageModel("efficientnet_v2_s") { EfficientNet.v2(.small, dropout: 0.2, $0) }
/// torchvision's `efficientnet_v2_m`: 54.1 million parameters.
public let efficientnetV2M = ImageModel("efficientnet_v2_m") { EfficientNet.v2(.medium, dropout: 0.3, $0) }
/// torchvision's `efficientnet_v2_l`: 118.5 million parameters.
public let efficientnetV2L = ImageModel("efficientnet_v2_l") { EfficientNet.v2(.large, dropout: 0.4, $0) }

extension EfficientNet {
    /// B0 to B7: the first paper's table 1, scaled.
    fileprivate static func b(
        _ width: Double, _ depth: Double, dropout: Double, _ classes: Int,
        norm: @escaping NormLayer = { BatchNorm2d($0) }
    ) -> EfficientNet {
        EfficientNet(
            baseline.map { $0.scaled(width: width, depth: depth) }, classes: classes, dropout: dropout, norm: norm)
    }

    /// The second paper's table 4, and its larger versions.
    fileprivate static func v2(_ size: Size, dropout: Double, _ classes: Int) -> EfficientNet {
        EfficientNet(size.stages, classes: classes, dropout: dropout, last: 1280) { BatchNorm2d($0, epsilon: 1e-3) }
    }

    private static let baseline = [
        Stage(.mbConv, expansion: 1, kernel: 3, stride: 1, 32, 16, count: 1),
        Stage(.mbConv, expansion: 6, kernel: 3, stride: 2, 16, 24, count: 2),
        Stage(.mbConv, expansion: 6, kernel: 5, stride: 2, 24, 40, count: 2),
        Stage(.mbConv, expansion: 6, kernel: 3, stride: 2, 40, 80, count: 3),
        Stage(.mbConv, expansion: 6, kernel: 5, stride: 1, 80, 112, count: 3),
        Stage(.mbConv, expansion: 6, kernel: 5, stride: 2, 112, 192, count: 4),
        Stage(.mbConv, expansion: 6, kernel: 3, stride: 1, 192, 320, count: 1),
    ]

    fileprivate enum Size {
        case small, medium, large

        var stages: [Stage] {
            switch self {
            case .small:
                [
                    Stage(.fused, expansion: 1, kernel: 3, stride: 1, 24, 24, count: 2),
                    Stage(.fused, expansion: 4, kernel: 3, stride: 2, 24, 48, count: 4),
                    Stage(.fused, expansion: 4, kernel: 3, stride: 2, 48, 64, count: 4),
                    Stage(.mbConv, expansion: 4, kernel: 3, stride: 2, 64, 128, count: 6),
                    Stage(.mbConv, expansion: 6, kernel: 3, stride: 1, 128, 160, count: 9),
                    Stage(.mbConv, expansion: 6, kernel: 3, stride: 2, 160, 256, count: 15),
                ]
            case .medium:
                [
                    Stage(.fused, expansion: 1, kernel: 3, stride: 1, 24, 24, count: 3),
                    Stage(.fused, expansion: 4, kernel: 3, stride: 2, 24, 48, count: 5),
                    Stage(.fused, expansion: 4, kernel: 3, stride: 2, 48, 80, count: 5),
                    Stage(.mbConv, expansion: 4, kernel: 3, stride: 2, 80, 160, count: 7),
                    Stage(.mbConv, expansion: 6, kernel: 3, stride: 1, 160, 176, count: 14),
                    Stage(.mbConv, expansion: 6, kernel: 3, stride: 2, 176, 304, count: 18),
                    Stage(.mbConv, expansion: 6, kernel: 3, stride: 1, 304, 512, count: 5),
                ]
            case .large:
                [
                    Stage(.fused, expansion: 1, kernel: 3, stride: 1, 32, 32, count: 4),
                    Stage(.fused, expansion: 4, kernel: 3, stride: 2, 32, 64, count: 7),
                    Stage(.fused, expansion: 4, kernel: 3, stride: 2, 64, 96, count: 7),
                    Stage(.mbConv, expansion: 4, kernel: 3, stride: 2, 96, 192, count: 10),
                    Stage(.mbConv, expansion: 6, kernel: 3, stride: 1, 192, 224, count: 19),
                    Stage(.mbConv, expansion: 6, kernel: 3, stride: 2, 224, 384, count: 25),
                    Stage(.mbConv, expansion: 6, kernel: 3, stride: 1, 384, 640, count: 7),
                ]
            }
        }
    }
}
