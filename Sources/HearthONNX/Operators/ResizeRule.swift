import HearthTensor

/// How the elements of a line are made when it is resized.
struct ResizeRule {
    enum Mode: String { case nearest, linear, cubic }

    let mode: Mode
    /// Where an element of the result is in the input: the names of ONNX.
    var coordinates = "half_pixel"
    /// Which neighbour is the nearest.
    var rounding = "round_prefer_floor"
    /// The parameter of the cubic curve.
    var cubic = -0.75
    /// Whether neighbours outside count nothing, rather than as the element at the border.
    var excludesOutside = false
    /// Whether more elements are taken together where the result is smaller.
    var isSmoothed = false
    /// The parts that are resized, by axis, as shares of the whole.
    var regions: [Int: (Double, Double)] = [:]
    /// What is outside of the whole, for parts that reach there.
    var outside = 0.0

    init(mode: Mode) { self.mode = mode }

    /// One dimension resized.
    func resized(_ n: NodeContext, _ x: Tensor, _ axis: Int, _ target: Int, _ factor: Double) throws -> Tensor {
        let size = x.shape[axis]
        let places = try (0..<target).map { try place(n, $0, axis, size, target, factor) }
        func vector(_ values: [Int]) -> Tensor { Tensor(values, shape: [values.count], device: x.device) }
        func column(_ t: Tensor) -> Tensor {
            var shape = Shape(repeating: 1, count: x.rank)
            shape[axis] = target
            return t.reshape(shape)
        }
        var y: Tensor
        if mode == .nearest {
            let index = try places.map { min(max(try nearest(n, $0, factor), 0), size - 1) }
            y = x.indexSelect(axis, vector(index))
        } else {
            let lines = places.map { taps($0, size, factor) }
            let count = lines.first?.count ?? 0
            // The taps of all elements at once, one after another.
            let parts = (0..<count).map { tap in
                let weights = Tensor(lines.map { $0[tap].weight }, shape: [target], device: x.device).to(x.dtype)
                let index = lines.map { min(max($0[tap].position, 0), size - 1) }
                return x.indexSelect(axis, vector(index)) * column(weights)
            }
            guard let first = parts.first else { return x.narrow(axis, start: 0, length: 0) }
            y = parts.dropFirst().reduce(first, +)
        }
        if regions[axis] != nil {
            let isOutside = places.map { $0 < 0 || $0 > Double(size - 1) }
            if isOutside.contains(true) {
                let mask = Tensor(isOutside, shape: [target], device: x.device)
                y = y.maskedFill(column(mask).expand(to: y.shape), with: outside)
            }
        }
        return y
    }

    /// Where element `o` of the result is in the input.
    private func place(
        _ n: NodeContext, _ o: Int, _ axis: Int, _ size: Int, _ target: Int, _ factor: Double
    ) throws -> Double {
        let (o, last) = (Double(o), Double(size - 1))
        let length = factor * Double(size)
        switch coordinates {
        case "half_pixel": return (o + 0.5) / factor - 0.5
        case "asymmetric": return o / factor
        case "align_corners": return length == 1 ? 0 : o * last / (length - 1)
        case "pytorch_half_pixel": return length == 1 ? -0.5 : (o + 0.5) / factor - 0.5
        case "half_pixel_symmetric":
            let adjustment = Double(target) / length
            return Double(size) / 2 * (1 - adjustment) + (o + 0.5) / factor - 0.5
        case "tf_half_pixel_for_nn": return (o + 0.5) / factor
        case "tf_crop_and_resize":
            let (start, end) = regions[axis] ?? (0, 1)
            return length == 1 || target == 1
                ? (start + end) * last / 2 : start * last + o * (end - start) * last / Double(target - 1)
        default: throw n.error("a mode of coordinates", "'\(coordinates)'")
        }
    }

    private func nearest(_ n: NodeContext, _ place: Double, _ factor: Double) throws -> Int {
        switch rounding {
        case "round_prefer_floor": return Int(position: (place - 0.5).rounded(.up))
        case "round_prefer_ceil": return Int(position: (place + 0.5).rounded(.down))
        case "floor": return Int(position: place.rounded(.down))
        // What version 10 leaves open, as ONNX Runtime has it.
        case "simple": return Int(position: place.rounded(factor < 1 ? .up : .down))
        case "ceil": return Int(position: place.rounded(.up))
        default: throw n.error("a mode of rounding", "'\(rounding)'")
        }
    }

    /// The elements that take part in one at `place`, and how much.
    private func taps(_ place: Double, _ size: Int, _ factor: Double) -> [(position: Int, weight: Double)] {
        // How much wider the curve is, to cover all that falls together.
        let width = isSmoothed && factor < 1 ? 1 / factor : 1
        let reach = (mode == .linear ? 1.0 : 2.0) * width
        let count = Int(position: (2 * reach).rounded(.up)) + (width > 1 ? 1 : 0)
        let first =
            width > 1
            ? Int(position: (place - reach).rounded(.up))
            : Int(position: place.rounded(.down)) - (mode == .linear ? 0 : 1)
        var taps = (0..<count).map { tap in
            let position = first + tap
            let distance = abs((Double(position) - place) / width)
            let weight = mode == .linear ? max(1 - distance, 0) : Self.cubic(distance, cubic)
            let isOutside = excludesOutside && (position < 0 || position >= size)
            return (position: position, weight: isOutside ? 0 : weight)
        }
        let total = taps.reduce(0) { $0 + $1.weight }
        if total != 0, width > 1 || excludesOutside { taps = taps.map { ($0.position, $0.weight / total) } }
        return taps
    }

    /// Keys' curve with parameter `a`.
    private static func cubic(_ x: Double, _ a: Double) -> Double {
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
}
