#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A place in a drawing, in pixels to the right of and below its upper left corner.
public struct Point: Sendable, Hashable {
    /// To the right.
    public var x: Double
    /// Downwards.
    public var y: Double

    /// A place.
    public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

    static func + (a: Point, b: Point) -> Point { Point(a.x + b.x, a.y + b.y) }
    static func - (a: Point, b: Point) -> Point { Point(a.x - b.x, a.y - b.y) }
    static func * (a: Point, b: Double) -> Point { Point(a.x * b, a.y * b) }
    /// How far it is from the corner.
    var length: Double { hypot(x, y) }
}

/// A part of a drawing.
public struct Frame: Sendable, Hashable {
    /// The sides.
    public let left, top, right, bottom: Double

    /// What lies between four sides.
    public init(left: Double, top: Double, right: Double, bottom: Double) {
        (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
    }

    /// From side to side.
    public var width: Double { right - left }
    /// From top to bottom.
    public var height: Double { bottom - top }
}

/// Lines and curves, open or closed.
public struct Path: Sendable, Hashable {
    /// One part of a path.
    public enum Step: Sendable, Hashable {
        /// Begins anew at a point.
        case move(Point)
        /// A straight line.
        case line(Point)
        /// A quadratic curve, bent towards the first point, to the second.
        case curve(Point, Point)
        /// A straight line to where the last `move` was.
        case close
    }

    /// The parts in order.
    public private(set) var steps: [Step]

    /// A path of these steps.
    public init(_ steps: [Step] = []) { self.steps = steps }

    /// A line through points.
    public init(through points: [Point], isClosed: Bool = false) {
        steps = points.enumerated().map { $0.offset == 0 ? .move($0.element) : .line($0.element) }
        if isClosed { steps.append(.close) }
    }

    /// A rectangle.
    public init(_ frame: Frame) {
        self.init(
            through: [
                Point(frame.left, frame.top), Point(frame.right, frame.top), Point(frame.right, frame.bottom),
                Point(frame.left, frame.bottom),
            ], isClosed: true)
    }

    /// Adds a step.
    public mutating func append(_ step: Step) { steps.append(step) }

    /// The path with every point changed.
    func mapped(_ change: (Point) -> Point) -> Path {
        Path(
            steps.map { step in
                switch step {
                case .move(let point): .move(change(point))
                case .line(let point): .line(change(point))
                case .curve(let control, let point): .curve(change(control), change(point))
                case .close: .close
                }
            })
    }

    /// The corners of each part, curves as lines of about `length` pixels.
    func polygons(length: Double = 1.5) -> [(points: [Point], isClosed: Bool)] {
        var parts: [(points: [Point], isClosed: Bool)] = []
        for step in steps {
            switch step {
            case .move(let point): parts.append(([point], false))
            case .line(let point): parts[parts.count - 1].points.append(point)
            case .curve(let control, let end):
                let start = parts[parts.count - 1].points.last!
                let pieces = max(2, Int(((control - start).length + (end - control).length) / length))
                for piece in 1...pieces {
                    let t = Double(piece) / Double(pieces)
                    parts[parts.count - 1].points.append(
                        start * ((1 - t) * (1 - t)) + control * (2 * t * (1 - t)) + end * (t * t))
                }
            case .close: parts[parts.count - 1].isClosed = true
            }
        }
        return parts
    }
}
