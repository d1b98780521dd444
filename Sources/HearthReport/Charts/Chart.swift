import HearthFormats

/// Something that draws itself as SVG.
public protocol Chart: Sendable {
    /// The picture as the text of an SVG file.
    func svg(theme: Theme) -> String
}

extension Chart {
    /// Writes the picture, an SVG file, whole or not at all. Throws `FileError`.
    public func write(to path: String, theme: Theme = .light) throws {
        try AtomicFile.write(Array(svg(theme: theme).utf8), to: path)
    }
}

extension LineChart: Chart {}
extension ConfusionMatrixChart: Chart {}
