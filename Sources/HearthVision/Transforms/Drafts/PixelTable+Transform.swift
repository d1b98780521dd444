import HearthTensor

extension PixelTable {
    /// What `transform` makes of each byte, found by running it on an image of all 256; nil when it is not pixelwise
    /// or does not end in `float32`.
    package init?(_ transform: any Transform, channels: Int) {
        guard transform.isPixelwise else { return nil }
        self.init([transform], channels: channels)
    }

    /// What pixelwise steps make of each byte, one after another.
    init?(_ steps: [any Transform], channels: Int) {
        guard channels > 0 else { return nil }
        let bytes = Tensor(
            (0..<channels).flatMap { _ in UInt8.min...UInt8.max }, shape: [channels, 16, 16], device: .cpu)
        // The steps draw nothing.
        let result = steps.reduce(bytes) { $1($0, random: Generator(seed: 0)) }
        guard result.dtype == .float32, result.shape == bytes.shape else { return nil }
        self.init(result.reshape([channels, 256]))
    }
}
