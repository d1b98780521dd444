import HearthTensor

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Operators of signals. Fourier transforms are computed in float64.
enum Signals {
    static let rows: OperatorRows = [
        "DFT": dft,
        "STFT": stft,
        "MelWeightMatrix": melWeights,
        "HannWindow": { n in try window(n) { 0.5 - (0.5 * $0.cos()) } },
        "HammingWindow": { n in try window(n) { 25.0 / 46 - (21.0 / 46) * $0.cos() } },
        "BlackmanWindow": { n in try window(n) { 0.42 - 0.5 * $0.cos() + 0.08 * ($0 * 2).cos() } },
    ]

    /// A window as a function of the angle, from 0 to a whole turn.
    private static func window(_ n: NodeContext, _ function: (Tensor) -> Tensor) throws -> [Value] {
        guard let size = try n.integer(0) else { throw n.error("a size", "none") }
        let type = try n.elementType(number: n.int("output_datatype", 1))
        _ = try n.shape([size], .float64)
        let places = Tensor.arange(size, dtype: .float64, device: try n[0].device)
        let period = n.bool("periodic", true) ? size : max(size - 1, 1)
        let values = function(places * (2 * Double.pi / Double(max(period, 1))))
        return n.output(Conversions.convert(values, .float64, to: type), type)
    }

    /// Refuses a length whose matrices do not fit into memory.
    private static func checkSize(_ n: NodeContext, _ size: Int) throws {
        let side = Fourier.matrixSize(size)
        _ = try (n.shape([size, 16], .float64), n.shape([side, side, 8], .float64))
    }

    /// A dimension cut or filled with zeros to a size.
    private static func fitted(_ x: Tensor, _ axis: Int, _ size: Int) -> Tensor {
        let own = x.shape[axis]
        if own >= size { return x.narrow(axis, start: 0, length: size) }
        var around = Array(repeating: 0, count: 2 * x.rank)
        around[2 * (x.rank - 1 - axis) + 1] = size - own
        return x.pad(around)
    }

    private static func dft(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let given = try n.version < 20 ? n.int("axis", 1) : n.integer(2) ?? -2
        let axis = try n.axis(given, rank: x.rank)
        try n.check(x.rank >= 2 && axis < x.rank - 1, "a signal dimension of \(x.shape)", "\(given)")
        try n.check(x.shape[-1] == 1 || x.shape[-1] == 2, "real or complex numbers", "\(x.shape)")
        let (inverse, oneSided) = (n.bool("inverse"), n.bool("onesided"))
        let standard = inverse && oneSided ? 2 * (x.shape[axis] - 1) : x.shape[axis]
        let size = try n.integer(1) ?? standard
        try n.check(size > 0, "a length", "\(size)")
        try checkSize(n, size)
        var whole = Array(x.shape)
        whole[axis] = size
        _ = try n.shape(whole, .float64)
        let last = x.rank - 2
        var signal = x.to(.float64)
        if inverse, oneSided {
            // The other half are the conjugates.
            let half = fitted(signal.transpose(axis, last), last, size / 2 + 1)
            let mirrored = half.narrow(last, start: 1, length: (size - 1) / 2).flip(last)
            let complex =
                half.shape[-1] == 2 ? mirrored * Tensor([1.0, -1.0], dtype: .float64, device: x.device) : mirrored
            let whole = Tensor.cat([half, complex], dim: last)
            let y = Fourier(isInverse: true).transform(whole, bins: size).narrow(-1, start: 0, length: 1)
            return n.like(0, y.transpose(axis, last).to(x.dtype))
        }
        signal = fitted(signal.transpose(axis, last), last, size)
        let y = Fourier(isInverse: inverse).transform(signal, bins: oneSided ? size / 2 + 1 : size)
        return n.like(0, y.transpose(axis, last).to(x.dtype))
    }

    private static func stft(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let (given, window) = (try n.integer(3), try n.optional(2))
        guard let step = try n.integer(1), step > 0, x.rank == 3 else {
            throw n.error("[batch, length, 1 or 2] and a step", "\(x.shape)")
        }
        let size = given ?? window?.count ?? x.shape[1]
        try n.check(size > 0 && size <= x.shape[1], "frames of at most \(x.shape[1])", "\(size)")
        try checkSize(n, size)
        // [batch, frames, 1 or 2, size], then the numbers last.
        var frames = x.to(.float64).unfold(dim: 1, size: size, step: step).transpose(2, 3)
        if let window { frames = frames * window.to(.float64).reshape([1, 1, -1, 1]) }
        let y = Fourier(isInverse: false)
            .transform(frames, bins: n.bool("onesided", true) ? size / 2 + 1 : size)
        return n.like(0, y.to(x.dtype))
    }

    private static func melWeights(_ n: NodeContext) throws -> [Value] {
        guard let bins = try n.integer(0), let length = try n.integer(1), let rate = try n.integer(2),
            let low = try n.number(3), let high = try n.number(4), bins > 0, bins < 1 << 20, length > 0, rate > 0
        else { throw n.error("numbers of bins, lengths, a rate and two frequencies", "others") }
        let type = try n.elementType(number: n.int("output_datatype", 1))
        let rows = length / 2 + 1
        _ = try n.shape([rows, bins], .float64)
        let device = try n[0].device
        func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
        let step = (mel(high) - mel(low)) / Double(bins + 2)
        let edges = (0..<(bins + 2)).map { i in
            let hertz = 700 * (pow(10, (mel(low) + Double(i) * step) / 2595) - 1)
            return (Double(length + 1) * hertz / Double(rate)).rounded(.down)
        }
        let left = Tensor(Array(edges[0..<bins]), shape: [1, bins], device: device)
        let centre = Tensor(Array(edges[1..<(bins + 1)]), shape: [1, bins], device: device)
        let right = Tensor(Array(edges[2..<(bins + 2)]), shape: [1, bins], device: device)
        let place = Tensor.arange(rows, dtype: .float64, device: device).unsqueeze(1)
        let rise = Tensor.where(left == centre, 1, (place - left) / (centre - left).clamp(min: 1))
        let fall = (right - place) / (right - centre).clamp(min: 1)
        let isRising = (place >= left) & (place <= centre)
        let isFalling = (place >= centre) & (place < right)
        let weights = Tensor.where(isFalling, fall, Tensor.where(isRising, rise, Tensor.zeros(like: rise)))
        return n.output(Conversions.convert(weights, .float64, to: type), type)
    }
}
