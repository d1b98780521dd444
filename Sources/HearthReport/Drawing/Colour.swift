/// A colour of the sRGB space.
public struct Colour: Sendable, Hashable {
    /// The parts, 0 to 255.
    public let red, green, blue: UInt8

    /// A colour of its parts in one number, as HTML writes them: `0x0072b2`.
    public init(_ hex: UInt32) {
        red = UInt8(truncatingIfNeeded: hex >> 16)
        green = UInt8(truncatingIfNeeded: hex >> 8)
        blue = UInt8(truncatingIfNeeded: hex)
    }

    /// As HTML writes it: `#0072b2`.
    public var hex: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// What something is drawn in, by its part in a drawing; a `Theme` has the colour.
public enum Ink: Sendable, Hashable {
    /// What is behind everything.
    case background
    /// Words and numbers.
    case text
    /// Words that matter less: ticks and the names of axes.
    case quiet
    /// The lines of the grid.
    case grid
    /// The series with this index; they begin anew where a theme has no more.
    case series(Int)
}

/// An ink, or a thin coat of it.
public struct Paint: Sendable, Hashable {
    /// The colour.
    public let ink: Ink
    /// From 0, which cannot be seen, to 1.
    public let opacity: Double

    /// A coat of `ink`.
    public init(_ ink: Ink, opacity: Double = 1) { (self.ink, self.opacity) = (ink, opacity) }
}
