import HearthTensor
import HearthImages

extension Drawing {
    /// The bytes of a PNG file, with `scale` pixels for each one of the drawing.
    public func png(theme: Theme = .light, scale: Double = 2) -> [UInt8] {
        Image.encodePNG(pixels(theme: theme, scale: scale))
    }

    /// The picture as a tensor `[3, H, W]`, uint8.
    public func pixels(theme: Theme = .light, scale: Double = 1) -> Tensor {
        var canvas = Canvas(
            width: max(Int((width * scale).rounded()), 1), height: max(Int((height * scale).rounded()), 1),
            colour: theme[.background])
        for mark in marks { mark.draw(on: &canvas, theme, scale) }
        return canvas.image
    }
}

extension Drawing.Mark {
    fileprivate func draw(on canvas: inout Canvas, _ theme: Theme, _ scale: Double) {
        switch self {
        case .area(let path, let paint):
            let polygons = path.mapped { $0 * scale }.polygons().map(\.points)
            canvas.fill(polygons, theme[paint.ink], opacity: paint.opacity)
        case .line(let path, let paint, let width, let dash):
            let outlines = path.mapped { $0 * scale }.polygons().map { points, isClosed in
                StrokeOutline(points, isClosed: isClosed, width: width * scale, dash: dash.map { $0 * scale }).polygons
            }
            canvas.fill(Array(outlines.joined()), theme[paint.ink], opacity: paint.opacity)
        case .dots(let points, let radius, let paint):
            let discs = points.map { StrokeOutline.disc($0 * scale, radius: radius * scale) }
            canvas.fill(discs, theme[paint.ink], opacity: paint.opacity)
        case .words(let words):
            canvas.fill(
                words.outline.mapped { $0 * scale }.polygons(length: 1).map(\.points), theme[words.paint.ink],
                opacity: words.paint.opacity)
        case .image(let image, let frame):
            canvas.lay(
                image,
                in: Frame(
                    left: frame.left * scale, top: frame.top * scale, right: frame.right * scale,
                    bottom: frame.bottom * scale))
        }
    }
}

extension Drawing.Words {
    /// The letters where they stand.
    fileprivate var outline: Path {
        let width = Roboto.width(of: text, size: size)
        let shift = anchor == .start ? 0 : anchor == .middle ? -width / 2 : -width
        return Roboto.outline(of: text, size: size).mapped { point in
            let moved = Point(point.x + shift, point.y)
            return place + (isTurned ? Point(moved.y, -moved.x) : moved)
        }
    }
}
