// Window functions: weights of a stretch of a signal that fall off to its ends. A `periodic` one is the symmetric one of one
// more element without its last, as a Fourier transform wants it; that is PyTorch's default.
extension Tensor {
    /// Hann's window, `sin²(πn / N)`. PyTorch's `hann_window`.
    public static func hannWindow(
        _ length: Int, periodic: Bool = true, dtype: DType = .float32, device: Device = .default
    ) -> Tensor {
        hammingWindow(length, periodic: periodic, alpha: 0.5, beta: 0.5, dtype: dtype, device: device)
    }

    /// Hamming's window, `alpha - beta cos(2πn / N)`. PyTorch's `hamming_window`.
    public static func hammingWindow(
        _ length: Int, periodic: Bool = true, alpha: Double = 0.54, beta: Double = 0.46, dtype: DType = .float32,
        device: Device = .default
    ) -> Tensor {
        window("hammingWindow", length, periodic, dtype, device) { n, size in
            (n * (2 * Double.pi / size)).cos() * -beta + alpha
        }
    }

    /// Blackman's window, `0.42 - 0.5 cos(2πn / N) + 0.08 cos(4πn / N)`. PyTorch's `blackman_window`.
    public static func blackmanWindow(
        _ length: Int, periodic: Bool = true, dtype: DType = .float32, device: Device = .default
    ) -> Tensor {
        window("blackmanWindow", length, periodic, dtype, device) { n, size in
            (n * (4 * Double.pi / size)).cos() * 0.08 - (n * (2 * Double.pi / size)).cos() * 0.5 + 0.42
        }
    }

    /// Bartlett's window, a triangle. PyTorch's `bartlett_window`.
    public static func bartlettWindow(
        _ length: Int, periodic: Bool = true, dtype: DType = .float32, device: Device = .default
    ) -> Tensor {
        window("bartlettWindow", length, periodic, dtype, device) { n, size in 1 - (n * (2 / size) - 1).abs() }
    }

    /// Kaiser's window, `I₀(beta sqrt(1 - (2n / N - 1)²)) / I₀(beta)`. PyTorch's `kaiser_window`.
    public static func kaiserWindow(
        _ length: Int, periodic: Bool = true, beta: Double = 12, dtype: DType = .float32, device: Device = .default
    ) -> Tensor {
        window("kaiserWindow", length, periodic, dtype, device) { n, size in
            let inside = (1 - (n * (2 / size) - 1).square()).clamp(min: 0)
            return (inside.sqrt() * beta).i0() / Tensor(beta, dtype: .float64, device: device).i0()
        }
    }

    /// A window by its formula of the place `n` in `0...size`, in `float64` until the end.
    private static func window(
        _ name: String, _ length: Int, _ periodic: Bool, _ dtype: DType, _ device: Device,
        _ formula: (_ n: Tensor, _ size: Double) -> Tensor
    ) -> Tensor {
        guard length >= 0, dtype.isFloatingPoint else {
            stop(
                name, "a length that is not negative and a floating-point dtype are expected; found \(length), \(dtype)"
            )
            return .meta([0], dtype: dtype)
        }
        if length < 2 { return ones([length], dtype: dtype, device: device) }
        let places = arange(length, dtype: .float64, device: device)
        return formula(places, Double(periodic ? length : length - 1)).to(dtype)
    }
}
