import HearthTensor

/// A picture of lines, areas, words and images, which becomes an SVG or PNG file in the colours of any theme.
///
///     var drawing = Drawing(width: 200, height: 60)
///     drawing.fill(Path(Frame(left: 10, top: 10, right: 90, bottom: 50)), with: Paint(.series(0), opacity: 0.5))
///     drawing.write("half", at: Point(100, 35))
///     let picture = drawing.svg(theme: .dark)
///
/// What is added later lies above what was added before.
public struct Drawing: Sendable {
    /// One thing that is drawn.
    package enum Mark: Sendable {
        case area(Path, Paint)
        case line(Path, Paint, width: Double, dash: [Double])
        case dots([Point], radius: Double, Paint)
        case words(Words)
        case image(Tensor, Frame)
    }

    /// A line of text.
    package struct Words: Sendable {
        package let text: String
        package let place: Point
        package let size: Double
        package let anchor: Anchor
        package let isTurned: Bool
        let paint: Paint
    }

    /// Which part of a text is at its place.
    public enum Anchor: String, Sendable {
        /// Where the text begins.
        case start
        /// The middle of the text.
        case middle
        /// Where the text ends.
        case end
    }

    /// A place that a reader can point at, and what it stands for.
    package struct Spot: Sendable {
        let place: Point
        package let lines: [String]
    }

    /// How a reader points at spots: at the nearest, or at the nearest from left to right, whatever the height.
    enum Pointing: String, Sendable { case nearest, column }

    /// In pixels.
    public let width: Double
    /// In pixels.
    public let height: Double
    package private(set) var marks: [Mark] = []
    package private(set) var spots: [Spot] = []
    var pointing = Pointing.nearest

    /// An empty drawing.
    public init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

    /// Fills a path. Where it crosses itself it stays filled.
    public mutating func fill(_ path: Path, with paint: Paint) { marks.append(.area(path, paint)) }

    /// Draws along a path, in dashes where `dash` has their lengths and those of the gaps between.
    public mutating func stroke(_ path: Path, with paint: Paint, width: Double = 1, dash: [Double] = []) {
        guard !path.steps.isEmpty else { return }
        marks.append(.line(path, paint, width: width, dash: dash))
    }

    /// Draws round dots.
    public mutating func dot(_ points: [Point], radius: Double, with paint: Paint) {
        guard !points.isEmpty else { return }
        marks.append(.dots(points, radius: radius, paint))
    }

    /// Writes a line of text, whose letters stand on the height of `place`; a turned one is read from below.
    public mutating func write(
        _ text: String, at place: Point, size: Double = 12, anchor: Anchor = .start, isTurned: Bool = false,
        with paint: Paint = Paint(.text)
    ) {
        guard !text.isEmpty else { return }
        marks.append(
            .words(Words(text: text, place: place, size: size, anchor: anchor, isTurned: isTurned, paint: paint)))
    }

    /// Lays an image into a frame: `[C, H, W]` or `[H, W]`, `uint8` or floating-point from 0 to 1. Pixels of small images
    /// stay squares.
    public mutating func lay(_ image: Tensor, in frame: Frame) {
        marks.append(.image(image.rank == 2 ? image.unsqueeze(0) : image, frame))
    }

    /// Names what is at a place, for pages whose reader can point at it.
    mutating func name(_ place: Point, _ lines: [String]) { spots.append(Spot(place: place, lines: lines)) }
}
