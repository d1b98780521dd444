import HearthNN

extension LayerKind {
    /// What a window that slides over the input gives, and windows of which there is a fixed number.
    static let pools: [LayerKind] = [
        LayerKind("MaxPool1d", maxOptions) {
            let window = try PoolOptions($0, 1)
            return MaxPool1d(
                window.kernel, stride: window.stride, padding: window.padding, dilation: window.dilation,
                ceilMode: window.ceilMode)
        },
        LayerKind("MaxPool2d", maxOptions) {
            let window = try PoolOptions($0, 2)
            return MaxPool2d(
                window.kernel, stride: window.stride, padding: window.padding, dilation: window.dilation,
                ceilMode: window.ceilMode)
        },
        LayerKind("MaxPool3d", maxOptions) {
            let window = try PoolOptions($0, 3)
            return MaxPool3d(
                window.kernel, stride: window.stride, padding: window.padding, dilation: window.dilation,
                ceilMode: window.ceilMode)
        },
        LayerKind("AvgPool1d", averageOptions) {
            let window = try PoolOptions($0, 1)
            return AvgPool1d(
                window.kernel, stride: window.stride, padding: window.padding, ceilMode: window.ceilMode,
                countIncludePad: window.countIncludePad)
        },
        LayerKind("AvgPool2d", averageOptions) {
            let window = try PoolOptions($0, 2)
            return AvgPool2d(
                window.kernel, stride: window.stride, padding: window.padding, ceilMode: window.ceilMode,
                countIncludePad: window.countIncludePad)
        },
        LayerKind("AvgPool3d", averageOptions) {
            let window = try PoolOptions($0, 3)
            return AvgPool3d(
                window.kernel, stride: window.stride, padding: window.padding, ceilMode: window.ceilMode,
                countIncludePad: window.countIncludePad)
        },
        LayerKind("AdaptiveAvgPool1d", ["output_size"]) { AdaptiveAvgPool1d(try $0.extent("output_size", 1)) },
        LayerKind("AdaptiveAvgPool2d", ["output_size"]) { AdaptiveAvgPool2d(try $0.extent("output_size", 2)) },
        LayerKind("AdaptiveAvgPool3d", ["output_size"]) { AdaptiveAvgPool3d(try $0.extent("output_size", 3)) },
        LayerKind("AdaptiveMaxPool1d", ["output_size"]) { AdaptiveMaxPool1d(try $0.extent("output_size", 1)) },
        LayerKind("AdaptiveMaxPool2d", ["output_size"]) { AdaptiveMaxPool2d(try $0.extent("output_size", 2)) },
        LayerKind("AdaptiveMaxPool3d", ["output_size"]) { AdaptiveMaxPool3d(try $0.extent("output_size", 3)) },
    ]

    private static let maxOptions = ["kernel_size", "stride", "padding", "dilation", "ceil_mode"]
    private static let averageOptions = ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"]
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
