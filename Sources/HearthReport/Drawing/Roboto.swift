import HearthFormats

/// The letters of charts: how wide words are, and their outlines for PNG files. (In SVG files the reader's own fonts
/// draw them.)
package enum Roboto {
    private struct Glyph {
        let advance: Double
        let outline: Path
    }

    /// How wide a line of text is, in the unit of `size`.
    package static func width(of text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + glyph($1).advance } * size
    }

    /// The text, or as much of its beginning as is no wider than `room`, with "…".
    package static func shortened(_ text: String, size: Double, to room: Double) -> String {
        guard width(of: text, size: size) > room else { return text }
        var part = text
        while !part.isEmpty, width(of: part + "…", size: size) > room { part.removeLast() }
        return part + "…"
    }

    /// The outlines of a line of text that begins at the corner; upwards is negative.
    static func outline(of text: String, size: Double) -> Path {
        var steps: [Path.Step] = []
        var x = 0.0
        for scalar in text.unicodeScalars {
            let glyph = glyph(scalar)
            steps += glyph.outline.mapped { Point($0.x * size + x, $0.y * size) }.steps
            x += glyph.advance * size
        }
        return Path(steps)
    }

    /// What is shown for a character that there is no glyph of, such as a Chinese one: an empty box.
    private static let missing: Glyph = {
        let outer = Path(Frame(left: 0.06, top: -0.7, right: 0.5, bottom: 0)).steps
        // Traversed in the opposite direction, so that the filling rule makes it a hole.
        let inner = [Point(0.1, -0.04), Point(0.46, -0.04), Point(0.46, -0.66), Point(0.1, -0.66)]
        return Glyph(advance: 0.56, outline: Path(outer + Path(through: inner, isClosed: true).steps))
    }()

    private static func glyph(_ scalar: Unicode.Scalar) -> Glyph { glyphs[scalar.value] ?? missing }

    /// By their characters.
    private static let glyphs: [UInt32: Glyph] = {
        do {
            return read(try Gzip.decompress(Base64.decode(RobotoBytes.base64), limit: 1 << 20, name: "the font"))
        } catch {
            fatalError("Roboto: the library is damaged: \(error)")
        }
    }()

    /// Reads what `Scripts/embed_font.py` has written.
    private static func read(_ bytes: [UInt8]) -> [UInt32: Glyph] {
        var place = 0
        func number() -> Int {
            var (value, shift) = (0, 0)
            while true {
                let byte = Int(bytes[place])
                place += 1
                value |= (byte & 127) << shift
                shift += 7
                if byte < 128 { return value }
            }
        }
        func signed() -> Double {
            let value = number()
            return Double(value & 1 == 0 ? value >> 1 : -(value >> 1)) / RobotoBytes.unitsPerSize
        }
        var glyphs: [UInt32: Glyph] = [:]
        var character = 0
        while place < bytes.count {
            character += number()
            let advance = Double(number()) / RobotoBytes.unitsPerSize
            var pen = Point(0, 0)
            func point() -> Point {
                pen = Point(pen.x + signed(), pen.y - signed())
                return pen
            }
            let steps = (0..<number()).map { _ -> Path.Step in
                switch number() {
                case 0: return .move(point())
                case 1: return .line(point())
                default:
                    let control = point()
                    return .curve(control, point())
                }
            }
            glyphs[UInt32(character)] = Glyph(advance: advance, outline: Path(steps))
        }
        return glyphs
    }
}
