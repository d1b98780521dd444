import HearthNN
import HearthTensor

extension LayerKind {
    /// Layers that only lay elements out another way.
    static let shapes: [LayerKind] = [
        LayerKind("Identity") { _ in Identity() },
        LayerKind("Flatten", ["start_dim", "end_dim"]) {
            Flatten(from: try $0.int("start_dim", 1, in: -8...8), to: try $0.int("end_dim", -1, in: -8...8))
        },
        LayerKind("Unflatten", ["dim", "unflattened_size"]) {
            Unflatten(dim: try $0.int("dim", in: -8...8), Shape(try $0.ints("unflattened_size")))
        },
        LayerKind("PixelShuffle", ["upscale_factor"]) { PixelShuffle(try $0.int("upscale_factor", in: 1...1000)) },
        LayerKind("PixelUnshuffle", ["downscale_factor"]) {
            PixelUnshuffle(try $0.int("downscale_factor", in: 1...1000))
        },
        LayerKind("ChannelShuffle", ["groups"]) { ChannelShuffle(try $0.int("groups")) },
        LayerKind("Upsample", ["scale_factor", "mode", "align_corners"]) {
            Upsample(
                scale: try $0.number("scale_factor", in: 0.001...1000),
                mode: try $0.choice(
                    "mode",
                    [
                        "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear, "bilinear": .linear,
                        "trilinear": .linear, "bicubic": .cubic, "area": .area,
                    ]), alignCorners: try $0.flag("align_corners", false))
        },
    ]
}
