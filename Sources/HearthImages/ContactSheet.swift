import HearthTensor

/// Pictures of one size side by side in rows. torchvision's `make_grid`.
public struct ContactSheet: Sendable {
    private let columns: Int
    private let padding: Int
    private let fill: Double

    /// Rows of `columns` pictures, with `padding` pixels of the value `fill` between them, in the units of the pictures.
    public init(columns: Int = 8, padding: Int = 2, fill: Double = 0) {
        require(columns > 0 && padding >= 0, "ContactSheet", "\(columns) columns, padding \(padding)")
        (self.columns, self.padding, self.fill) = (columns, padding, fill)
    }

    /// The sheet `[C, …, …]` of pictures `[N, C, H, W]`, N above 0. What the last row lacks is `fill`.
    public func lay(_ images: Tensor) -> Tensor {
        require(
            images.rank == 4 && images.shape[0] > 0, "ContactSheet",
            "pictures [N, C, H, W] are expected, not \(images.spec)")
        let (count, channels) = (images.shape[0], images.shape[1])
        let (height, width) = (images.shape[2] + padding, images.shape[3] + padding)
        let perRow = min(columns, count)
        let rows = (count + perRow - 1) / perRow
        var sheet = Tensor.full(
            [channels, rows * height + padding, perRow * width + padding], fill, dtype: images.dtype,
            device: images.device)
        for index in 0..<count {
            let (top, left) = (index / perRow * height + padding, index % perRow * width + padding)
            sheet[0..., top..<(top + images.shape[2]), left..<(left + images.shape[3])] = images[index]
        }
        return sheet
    }
}
