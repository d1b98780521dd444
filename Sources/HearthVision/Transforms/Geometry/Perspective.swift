import HearthTensor

/// The image as if it were seen at an angle, with a probability: its corners move inwards by chance. torchvision's
/// `RandomPerspective`.
public struct RandomPerspective: DraftTransform {
    private let distortion: Double
    private let probability: Double
    private let interpolation: Interpolation
    private let fill: [Double]

    /// - Parameters:
    ///   - distortionScale: How far corners move at most, as a share of half the size.
    ///   - probability: How often the image is changed at all.
    ///   - interpolation: Nearest or bilinear.
    ///   - fill: What stands where the image does not reach, one value or one for each channel.
    public init(
        distortionScale: Double = 0.5, probability: Double = 0.5, interpolation: Interpolation = .bilinear,
        fill: [Double] = [0]
    ) {
        require(
            (0...1).contains(distortionScale), "RandomPerspective", "the distortion \(distortionScale) is not in 0...1")
        distortion = distortionScale
        self.probability = checkedProbability(probability, "RandomPerspective")
        self.interpolation = checkedBending(interpolation, "RandomPerspective")
        self.fill = fill
    }

    func edit(_ draft: inout Draft, random: Generator) {
        guard random.happens(probability) else { return }
        let corners = corners(height: draft.height, width: draft.width, random)
        draft.changePerspective(to: corners, by: interpolation, fill: fill)
    }

    /// Where the corners move, from the top left clockwise.
    package func corners(height: Int, width: Int, _ random: Generator) -> [Point] {
        let down = Int(distortion * Double(height / 2)) + 1
        let across = Int(distortion * Double(width / 2)) + 1
        func corner(right: Bool, bottom: Bool) -> Point {
            let x = right ? random.next(in: (width - across)..<width) : random.next(in: 0..<across)
            let y = bottom ? random.next(in: (height - down)..<height) : random.next(in: 0..<down)
            return Point(x: Double(x), y: Double(y))
        }
        return [
            corner(right: false, bottom: false), corner(right: true, bottom: false),
            corner(right: true, bottom: true), corner(right: false, bottom: true),
        ]
    }
}

/// A place in an image, in pixels.
package struct Point: Hashable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

    /// True when three of four points are on one line.
    static func hasLine(_ points: [Point]) -> Bool {
        points.indices.contains { missing in
            let rest = points.indices.filter { $0 != missing }.map { points[$0] }
            let (a, b, c) = (rest[0], rest[1], rest[2])
            return (b.x - a.x) * (c.y - a.y) == (b.y - a.y) * (c.x - a.x)
        }
    }
}

extension Draft {
    /// Moves the corners (top left, then clockwise) to these places.
    package mutating func changePerspective(to corners: [Point], by interpolation: Interpolation, fill: [Double]) {
        // There is no such transform where three corners lie on one line, which random corners and images of one row
        // may do.
        guard width > 1, height > 1, !Point.hasLine(corners) else { return }
        let (right, bottom) = (Double(width - 1), Double(height - 1))
        let origins = [Point(x: 0, y: 0), Point(x: right, y: 0), Point(x: right, y: bottom), Point(x: 0, y: bottom)]
        let c = Self.coefficients(from: corners, to: origins)
        // torchvision takes the coefficients at the middles of pixels and gives up half a pixel afterwards: with
        // homogeneous coordinates, half the last row is taken from the others.
        let (w, shift) = ((c[6], c[7], 1 + (c[6] + c[7]) / 2), 0.5)
        let matrix = [
            c[0] - shift * w.0, c[1] - shift * w.1, c[2] + (c[0] + c[1]) / 2 - shift * w.2,
            c[3] - shift * w.0, c[4] - shift * w.1, c[5] + (c[3] + c[4]) / 2 - shift * w.2, w.0, w.1, w.2,
        ]
        warp(.matrix(matrix), by: interpolation, fill: fill)
    }

    /// The eight coefficients of the perspective that takes four places to four others.
    private static func coefficients(from: [Point], to: [Point]) -> [Double] {
        var rows: [Double] = []
        var values: [Double] = []
        for (p, q) in zip(from, to) {
            rows += [p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y]
            rows += [0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y]
            values += [q.x, q.y]
        }
        return noGrad {
            Tensor(rows, shape: [8, 8], device: .cpu).solve(Tensor(values, shape: [8, 1], device: .cpu)).array(
                of: Double.self)
        }
    }
}
