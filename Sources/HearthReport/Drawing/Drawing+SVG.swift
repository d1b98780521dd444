import HearthFormats
import HearthTensor
import HearthImages

extension Drawing {
    /// The text of an SVG file.
    public func svg(theme: Theme = .light) -> String { svg { theme[$0].hex } }

    /// The text with whatever `colour` calls an ink, so that a page may have a say in it.
    func svg(_ colour: (Ink) -> String) -> String {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(width)) \(n(height))" \
        width="\(n(width))" height="\(n(height))" role="img" font-family="Roboto, Helvetica, Arial, sans-serif">
        <rect width="100%" height="100%" fill="\(colour(.background))"/>
        \(marks.map { element($0, colour) }.joined(separator: "\n"))
        </svg>

        """
    }

    private func element(_ mark: Mark, _ colour: (Ink) -> String) -> String {
        switch mark {
        case .area(let path, let paint): return #"<path d="\#(data(path))"\#(filled(paint, colour))/>"#
        case .line(let path, let paint, let width, let dash):
            let dashes = dash.isEmpty ? "" : #" stroke-dasharray="\#(dash.map(n).joined(separator: " "))""#
            return
                #"<path d="\#(data(path))" fill="none" stroke-width="\#(n(width))" stroke-linejoin="round"\#(dashes)"#
                + stroked(paint, colour) + "/>"
        case .dots(let points, let radius, let paint):
            // Lines of no length with round ends, so that a thousand dots are one element.
            let places = points.map { "M\(n($0.x)) \(n($0.y))h0" }.joined()
            return #"<path d="\#(places)" fill="none" stroke-width="\#(n(radius * 2))" stroke-linecap="round""#
                + stroked(paint, colour) + "/>"
        case .words(let words): return element(words, colour)
        case .image(let image, let frame):
            return #"<image x="\#(n(frame.left))" y="\#(n(frame.top))" width="\#(n(frame.width))""#
                + #" height="\#(n(frame.height))" preserveAspectRatio="none" style="image-rendering:pixelated""#
                + #" href="data:image/png;base64,\#(Base64.encode(Image.encodePNG(image)))"/>"#
        }
    }

    private func element(_ words: Words, _ colour: (Ink) -> String) -> String {
        let (x, y) = (n(words.place.x), n(words.place.y))
        let turn = words.isTurned ? #" transform="rotate(-90 \#(x) \#(y))""# : ""
        let anchor = words.anchor == .start ? "" : #" text-anchor="\#(words.anchor.rawValue)""#
        return #"<text x="\#(x)" y="\#(y)" font-size="\#(n(words.size))"\#(anchor)\#(turn)"#
            + "\(filled(words.paint, colour))>\(Markup.escaped(words.text))</text>"
    }

    private func filled(_ paint: Paint, _ colour: (Ink) -> String) -> String {
        #" fill="\#(colour(paint.ink))""# + (paint.opacity < 1 ? #" fill-opacity="\#(share(paint.opacity))""# : "")
    }

    private func stroked(_ paint: Paint, _ colour: (Ink) -> String) -> String {
        #" stroke="\#(colour(paint.ink))""# + (paint.opacity < 1 ? #" stroke-opacity="\#(share(paint.opacity))""# : "")
    }

    private func data(_ path: Path) -> String {
        path.steps.map { step in
            switch step {
            case .move(let point): "M\(n(point.x)) \(n(point.y))"
            case .line(let point): "L\(n(point.x)) \(n(point.y))"
            case .curve(let control, let point): "Q\(n(control.x)) \(n(control.y)) \(n(point.x)) \(n(point.y))"
            case .close: "Z"
            }
        }.joined()
    }

    /// A tenth of a pixel is as exact as anyone sees.
    private func n(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
    }

    private func share(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
