import HearthTensor
import HearthImages

/// Pixels that polygons and images are drawn on with smooth edges.
///
/// How much of a pixel a polygon covers is found on 16 lines through it, exactly along each line; what a polygon goes around
/// at least once is inside.
struct Canvas {
    let width: Int
    let height: Int
    /// Red, green and blue of each pixel.
    private var pixels: [UInt8]

    private static let linesPerPixel = 16

    /// A canvas of one colour.
    init(width: Int, height: Int, colour: Colour) {
        (self.width, self.height) = (width, height)
        pixels = Array(repeating: 0, count: width * height * 3)
        for index in 0..<(width * height) {
            (pixels[index * 3], pixels[index * 3 + 1], pixels[index * 3 + 2]) = colour.parts
        }
    }

    /// The pixels `[3, H, W]`, uint8.
    var image: Tensor { Tensor(pixels, shape: [height, width, 3], device: .cpu).permute(2, 0, 1).contiguous() }

    /// Where the edge of a polygon crosses a line, and whether it goes down or up there.
    private struct Crossing {
        let x: Double
        let turn: Int
    }

    /// Fills polygons as one area.
    mutating func fill(_ polygons: [[Point]], _ colour: Colour, opacity: Double = 1) {
        let heights = polygons.joined().lazy.map(\.y)
        guard let top = heights.min(), let bottom = heights.max(), bottom > 0, top < Double(height) else { return }
        let rows = max(Int(top), 0)..<min(Int(bottom) + 1, height)
        let crossings = Self.crossings(polygons, rows)
        var cover = [Double](repeating: 0, count: width)
        for row in rows {
            var touched = width..<width
            for line in 0..<Self.linesPerPixel {
                let found = crossings[(row - rows.lowerBound) * Self.linesPerPixel + line]
                guard found.count > 1 else { continue }
                var turns = 0
                var start = 0.0
                for crossing in found.sorted(by: { $0.x < $1.x }) {
                    if turns == 0 { start = crossing.x }
                    turns += crossing.turn
                    guard turns == 0 else { continue }
                    let part = add(start, crossing.x, to: &cover)
                    touched =
                        min(
                            touched.lowerBound, part.lowerBound)..<max(
                            touched.isEmpty ? 0 : touched.upperBound, part.upperBound)
                }
            }
            for column in touched where cover[column] > 0 {
                blend(colour, row * width + column, min(cover[column], 1) * opacity)
                cover[column] = 0
            }
        }
    }

    /// The crossings of every line of some rows.
    private static func crossings(_ polygons: [[Point]], _ rows: Range<Int>) -> [[Crossing]] {
        let scale = Double(linesPerPixel)
        let first = rows.lowerBound * linesPerPixel
        var crossings = [[Crossing]](repeating: [], count: rows.count * linesPerPixel)
        for polygon in polygons {
            var from = polygon.last ?? Point(0, 0)
            for to in polygon {
                let (high, low) = from.y < to.y ? (from, to) : (to, from)
                // Lines lie in the middle of their strips.
                let begin = max(Int((high.y * scale - 0.5).rounded(.up)) - first, 0)
                let end = min(Int((low.y * scale - 0.5).rounded(.up)) - first, crossings.count)
                if begin < end {
                    let slope = (low.x - high.x) / (low.y - high.y)
                    for line in begin..<end {
                        let y = (Double(line + first) + 0.5) / scale
                        crossings[line].append(Crossing(x: high.x + (y - high.y) * slope, turn: from.y < to.y ? 1 : -1))
                    }
                }
                from = to
            }
        }
        return crossings
    }

    /// Adds what one line from `start` to `end` covers; gives the pixels that it touches.
    private func add(_ start: Double, _ end: Double, to cover: inout [Double]) -> Range<Int> {
        let (start, end) = (min(max(start, 0), Double(width)), min(max(end, 0), Double(width)))
        guard start < end else { return width..<width }
        let share = 1 / Double(Self.linesPerPixel)
        let (first, last) = (Int(start), min(Int(end), width - 1))
        if first == last {
            cover[first] += (end - start) * share
        } else {
            cover[first] += (Double(first + 1) - start) * share
            for column in (first + 1)..<last { cover[column] += share }
            cover[last] += (end - Double(last)) * share
        }
        return first..<(last + 1)
    }

    private mutating func blend(_ colour: Colour, _ index: Int, _ share: Double) {
        func mixed(_ old: UInt8, _ new: UInt8) -> UInt8 {
            UInt8((Double(old) + (Double(new) - Double(old)) * share).rounded())
        }
        let (red, green, blue) = colour.parts
        pixels[index * 3] = mixed(pixels[index * 3], red)
        pixels[index * 3 + 1] = mixed(pixels[index * 3 + 1], green)
        pixels[index * 3 + 2] = mixed(pixels[index * 3 + 2], blue)
    }

    /// Lays an image `[C, H, W]` into a frame: every pixel is the mean of what it covers, so enlarged pixels are squares.
    mutating func lay(_ image: Tensor, in frame: Frame) {
        let bytes = Self.rgb(image)
        let (rows, columns) = (image.shape[1], image.shape[2])
        let (top, left) = (Int(frame.top.rounded()), Int(frame.left.rounded()))
        let (bottom, right) = (Int(frame.bottom.rounded()), Int(frame.right.rounded()))
        guard top < bottom, left < right, rows > 0, columns > 0 else { return }
        func source(_ place: Int, _ count: Int, _ size: Int) -> Range<Int> {
            let first = place * size / count
            return first..<max((place + 1) * size / count, first + 1)
        }
        for y in max(top, 0)..<max(min(bottom, height), max(top, 0)) {
            let sourceRows = source(y - top, bottom - top, rows)
            for x in max(left, 0)..<max(min(right, width), max(left, 0)) {
                let sourceColumns = source(x - left, right - left, columns)
                for channel in 0..<3 {
                    var sum = 0
                    for row in sourceRows {
                        for column in sourceColumns { sum += Int(bytes[(channel * rows + row) * columns + column]) }
                    }
                    pixels[(y * width + x) * 3 + channel] = UInt8(sum / (sourceRows.count * sourceColumns.count))
                }
            }
        }
    }

    /// The bytes `[3, H, W]` of an image, grey ones three times.
    private static func rgb(_ image: Tensor) -> [UInt8] {
        let scaled = image.dtype == .uint8 ? image : ((image.detach() * 255).clamp(min: 0, max: 255) + 0.5).to(.uint8)
        let shape = image.shape
        let colours = shape[0] < 3 ? scaled[0..<1].expand(3, shape[1], shape[2]) : scaled[0..<3]
        return colours.contiguous().array(of: UInt8.self)
    }
}

extension Colour {
    fileprivate var parts: (UInt8, UInt8, UInt8) { (red, green, blue) }
}
