/// Which elements of a plane are taken together for each element of the result: for each of three dimensions where each
/// pool starts and ends and how much it counts.
///
/// Fixed windows and adaptive ones, whose sizes differ, become the same tables.
package struct Pools: Sendable, Hashable {
    /// One dimension: pool `o` covers `start[o]`, `start[o] + step`, … below `end[o]`.
    struct Line: Sendable, Hashable {
        let size: Int
        let rule: Rule
        var step = 1
        var start: [Int32] = []
        var end: [Int32] = []
        /// What the sum of a pool is multiplied with for an average.
        var scale: [Double] = []
    }

    /// What the pools of a dimension were made by: enough to make them again for another size.
    enum Rule: Sendable, Hashable {
        /// Windows of one size; sums are divided by `divisor`, or by what they count.
        case windows(
            kernel: Int, stride: Int, padding: Int, dilation: Int, ceil: Bool, countsPadding: Bool, divisor: Int?)
        /// As many pools of nearly equal size.
        case adaptive(Int)
        /// Pools at places that follow no rule.
        case table
    }

    /// Depth, height and width; those that a tensor lacks have size 1.
    let lines: [Line]
    /// The number of dimensions that the tensor has.
    let rank: Int

    private init(_ lines: [Line]) {
        rank = lines.count
        let missing = Line(size: 1, rule: .adaptive(1), start: [0], end: [1], scale: [1])
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
            let rule = Rule.windows(
                kernel: window.kernel[i], stride: window.stride[i], padding: window.before[i],
                dilation: window.dilation[i], ceil: ceil, countsPadding: countsPadding,
                divisor: divisor.map { i == 0 ? $0 : 1 })
            lines.append(try Line(size[i], rule))
        }
        return Pools(lines)
    }

    /// As many pools as `outputs` says, of nearly equal size, that cover everything.
    static func adaptive(_ outputs: Shape, over size: Shape) throws(ShapeError) -> Pools {
        var lines: [Line] = []
        for i in 0..<outputs.count {
            lines.append(try Line(size[i], .adaptive(outputs[i])))
        }
        return Pools(lines)
    }

    /// Windows of one size that begin at nearly regular distances, which `samples`, one in `0 ..< 1` for each dimension,
    /// decide.
    static func fractional(_ kernel: Dimensions, _ outputs: Shape, over size: Shape, samples: [Double]) -> Pools {
        Pools(
            (0..<outputs.count).map { i in
                var line = Line(size: size[i], rule: .table)
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
    /// The pools that a rule makes of `size` elements.
    fileprivate init(_ size: Int, _ rule: Pools.Rule) throws(ShapeError) {
        switch rule {
        case .windows(let kernel, let stride, let padding, let dilation, let ceil, let countsPadding, let divisor):
            self.init(size: size, rule: rule, step: dilation)
            try appendWindows(kernel, stride, padding, ceil: ceil, countsPadding: countsPadding, divisor)
        case .adaptive(let outputs):
            guard outputs >= 0, size > 0 || outputs == 0 else {
                throw ShapeError("an empty dimension cannot be pooled to \(outputs) elements")
            }
            self.init(size: size, rule: rule)
            for o in 0..<outputs {
                let start = o * size / outputs
                let end = ((o + 1) * size + outputs - 1) / outputs
                append(start, end, scale: 1 / Double(end - start))
            }
        case .table: self.init(size: size, rule: rule)
        }
    }

    private mutating func appendWindows(
        _ kernel: Int, _ stride: Int, _ padding: Int, ceil: Bool, countsPadding: Bool, _ divisor: Int?
    ) throws(ShapeError) {
        let dilation = step
        guard kernel > 0, stride > 0, dilation > 0 else {
            throw ShapeError(
                "kernel, stride and dilation must be positive; found \(kernel), \(stride) and \(dilation)")
        }
        guard padding >= 0, 2 * padding <= kernel else {
            throw ShapeError("padding must be at most half the kernel; padding \(padding), kernel \(kernel)")
        }
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
    /// The rule and the size, or the whole table where there is no rule. A divisor of 0 stands for none.
    var attributes: Attributes {
        switch rule {
        case .windows(let kernel, let stride, let padding, let dilation, let ceil, let countsPadding, let divisor):
            [
                "size": size, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation,
                "ceil": ceil, "countsPadding": countsPadding, "divisor": divisor ?? 0,
            ]
        case .adaptive(let outputs): ["size": size, "outputs": outputs]
        case .table: ["size": size, "step": step, "start": start, "end": end, "scale": scale]
        }
    }

    init(_ attributes: Attributes) throws(AttributeError) {
        let names = attributes.entries.map(\.name)
        if names.contains("start") {
            try self.init(table: attributes)
            return
        }
        var rule = Pools.Rule.table
        if names.contains("outputs") {
            rule = .adaptive(try attributes["outputs"])
        } else {
            let divisor: Int = try attributes["divisor"]
            rule = .windows(
                kernel: try attributes["kernel"], stride: try attributes["stride"],
                padding: try attributes["padding"], dilation: try attributes["dilation"],
                ceil: try attributes["ceil"], countsPadding: try attributes["countsPadding"],
                divisor: divisor == 0 ? nil : divisor)
        }
        let size: Int = try attributes["size"]
        do throws(ShapeError) { try self.init(size, rule) } catch { throw AttributeError(error.rule) }
    }

    private init(table attributes: Attributes) throws(AttributeError) {
        self.init(
            size: try attributes["size"], rule: .table, step: try attributes["step"],
            start: try attributes["start"], end: try attributes["end"], scale: try attributes["scale"])
        guard step > 0, end.count == start.count, scale.count == start.count,
            start.allSatisfy({ $0 >= 0 && $0 <= size }), end.allSatisfy({ $0 <= size })
        else { throw AttributeError("pools that lie inside \(size) elements are expected") }
    }
}
