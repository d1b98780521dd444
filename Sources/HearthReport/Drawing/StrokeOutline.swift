#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a pen of some width covers along a line, as polygons that all turn the same way round.
struct StrokeOutline {
    private let radius: Double
    private(set) var polygons: [[Point]] = []

    /// The area of a line through points, with round corners and, unless it is closed, straight ends.
    init(_ points: [Point], isClosed: Bool, width: Double, dash: [Double]) {
        radius = width / 2
        let line = isClosed ? points + points.prefix(1) : points
        if dash.isEmpty {
            add(line)
        } else {
            for piece in Self.dashes(of: line, dash) { add(piece) }
        }
    }

    /// A disc.
    static func disc(_ centre: Point, radius: Double) -> [Point] {
        let corners = max(8, Int(radius * 6))
        return (0..<corners).map { corner in
            let angle = 2 * Double.pi * Double(corner) / Double(corners)
            return centre + Point(cos(angle), sin(angle)) * radius
        }
    }

    private mutating func add(_ line: [Point]) {
        for (from, to) in zip(line, line.dropFirst()) where from != to {
            let along = (to - from) * (radius / (to - from).length)
            let side = Point(-along.y, along.x)
            polygons.append([from - side, to - side, to + side, from + side])
        }
        // Thin lines show no corners.
        guard radius > 0.6 else { return }
        for corner in line.dropFirst().dropLast() { polygons.append(Self.disc(corner, radius: radius)) }
    }

    /// The pieces of a line that dashes leave.
    private static func dashes(of line: [Point], _ dash: [Double]) -> [[Point]] {
        guard let start = line.first, dash.allSatisfy({ $0 > 0 }) else { return [line] }
        // An odd number of lengths is taken twice, as in SVG.
        let pattern = dash.count % 2 == 0 ? dash : dash + dash
        var pieces = [[start]]
        var (part, left) = (0, pattern[0])
        for (from, to) in zip(line, line.dropFirst()) {
            let length = (to - from).length
            var done = 0.0
            while length - done > left {
                done += left
                let point = from + (to - from) * (done / length)
                if part % 2 == 0 { pieces[pieces.count - 1].append(point) } else { pieces.append([point]) }
                part = (part + 1) % pattern.count
                left = pattern[part]
            }
            left -= length - done
            if part % 2 == 0 { pieces[pieces.count - 1].append(to) }
        }
        return pieces
    }
}
