import HearthFormats
import HearthTensor
import HearthTrain
import HearthImages
import Testing

import HearthReport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite struct DrawingTests {
    /// The red of each pixel of a drawing, 0 where nothing is drawn and 255 where ink covers all of it.
    private func cover(_ drawing: Drawing) -> [[Int]] {
        let pixels = drawing.pixels(theme: .light)[0]
        return (0..<pixels.shape[0]).map { row in pixels[row].array(of: UInt8.self).map { 255 - Int($0) } }
    }

    /// The sum of what is covered, in pixels of the darkest ink.
    private func area(_ drawing: Drawing) -> Double {
        let full = 255 - Double(Theme.light.text.red)
        return cover(drawing).joined().reduce(0.0) { $0 + Double($1) } / full
    }

    @Test func pixelsAreCoveredInPart() {
        var drawing = Drawing(width: 4, height: 3)
        drawing.fill(Path(Frame(left: 0.5, top: 0.5, right: 3.25, bottom: 2)), with: Paint(.text))
        let full = 255 - Double(Theme.light.text.red)
        let expected = [[0.25, 0.5, 0.5, 0.125], [0.5, 1, 1, 0.25], [0, 0, 0, 0]]
        for (row, shares) in zip(cover(drawing), expected) {
            for (found, share) in zip(row, shares) { #expect(abs(Double(found) - share * full) <= 1) }
        }
    }

    @Test func whatIsOutsideIsCutOff() {
        var drawing = Drawing(width: 4, height: 4)
        drawing.fill(Path(Frame(left: -1e6, top: -1e6, right: 2, bottom: 1e6)), with: Paint(.text))
        drawing.dot([Point(-50, 2), Point(2, 80)], radius: 3, with: Paint(.text))
        #expect(abs(area(drawing) - 8) < 0.1)
    }

    @Test func areasAreThoseOfGeometry() {
        var disc = Drawing(width: 40, height: 40)
        disc.dot([Point(20.3, 19.8)], radius: 12, with: Paint(.text))
        #expect(abs(area(disc) / (Double.pi * 144) - 1) < 0.02)
        var line = Drawing(width: 40, height: 40)
        line.stroke(Path(through: [Point(5, 5), Point(35, 25)]), with: Paint(.text), width: 3)
        #expect(abs(area(line) / (3 * 1300.0.squareRoot()) - 1) < 0.02)
        var dashes = Drawing(width: 40, height: 10)
        dashes.stroke(Path(through: [Point(4, 5), Point(36, 5)]), with: Paint(.text), width: 2, dash: [4, 4])
        #expect(abs(area(dashes) - 2 * 16) < 0.5)
        // A curve that crosses itself is covered once.
        var twice = Drawing(width: 20, height: 20)
        let square = Path(Frame(left: 2, top: 2, right: 12, bottom: 12)).steps
        twice.fill(Path(square + square), with: Paint(.text))
        #expect(abs(area(twice) - 100) < 0.5)
    }

    @Test func imagesKeepTheirPixels() {
        var drawing = Drawing(width: 6, height: 4)
        drawing.lay(
            Tensor([[0, 100, 200], [50, 150, 250]]).to(.uint8), in: Frame(left: 0, top: 0, right: 6, bottom: 4))
        let pixels = drawing.pixels()
        #expect(pixels[0, 0].array(of: UInt8.self) == [0, 0, 100, 100, 200, 200])
        #expect(pixels[2, 3].array(of: UInt8.self) == [50, 50, 150, 150, 250, 250])
    }

    @Test func wordsAreAsWideAsTheirFont() {
        // Roboto's advances at 2048 units: M is 1789, i is 497.
        #expect(abs(Roboto.width(of: "Mi", size: 2048) - (1789 + 497)) < 1e-9)
        var words = Drawing(width: 60, height: 30)
        words.write("Mi", at: Point(10, 20), size: 20, with: Paint(.text))
        let columns = (0..<60).filter { column in cover(words).contains { $0[column] > 40 } }
        #expect((columns.first ?? 0) >= 10 && (columns.last ?? 99) <= 10 + Int(Roboto.width(of: "Mi", size: 20)) + 1)
        #expect(columns.count > 15)
        #expect(Roboto.shortened("a long name of something", size: 12, to: 60).hasSuffix("…"))
        #expect(Roboto.shortened("short", size: 12, to: 60) == "short")
    }

    @Test func bothFilesHaveTheSameMarks() throws {
        var drawing = Drawing(width: 30, height: 20)
        drawing.fill(Path(Frame(left: 1, top: 1, right: 9, bottom: 9)), with: Paint(.series(0), opacity: 0.5))
        drawing.dot([Point(15, 10)], radius: 2, with: Paint(.series(1)))
        drawing.write("x < y", at: Point(4, 18), isTurned: true)
        let svg = drawing.svg(theme: .dark)
        #expect(svg.contains("fill-opacity=\"0.5\"") && svg.contains("x &lt; y") && svg.contains("rotate(-90"))
        #expect(svg.contains(Theme.dark.series[0].hex) && !svg.contains(Theme.light.series[0].hex))
        let image = try Image.decode(drawing.png(theme: .dark, scale: 2))
        #expect(image.shape == [3, 40, 60])
        #expect(image[0..<3, 0, 0].array(of: UInt8.self) == [0x0d, 0x11, 0x17])
    }

    @Test func numbersAreShort() {
        let expected: [(Double, String)] = [
            (0, "0"), (0.97134, "0.9713"), (12.5, "12.5"), (1.2e-5, "1.2e-5"), (9.999e-5, "1e-4"), (1_250_000, "1.25M"),
            (-3.14159, "−3.142"), (123456, "123456"), (.nan, "–"), (-.infinity, "−∞"), (.leastNonzeroMagnitude, "0"),
            (1e300, "1e300"), (5e11, "5e11"),
        ]
        for (number, text) in expected { #expect(number.short == text) }
    }
}
