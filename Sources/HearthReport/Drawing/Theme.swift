/// The colours of a drawing.
public struct Theme: Sendable, Hashable {
    /// Behind everything.
    public let background: Colour
    /// Of words and numbers.
    public let text: Colour
    /// Of words that matter less: ticks and names of axes.
    public let quiet: Colour
    /// Of the lines of the grid.
    public let grid: Colour
    /// Of series, in order. They differ for colour-blind readers too (M. Okabe, K. Ito, "Color Universal Design",
    /// 2008), darkened or lightened until they stand out from the background.
    public let series: [Colour]

    /// Dark on white.
    public static let light = Theme(
        background: Colour(0xffffff), text: Colour(0x1f2328), quiet: Colour(0x59636e), grid: Colour(0xe4e8ec),
        series: [0x0072b2, 0xd55e00, 0x00825d, 0xa8508a, 0x9a6a00, 0x2f86bd, 0x5b5b5b].map(Colour.init))

    /// Light on near-black.
    public static let dark = Theme(
        background: Colour(0x0d1117), text: Colour(0xe6edf3), quiet: Colour(0x9198a1), grid: Colour(0x2a313c),
        series: [0x56b4e9, 0xf28a3c, 0x1fbf94, 0xd98fbd, 0xe0b02e, 0xf0e442, 0xb0b7bf].map(Colour.init))

    /// The colour of an ink.
    public subscript(ink: Ink) -> Colour {
        switch ink {
        case .background: background
        case .text: text
        case .quiet: quiet
        case .grid: grid
        case .series(let index): series[index % series.count]
        }
    }
}
