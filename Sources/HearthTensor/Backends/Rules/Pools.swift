/// Which elements of a plane are taken together for each element of the result: for each of three dimensions where each
/// pool starts and ends and how much it counts.
///
/// Fixed windows and adaptive ones, whose sizes differ, become the same tables.
package struct Pools: Sendable, Hashable {
    /// One dimension: pool `o` covers `start[o]`, `start[o] + step`, … below `end[o]`.
    struct Line: Sendable, Hashable {
        let size: Int
        var step = 1
        var start: [Int32] = []
        var end: [Int32] = []
        /// What the sum of a pool is multiplied with for an average.
        var scale: [Double] = []
    }

    /// Depth, height and width; those that a tensor lacks have size 1.
    let lines: [Line]
    /// The number of dimensions that the tensor has.
    let rank: Int

    private init(_ lines: [Line]) {
        rank = lines.count
        let missing = Line(size: 1, start: [0], end: [1], scale: [1])
        self.lines = Array(repeating: missing, count: 3 - lines.count) + lines
    }

    /// The sizes of the planes that go in.
    var size: Shape { Shape(lines.suffix(rank).map(\.size)) }
    /// The sizes of the planes that come out.
    var outputs: Shape { Shape(lines.suffix(rank).map(\.start.count)) }

    /// Windows of one size. With `ceil`, one more that begins inside may hang over the end.
    /// - Parameters:
    ///   - countsPadding: Whether an average counts the zeros around the plane.
    ///   - divisor: What sums are divided by, instead of the number of elements.
    static func windows(
        _ window: Window, over size: Shape, ceil: Bool, countsPadding: Bool = true, divisor: Int? = nil
    ) throws(ShapeError) -> Pools {
        var lines: [Line] = []
        for i in 0..<window.rank {
            guard window.kernel[i] > 0, window.stride[i] > 0, window.dilation[i] > 0 else {
                throw ShapeError("kernel, stride and dilation must be positive; \(window)")
            }
            guard window.before[i] >= 0, 2 * window.before[i] <= window.kernel[i] else {
                throw ShapeError(
                    "padding must be at most half the kernel; padding \(window.before[i]), kernel \(window.kernel[i])")
            }
            lines.append(
                try Line(
                    size[i], window.kernel[i], window.stride[i], window.before[i], window.dilation[i], ceil,
                    countsPadding, divisor.map { i == 0 ? $0 : 1 }))
        }
        return Pools(lines)
    }

    /// As many pools as `outputs` says, of nearly equal size, that cover everything.
    static func adaptive(_ outputs: Shape, over size: Shape) throws(ShapeError) -> Pools {
        var lines: [Line] = []
        for i in 0..<outputs.count {
            guard outputs[i] >= 0, size[i] > 0 || outputs[i] == 0 else {
                throw ShapeError("an empty dimension cannot be pooled to \(outputs[i]) elements")
            }
            var line = Line(size: size[i])
            for o in 0..<outputs[i] {
                let start = o * size[i] / outputs[i]
                let end = ((o + 1) * size[i] + outputs[i] - 1) / outputs[i]
                line.append(start, end, scale: 1 / Double(end - start))
            }
            lines.append(line)
        }
        return Pools(lines)
    }

    /// Windows of one size that begin at nearly regular distances, which `samples`, one in `0 ..< 1` for each dimension,
    /// decide.
    static func fractional(_ kernel: Dimensions, _ outputs: Shape, over size: Shape, samples: [Double]) -> Pools {
        Pools(
            (0..<outputs.count).map { i in
                var line = Line(size: size[i])
                let room = size[i] - kernel[i]
                let distance = outputs[i] > 1 ? Double(room) / Double(outputs[i] - 1) : 0
                for o in 0..<outputs[i] {
                    let isLast = o == outputs[i] - 1
                    let start =
                        isLast ? room : Int((Double(o) + samples[i]) * distance) - Int(samples[i] * distance)
                    line.append(start, start + kernel[i], scale: 1 / Double(kernel[i]))
                }
                return line
            })
    }
}

extension Pools.Line {
    fileprivate init(
        _ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ dilation: Int, _ ceil: Bool,
        _ countsPadding: Bool, _ divisor: Int?
    ) throws(ShapeError) {
        self.init(size: size, step: dilation)
        let room = size + 2 * padding - dilation * (kernel - 1) - 1
        guard room >= 0 || ceil && room + stride - 1 >= 0 else {
            throw ShapeError("a kernel of \(kernel) does not fit \(size) elements with padding \(padding)")
        }
        var count = (ceil ? room + stride - 1 : room) / stride + 1
        // The last window must begin inside the plane or its padding before.
        if ceil, (count - 1) * stride >= size + padding { count -= 1 }
        guard count > 0 else {
            throw ShapeError("a kernel of \(kernel) does not fit \(size) elements with padding \(padding)")
        }
        for o in 0..<count {
            let from = o * stride - padding
            let padded = Swift.min(from + kernel, size + padding)
            var start = from
            while start < 0 { start += dilation }
            let end = Swift.min(from + (kernel - 1) * dilation + 1, size)
            let counted = countsPadding ? padded - from : Swift.min(padded, size) - Swift.max(from, 0)
            append(start, end, scale: 1 / Double(divisor ?? counted))
        }
    }

    fileprivate mutating func append(_ start: Int, _ end: Int, scale: Double) {
        self.start.append(Int32(start))
        self.end.append(Int32(end))
        self.scale.append(scale)
    }
}

extension Pools: AttributeRecord {
    var attributes: Attributes { ["lines": Array(lines.suffix(rank))] }

    init(_ attributes: Attributes) throws(AttributeError) {
        let lines: [Line] = try attributes["lines"]
        guard (1...3).contains(lines.count) else { throw AttributeError("1 to 3 dimensions can be pooled") }
        self.init(lines)
    }
}

extension Pools.Line: AttributeRecord {
    var attributes: Attributes { ["size": size, "step": step, "start": start, "end": end, "scale": scale] }

    init(_ attributes: Attributes) throws(AttributeError) {
        self.init(
            size: try attributes["size"], step: try attributes["step"], start: try attributes["start"],
            end: try attributes["end"], scale: try attributes["scale"])
        guard step > 0, end.count == start.count, scale.count == start.count,
            start.allSatisfy({ $0 >= 0 && $0 <= size }), end.allSatisfy({ $0 <= size })
        else { throw AttributeError("pools that lie inside \(size) elements are expected") }
    }
}
