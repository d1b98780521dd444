/// The colours of a chart.
public struct Theme: Sendable, Hashable {
    /// Behind everything.
    public let background: String
    /// Of words and numbers.
    public let text: String
    /// Of words that matter less: ticks and names of axes.
    public let quiet: String
    /// Of the lines of the grid.
    public let grid: String
    /// Of series, in order. They differ for colour-blind readers too (M. Okabe, K. Ito, "Color Universal Design",
    /// 2008), darkened or lightened until they stand out from the background.
    public let series: [String]

    /// Dark on white.
    public static let light = Theme(
        background: "#ffffff", text: "#1f2328", quiet: "#59636e", grid: "#e4e8ec",
        series: ["#0072b2", "#d55e00", "#00825d", "#a8508a", "#9a6a00", "#2f86bd", "#5b5b5b"])

    /// Light on near-black.
    public static let dark = Theme(
        background: "#0d1117", text: "#e6edf3", quiet: "#9198a1", grid: "#2a313c",
        series: ["#56b4e9", "#f28a3c", "#1fbf94", "#d98fbd", "#e0b02e", "#f0e442", "#b0b7bf"])
}
