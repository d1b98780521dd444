import HearthTensor

extension Draft {
    /// A border of one value, or of the image itself, after what its negative sides take away.
    mutating func pad(_ border: Border, fill: [Double], _ mode: PaddingStyle) {
        let (added, removed) = (border.added, border.removed)
        if !removed.isEmpty {
            let (height, width) = (height - removed.top - removed.bottom, width - removed.left - removed.right)
            require(height > 0 && width > 0, "Pad", "\(border) leaves nothing of \(self.height) × \(self.width) pixels")
            crop(top: removed.top, left: removed.left, height: height, width: width)
        }
        if added.isEmpty { return }
        guard mode != .constant else { return pad(added, fill: fill) }
        let rows = (-added.top..<(height + added.bottom)).map { mode.place($0, in: height) }
        let columns = (-added.left..<(width + added.right)).map { mode.place($0, in: width) }
        pixels = pixels.indexSelect(-2, Tensor(rows)).indexSelect(-1, Tensor(columns))
    }
}
