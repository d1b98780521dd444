import HearthTensor

/// An image turned, moved, scaled and sheared: what `RandomAffine`, `RandomRotation` and the learned policies share.
/// torchvision's `affine` and `rotate`.
package struct Affine {
    /// Degrees, clockwise.
    var angle: Double
    /// Pixels to the right and down.
    var translation: (x: Double, y: Double)
    var scale: Double
    /// Degrees.
    var shear: (x: Double, y: Double)
    /// What stays in its place, in pixels from the top left; the middle of the image when nil.
    var center: (x: Double, y: Double)?

    package init(
        angle: Double = 0, translation: (x: Double, y: Double) = (0, 0), scale: Double = 1,
        shear: (x: Double, y: Double) = (0, 0), center: (x: Double, y: Double)? = nil
    ) {
        self.angle = angle
        self.translation = translation
        self.scale = scale
        self.shear = shear
        self.center = center
    }

    /// The matrix from places of the result to places of the source, both from the middle of the image: the inverse of
    /// moving, turning, scaling and shearing about the centre.
    private func inverse(height: Int, width: Int) -> [Double] {
        let centre = center.map { (x: $0.x - Double(width) / 2, y: $0.y - Double(height) / 2) } ?? (x: 0, y: 0)
        let (turn, leanX, leanY) = (angle.radians, shear.x.radians, shear.y.radians)
        let a = (turn - leanY).cosine / leanY.cosine
        let b = -(turn - leanY).cosine * leanX.tangent / leanY.cosine - turn.sine
        let c = (turn - leanY).sine / leanY.cosine
        let d = -(turn - leanY).sine * leanX.tangent / leanY.cosine + turn.cosine
        var matrix = [d, -b, 0, -c, a, 0].map { $0 / scale }
        let (x, y) = (-centre.x - translation.x, -centre.y - translation.y)
        matrix[2] = matrix[0] * x + matrix[1] * y + centre.x
        matrix[5] = matrix[3] * x + matrix[4] * y + centre.y
        return matrix
    }

    /// Bends an image; with `expand` it becomes as large as is needed to lose no corner.
    package func apply(
        to draft: inout Draft, by interpolation: Interpolation, fill: [Double]?, expand: Bool = false
    ) {
        let (height, width) = (draft.height, draft.width)
        let m = inverse(height: height, width: width)
        let (newHeight, newWidth) = expand ? Self.size(of: m, height, width) : (height, width)
        // Coordinates are measured from the centre of the first pixel.
        let (x, y) = (0.5 - Double(newWidth) / 2, 0.5 - Double(newHeight) / 2)
        let matrix = [
            m[0], m[1], m[0] * x + m[1] * y + m[2] + Double(width) / 2 - 0.5,
            m[3], m[4], m[3] * x + m[4] * y + m[5] + Double(height) / 2 - 0.5, 0, 0, 1,
        ]
        draft.warp(.matrix(matrix), height: newHeight, width: newWidth, by: interpolation, fill: fill)
    }

    /// The size that holds all corners.
    private static func size(of m: [Double], _ height: Int, _ width: Int) -> (height: Int, width: Int) {
        let (h, w) = (Double(height) / 2, Double(width) / 2)
        let corners = [(-w, -h), (-w, h), (w, h), (w, -h)].map { x, y in
            (x: m[0] * x + m[1] * y + m[2] + w, y: m[3] * x + m[4] * y + m[5] + h)
        }
        // Subtracted so that rounding errors do not add a row.
        func extent(_ places: [Double]) -> Int {
            let cut = places.map { ($0 * 1e4).rounded(.towardZero) * 1e-4 }
            return Int((cut.max() ?? 0).rounded(.up)) - Int((cut.min() ?? 0).rounded(.down))
        }
        return (extent(corners.map(\.y)), extent(corners.map(\.x)))
    }
}

/// The image turned by a random angle about its middle. torchvision's `RandomRotation`.
public struct RandomRotation: DraftTransform {
    private let degrees: ClosedRange<Double>
    private let interpolation: Interpolation
    private let expand: Bool
    private let center: (x: Double, y: Double)?
    private let fill: [Double]

    /// Angles from `-degrees` to `degrees`, which is not negative, counter-clockwise.
    public init(
        _ degrees: Double, interpolation: Interpolation = .nearest, expand: Bool = false,
        center: (x: Double, y: Double)? = nil, fill: [Double] = [0]
    ) {
        self.init(
            checkedAngle(degrees, "RandomRotation"), interpolation: interpolation, expand: expand, center: center,
            fill: fill)
    }

    /// Angles from a range, counter-clockwise.
    /// - Parameters:
    ///   - expand: Whether the image becomes as large as is needed to lose no corner.
    ///   - center: What stays in its place, in pixels from the top left, instead of the middle.
    ///   - fill: What stands where the image does not reach, one value or one for each channel.
    public init(
        _ degrees: ClosedRange<Double>, interpolation: Interpolation = .nearest, expand: Bool = false,
        center: (x: Double, y: Double)? = nil, fill: [Double] = [0]
    ) {
        self.degrees = degrees
        self.interpolation = checkedBending(interpolation, "RandomRotation")
        self.expand = expand
        self.center = center
        self.fill = fill
    }

    func edit(_ draft: inout Draft, random: Generator) {
        draft.rotate(random.uniform(in: degrees), by: interpolation, expand: expand, center: center, fill: fill)
    }
}

extension Draft {
    /// The image turned counter-clockwise.
    package mutating func rotate(
        _ degrees: Double, by interpolation: Interpolation, expand: Bool = false, center: (x: Double, y: Double)? = nil,
        fill: [Double]?
    ) {
        Affine(angle: -degrees, center: center).apply(to: &self, by: interpolation, fill: fill, expand: expand)
    }
}

/// The image turned, moved, scaled and sheared by chance. torchvision's `RandomAffine`.
///
///     RandomAffine(degrees: 15, translate: (0.1, 0.1), scale: 0.9...1.1)
public struct RandomAffine: DraftTransform {
    private let degrees: ClosedRange<Double>
    private let translate: (x: Double, y: Double)
    private let scale: ClosedRange<Double>
    private let shear: (x: ClosedRange<Double>, y: ClosedRange<Double>)
    private let interpolation: Interpolation
    private let fill: [Double]
    private let center: (x: Double, y: Double)?

    /// Angles from `-degrees` to `degrees` and shearing from `-shear` to `shear`, along rows alone; neither is negative.
    /// Other parameters as below.
    public init(
        degrees: Double, translate: (x: Double, y: Double) = (0, 0), scale: ClosedRange<Double> = 1...1,
        shear: Double = 0, interpolation: Interpolation = .nearest, fill: [Double] = [0],
        center: (x: Double, y: Double)? = nil
    ) {
        self.init(
            degrees: checkedAngle(degrees, "RandomAffine"), translate: translate, scale: scale,
            shear: (checkedAngle(shear, "RandomAffine"), 0...0), interpolation: interpolation, fill: fill,
            center: center)
    }

    /// - Parameters:
    ///   - degrees: Angles, clockwise.
    ///   - translate: The largest moves, as shares of width and height.
    ///   - scale: Factors of the size.
    ///   - shear: Angles of shearing along rows and along columns, in degrees.
    ///   - interpolation: Nearest or bilinear.
    ///   - fill: What stands where the image does not reach, one value or one for each channel.
    ///   - center: What stays in its place, in pixels from the top left, instead of the middle.
    public init(
        degrees: ClosedRange<Double>, translate: (x: Double, y: Double) = (0, 0),
        scale: ClosedRange<Double> = 1...1, shear: (x: ClosedRange<Double>, y: ClosedRange<Double>) = (0...0, 0...0),
        interpolation: Interpolation = .nearest, fill: [Double] = [0], center: (x: Double, y: Double)? = nil
    ) {
        require(
            (0...1).contains(translate.x) && (0...1).contains(translate.y) && scale.lowerBound > 0, "RandomAffine",
            "moves are shares from 0 to 1 and scales positive; got \(translate), \(scale)")
        self.degrees = degrees
        self.translate = translate
        self.scale = scale
        self.shear = shear
        self.interpolation = checkedBending(interpolation, "RandomAffine")
        self.fill = fill
        self.center = center
    }

    func edit(_ draft: inout Draft, random: Generator) {
        let (most, mostDown) = (translate.x * Double(draft.width), translate.y * Double(draft.height))
        let affine = Affine(
            angle: random.uniform(in: degrees),
            translation: (
                random.uniform(in: -most...most).rounded(.toNearestOrEven),
                random.uniform(in: -mostDown...mostDown).rounded(.toNearestOrEven)
            ), scale: random.uniform(in: scale),
            shear: (random.uniform(in: shear.x), random.uniform(in: shear.y)), center: center)
        affine.apply(to: &draft, by: interpolation, fill: fill)
    }
}
