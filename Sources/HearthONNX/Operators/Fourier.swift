import HearthTensor

/// The discrete Fourier transform. An even length is made of two transforms of half of it, on and on; what is odd, or
/// short, is a product with a matrix of sines.
///
/// Source: Cooley and Tukey, "An Algorithm for the Machine Calculation of Complex Fourier Series", 1965.
struct Fourier {
    let isInverse: Bool

    /// Real and imaginary parts, of the same shape.
    typealias Complex = (real: Tensor, imaginary: Tensor?)

    /// Lengths up to which the product is quicker.
    private static let short = 128

    /// The length of the longest matrix that a transform of `size` needs.
    static func matrixSize(_ size: Int) -> Int {
        var size = size
        while size > short, size % 2 == 0 { size /= 2 }
        return size
    }

    /// The transform along the last dimension but one of `[…, size, 1 or 2]`, a pair for each of the first `bins`
    /// frequencies.
    func transform(_ x: Tensor, bins: Int) -> Tensor {
        let size = x.shape[-2]
        let others = Array(x.shape.dropLast(2))
        let rows = others.reduce(1, *)
        func part(_ index: Int) -> Tensor { x.select(-1, index).reshape([rows, size]) }
        let (real, imaginary) = spectrum((part(0), x.shape[-1] == 2 ? part(1) : nil))
        let pairs = Tensor.stack([real, imaginary ?? Tensor.zeros(like: real)], dim: -1)
            .narrow(1, start: 0, length: bins)
        let y = pairs.reshape(Shape(others + [bins, 2]))
        return isInverse ? y / Double(size) : y
    }

    /// All frequencies of rows.
    private func spectrum(_ x: Complex) -> Complex {
        let (rows, size) = (x.real.shape[0], x.real.shape[1])
        guard size > Self.short, size % 2 == 0 else { return product(x) }
        let half = size / 2
        // The even elements of each row, then the odd ones, as rows of their own.
        func parts(_ t: Tensor) -> Tensor { t.reshape([rows, half, 2]).transpose(1, 2).reshape([rows * 2, half]) }
        let inner = spectrum((parts(x.real), x.imaginary.map(parts)))
        let (real, imaginary) = (inner.real, inner.imaginary ?? Tensor.zeros(like: inner.real))
        func pick(_ t: Tensor, _ index: Int) -> Tensor { t.reshape([rows, 2, half]).select(1, index) }
        let angle = Tensor.arange(half, dtype: .float64, device: x.real.device) * (2 * Double.pi / Double(size))
        let (cosine, sine) = (angle.cos(), isInverse ? angle.sin() : -angle.sin())
        let (a, b) = (pick(real, 1), pick(imaginary, 1))
        let turned = (real: a * cosine - b * sine, imaginary: a * sine + b * cosine)
        let (c, d) = (pick(real, 0), pick(imaginary, 0))
        return (
            Tensor.cat([c + turned.real, c - turned.real], dim: 1),
            Tensor.cat([d + turned.imaginary, d - turned.imaginary], dim: 1)
        )
    }

    private func product(_ x: Complex) -> Complex {
        let (size, device) = (x.real.shape[1], x.real.device)
        let line = Tensor.arange(size, device: device)
        // Whole turns are taken away while the numbers are exact.
        let steps = (line.unsqueeze(1) * line.unsqueeze(0)) % Swift.max(size, 1)
        let angle = steps.to(.float64) * (2 * Double.pi / Double(size))
        let (cosine, sine) = (angle.cos(), isInverse ? angle.sin() : -angle.sin())
        let (real, imaginary) = (x.real.matmul(cosine), x.real.matmul(sine))
        guard let other = x.imaginary else { return (real, imaginary) }
        return (real - other.matmul(sine), imaginary + other.matmul(cosine))
    }
}
