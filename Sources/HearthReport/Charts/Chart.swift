import HearthFormats

/// Something that can be drawn: as SVG, as PNG, on a page.
///
///     try chart.write(to: "loss.png", theme: .dark)
public protocol Chart: Sendable {
    /// What is above the chart.
    var title: String { get }
    /// The picture.
    var drawing: Drawing { get }
}

extension Chart {
    /// The picture as the text of an SVG file.
    public func svg(theme: Theme = .light) -> String { drawing.svg(theme: theme) }

    /// The picture as the bytes of a PNG file, with `scale` pixels for each one of the drawing.
    public func png(theme: Theme = .light, scale: Double = 2) -> [UInt8] { drawing.png(theme: theme, scale: scale) }

    /// Writes the picture as its name ends, in .svg or .png, whole or not at all. Throws `FileError`, and
    /// `FormatError` for another ending.
    public func write(to path: String, theme: Theme = .light) throws {
        let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        switch ending {
        case "svg": try AtomicFile.write(Array(svg(theme: theme).utf8), to: path)
        case "png": try AtomicFile.write(png(theme: theme), to: path)
        default: throw FormatError(file: path, expected: "a name that ends in .svg or .png", found: "'.\(ending)'")
        }
    }
}
