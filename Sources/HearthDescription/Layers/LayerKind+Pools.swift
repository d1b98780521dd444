import HearthNN

extension LayerKind {
    /// What a window that slides over the input gives, and windows of which there is a fixed number.
    static let pools: [LayerKind] = [
        maxPool(1) { MaxPool1d($0, stride: $1, padding: $2, dilation: $3, ceilMode: $4) },
        maxPool(2) { MaxPool2d($0, stride: $1, padding: $2, dilation: $3, ceilMode: $4) },
        maxPool(3) { MaxPool3d($0, stride: $1, padding: $2, dilation: $3, ceilMode: $4) },
        averagePool(1) { AvgPool1d($0, stride: $1, padding: $2, ceilMode: $3, countIncludePad: $4) },
        averagePool(2) { AvgPool2d($0, stride: $1, padding: $2, ceilMode: $3, countIncludePad: $4) },
        averagePool(3) { AvgPool3d($0, stride: $1, padding: $2, ceilMode: $3, countIncludePad: $4) },
        LayerKind("AdaptiveAvgPool1d", ["output_size"]) { AdaptiveAvgPool1d(try $0.extent("output_size", 1)) },
        LayerKind("AdaptiveAvgPool2d", ["output_size"]) { AdaptiveAvgPool2d(try $0.extent("output_size", 2)) },
        LayerKind("AdaptiveAvgPool3d", ["output_size"]) { AdaptiveAvgPool3d(try $0.extent("output_size", 3)) },
        LayerKind("AdaptiveMaxPool1d", ["output_size"]) { AdaptiveMaxPool1d(try $0.extent("output_size", 1)) },
        LayerKind("AdaptiveMaxPool2d", ["output_size"]) { AdaptiveMaxPool2d(try $0.extent("output_size", 2)) },
        LayerKind("AdaptiveMaxPool3d", ["output_size"]) { AdaptiveMaxPool3d(try $0.extent("output_size", 3)) },
    ]

    private static func maxPool(
        _ rank: Int, _ make: @escaping @Sendable ([Int], [Int], [Int], [Int], Bool) -> any Layer
    ) -> LayerKind {
        LayerKind("MaxPool\(rank)d", ["kernel_size", "stride", "padding", "dilation", "ceil_mode"]) {
            let window = try PoolOptions($0, rank)
            return make(window.kernel, window.stride, window.padding, window.dilation, window.ceilMode)
        }
    }

    private static func averagePool(
        _ rank: Int, _ make: @escaping @Sendable ([Int], [Int], [Int], Bool, Bool) -> any Layer
    ) -> LayerKind {
        LayerKind("AvgPool\(rank)d", ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"]) {
            let window = try PoolOptions($0, rank)
            return make(window.kernel, window.stride, window.padding, window.ceilMode, window.countIncludePad)
        }
    }
}

/// The options of a pool over some dimensions.
private struct PoolOptions {
    let kernel, stride, padding, dilation: [Int]
    let ceilMode, countIncludePad: Bool

    init(_ options: LayerOptions, _ rank: Int) throws {
        kernel = try options.extent("kernel_size", rank)
        stride = try options.optionalExtent("stride", rank) ?? kernel
        padding = try options.extent("padding", rank, 0, in: 0...LayerOptions.largestWindow)
        dilation = try options.extent("dilation", rank, 1)
        ceilMode = try options.flag("ceil_mode", false)
        countIncludePad = try options.flag("count_include_pad", true)
    }
}
