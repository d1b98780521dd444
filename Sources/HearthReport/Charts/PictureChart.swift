import HearthTensor

/// Pictures in rows, each with words below: what a network makes of them.
///
///     PictureChart("Worst mistakes", pictures: mistakes.map { .init($0.image, ["cat", "taken for dog"]) })
public struct PictureChart: Chart {
    /// A picture and what stands below.
    public struct Captioned: Sendable {
        /// `[C, H, W]` or `[H, W]`, `uint8` or floating-point from 0 to 1.
        public let image: Tensor
        /// The words, line by line.
        public let caption: [String]

        /// A picture with words below.
        public init(_ image: Tensor, _ caption: [String]) { (self.image, self.caption) = (image, caption) }
    }

    /// Above the pictures.
    public let title: String
    /// From left to right, from top to bottom.
    public let pictures: [Captioned]
    /// How many stand in a row.
    public let columns: Int
    /// How wide each is drawn, in pixels.
    public let side: Double

    /// Rows of pictures.
    public init(_ title: String, pictures: [Captioned], columns: Int = 8, side: Double = 96) {
        guard columns > 0, side > 0 else { fatalError("PictureChart '\(title)': \(columns) columns of \(side) pixels") }
        (self.title, self.pictures, self.columns, self.side) = (title, pictures, columns, side)
    }

    /// The picture of pictures.
    public var drawing: Drawing {
        let lines = pictures.map(\.caption.count).max() ?? 0
        let (cellWidth, lineHeight) = (side + 14, 15.0)
        let heights = pictures.map { side * Double($0.image.shape[-2]) / Double(max($0.image.shape[-1], 1)) }
        let cellHeight = (heights.max() ?? 0) + lineHeight * Double(lines) + 18
        let perRow = max(min(columns, pictures.count), 1)
        let top = title.isEmpty ? 12.0 : 40
        let rows = (pictures.count + perRow - 1) / perRow
        var drawing = Drawing(
            width: max(cellWidth * Double(perRow) + 18, 160), height: top + cellHeight * Double(rows))
        drawing.write(Roboto.shortened(title, size: 16, to: drawing.width - 32), at: Point(16, 26), size: 16)
        for (index, picture) in pictures.enumerated() {
            let left = 16 + cellWidth * Double(index % perRow)
            let y = top + cellHeight * Double(index / perRow)
            drawing.lay(
                picture.image, in: Frame(left: left, top: y, right: left + side, bottom: y + heights[index]))
            for (line, words) in picture.caption.enumerated() {
                drawing.write(
                    Roboto.shortened(words, size: 12, to: cellWidth - 4),
                    at: Point(left, y + heights[index] + 14 + lineHeight * Double(line)),
                    with: Paint(line == 0 ? .text : .quiet))
            }
        }
        return drawing
    }
}
