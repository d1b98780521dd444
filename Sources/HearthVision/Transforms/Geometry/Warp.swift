import CKernels
import HearthTensor

/// Where the pixels of a bent image come from.
enum Warp {
    /// A matrix of homogeneous coordinates: the pixel in column x and row y comes from (m0 x + m1 y + m2) / w and
    /// (m3 x + m4 y + m5) / w with w = m6 x + m7 y + m8.
    case matrix([Double])
    /// Column and row for each pixel, `[H, W, 2]` float32.
    case map(Tensor)
}

extension Draft {
    /// The image bent: nearest or bilinear, in this size or another. Where it comes from outside stands `fill` (one value,
    /// or one for each channel), or zero where there is none; along the edge bilinear mixes both, as torchvision does.
    mutating func warp(
        _ warp: Warp, height: Int? = nil, width: Int? = nil, by interpolation: Interpolation, fill: [Double]?
    ) {
        requireScale("bending an image")
        if let fill { requireFill(fill) }
        let source = pixels.contiguous()
        guard source.count > 0 else { return }
        let (newHeight, newWidth) = (height ?? source.shape[-2], width ?? source.shape[-1])
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * newWidth) { scratch in
            warp.withKernelWarp(
                newHeight, newWidth, isLinear: interpolation == .bilinear, fill?.map { Float($0) } ?? []
            ) {
                kernel in
                pixels = source.warped(kernel, newHeight, newWidth, scratch)
            }
        }
    }
}

/// How an image is bent: the nearest pixel or a mean of four. Stops the program for other interpolations.
func checkedBending(_ interpolation: Interpolation, _ step: String) -> Interpolation {
    require(interpolation != .bicubic, "\(step)", "images are bent nearest or bilinear, not bicubic")
    return interpolation
}

/// A number of degrees that stands for both directions. Stops the program for a negative one.
func checkedAngle(_ degrees: Double, _ step: String) -> ClosedRange<Double> {
    require(
        degrees >= 0, "\(step)",
        "one number of degrees stands for both directions and is not negative; it is \(degrees)")
    return -degrees...degrees
}

extension Warp {
    fileprivate func withKernelWarp(
        _ height: Int, _ width: Int, isLinear: Bool, _ fill: [Float], _ body: (UnsafePointer<hk_warp>) -> Void
    ) {
        fill.withUnsafeBufferPointer { fill in
            var kernel = hk_warp(
                matrix: nil, map: nil, height: Int64(height), width: Int64(width), is_linear: isLinear ? 1 : 0,
                fills: fill.baseAddress, fill_count: Int64(fill.count))
            switch self {
            case .matrix(let matrix):
                matrix.withUnsafeBufferPointer { matrix in
                    kernel.matrix = matrix.baseAddress
                    withUnsafePointer(to: &kernel, body)
                }
            case .map(let map):
                map.contiguous().withUnsafeBytes { bytes in
                    kernel.map = bytes.baseAddress?.assumingMemoryBound(to: Float.self)
                    withUnsafePointer(to: &kernel, body)
                }
            }
        }
    }
}

extension Tensor {
    fileprivate func warped(
        _ warp: UnsafePointer<hk_warp>, _ height: Int, _ width: Int, _ scratch: UnsafeMutableBufferPointer<Float>
    ) -> Tensor {
        if dtype == .uint8 {
            return remade(height: height, width: width) { hk_picture_warp($0, warp, scratch.baseAddress, $1) }
        }
        let floats = to(.float32).contiguous()
        let result = Tensor.make(Shape(Array(shape.dropLast(2)) + [height, width]), .float32, device: .cpu) { out in
            floats.withUnsafeBytes { source in
                hk_picture_warp_floats(
                    source.baseAddress?.assumingMemoryBound(to: Float.self),
                    Int64(shape.dropLast(2).reduce(1, *)), Int64(shape[-2]), Int64(shape[-1]), warp,
                    scratch.baseAddress,
                    out.baseAddress?.assumingMemoryBound(to: Float.self))
            }
        }
        return result.to(dtype)
    }
}
