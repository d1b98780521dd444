import HearthTensor

/// Pictures of one size in rows, as one picture `[3, …, …]` (or of as many channels as they have, more than one).
/// torchvision's `make_grid`.
///
///     try saveImage(makeGrid(generator(noise), nrow: 4, normalize: true), to: "samples.png")
///
/// One picture alone is given back without a border.
///
/// - Parameters:
///   - images: `[N, C, H, W]`, `[C, H, W]` or `[H, W]`. Grey ones become three equal channels.
///   - nrow: The pictures of a row.
///   - padding: The pixels between pictures.
///   - normalize: Whether values are moved and scaled to 0 … 1.
///   - valueRange: What is 0 and 1 after that, by default the least and the largest value.
///   - scaleEach: Whether each picture has a range of its own.
///   - padValue: The value between pictures.
public func makeGrid(
    _ images: Tensor, nrow: Int = 8, padding: Int = 2, normalize: Bool = false, valueRange: ClosedRange<Double>? = nil,
    scaleEach: Bool = false, padValue: Double = 0
) -> Tensor {
    guard (2...4).contains(images.rank), images.count > 0, nrow > 0 else {
        return stop(
            "make_grid", [images.spec],
            "pictures [N, C, H, W], [C, H, W] or [H, W] are expected, and rows of one or more", fallback: images)
    }
    var pictures = images.detach()
    while pictures.rank < 4 { pictures = pictures.unsqueeze(0) }
    if pictures.shape[1] == 1 { pictures = Tensor.cat([pictures, pictures, pictures], dim: 1) }
    if normalize {
        let parts = scaleEach ? (0..<pictures.shape[0]).map { pictures[$0] } : [pictures]
        let scaled = parts.map { scaledToUnit($0, valueRange) }
        pictures = scaleEach ? Tensor.stack(scaled) : scaled[0]
    }
    if pictures.shape[0] == 1 { return pictures[0] }
    return ContactSheet(columns: nrow, padding: padding, fill: padValue).lay(pictures)
}

/// Pictures of one size in rows. See `makeGrid` of a tensor.
public func makeGrid(
    _ images: [Tensor], nrow: Int = 8, padding: Int = 2, normalize: Bool = false,
    valueRange: ClosedRange<Double>? = nil, scaleEach: Bool = false, padValue: Double = 0
) -> Tensor {
    makeGrid(
        Tensor.stack(images), nrow: nrow, padding: padding, normalize: normalize, valueRange: valueRange,
        scaleEach: scaleEach, padValue: padValue)
}

/// Writes a picture `[C, H, W]` or `[H, W]`, or pictures `[N, C, H, W]` as a grid, in the format that the name ends in.
/// Values are from 0 to 1, or bytes. torchvision's `save_image`; throws as `Image.write` does.
public func saveImage(_ image: Tensor, to path: String, nrow: Int = 8, padding: Int = 2) throws {
    try Image.write(image.rank == 4 ? makeGrid(image, nrow: nrow, padding: padding) : image, to: path)
}

private func scaledToUnit(_ x: Tensor, _ range: ClosedRange<Double>?) -> Tensor {
    noGrad {
        let low = range?.lowerBound ?? x.min().item()
        let high = range?.upperBound ?? x.max().item()
        return (x.clamp(min: low, max: high) - low) / max(high - low, 1e-5)
    }
}
