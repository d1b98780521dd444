/// A field of dots, two beside and four above each other in every letter of a terminal (the Braille patterns of Unicode,
/// U+2800 to U+28FF). A letter has one colour, that of what was drawn on it last.
package struct BrailleCanvas {
    let columns: Int
    let rows: Int
    private var dots: [UInt8]
    private var inks: [Int?]

    package init(columns: Int, rows: Int) {
        (self.columns, self.rows) = (columns, rows)
        dots = Array(repeating: 0, count: columns * rows)
        inks = Array(repeating: nil, count: columns * rows)
    }

    /// Draws from one place to another; 0 and 1 are the edges, from left to right and from bottom to top.
    package mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), ink: Int) {
        let (width, height) = (Double(columns * 2 - 1), Double(rows * 4 - 1))
        let steps = max(abs(end.x - start.x) * width, abs(end.y - start.y) * height).rounded(.up)
        for step in 0...Int(max(steps, 1)) {
            let share = Double(step) / max(steps, 1)
            let x = (start.x + (end.x - start.x) * share) * width
            let y = (start.y + (end.y - start.y) * share) * height
            set(Int(x.rounded()), Int((height - y).rounded()), ink)
        }
    }

    private mutating func set(_ x: Int, _ y: Int, _ ink: Int) {
        guard (0..<columns * 2).contains(x), (0..<rows * 4).contains(y) else { return }
        let cell = y / 4 * columns + x / 2
        // The fourth row of dots was added to the alphabet later, so its bits are the last.
        let bit = y % 4 == 3 ? 6 + x % 2 : x % 2 * 3 + y % 4
        dots[cell] |= 1 << UInt8(bit)
        inks[cell] = ink
    }

    /// The letters of a row, each with its ink.
    package func letters(row: Int) -> [(letter: Character, ink: Int?)] {
        (row * columns..<(row + 1) * columns).map { cell in
            let pattern = Unicode.Scalar(0x2800 + UInt32(dots[cell])).map(Character.init) ?? " "
            return (dots[cell] == 0 ? " " : pattern, inks[cell])
        }
    }
}
