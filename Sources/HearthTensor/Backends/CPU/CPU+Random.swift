import CKernels

extension CPU {
    package func random(_ distribution: Distribution, into destination: Tensor, _ stream: RandomStream) {
        Team.shared.parallel(destination.count, grain: Self.grain / 4) { range in
            draw(distribution, stream, range, into: destination)
        }
    }

    package func dropout(_ x: Tensor, probability: Double, _ stream: RandomStream) -> Tensor {
        if x.dtype.isHalf {
            return convert(dropout(convert(x, to: .float32), probability: probability, stream), to: x.dtype)
        }
        let x = contiguous(x)
        let result = Tensor.uninitialized(Spec(x.shape, x.dtype))
        Team.shared.parallel(x.count, grain: Self.grain / 4) { range in
            let (first, number) = (range.lowerBound, Int64(range.count))
            if x.dtype == .float32 {
                hk_dropout_f32(
                    stream.seed, stream.offset, Int64(first), number, probability, x.floats + first,
                    result.floats + first)
            } else {
                hk_dropout_f64(
                    stream.seed, stream.offset, Int64(first), number, probability, x.doubles + first,
                    result.doubles + first)
            }
        }
        return result
    }

    private func draw(_ distribution: Distribution, _ stream: RandomStream, _ range: Range<Int>, into result: Tensor) {
        switch distribution {
        case .integers(let low, let high):
            let span = UInt64(bitPattern: Int64(high &- low))
            pieces(of: range, from: .int64, into: result) { first, count, out in
                hk_random_integers(
                    stream.seed, stream.offset, first, count, Int64(low), span,
                    out.assumingMemoryBound(to: Int64.self))
            }
        case .bernoulli(let probability):
            pieces(of: range, from: .bool, into: result) { first, count, out in
                hk_random_bernoulli(
                    stream.seed, stream.offset, first, count, probability, out.assumingMemoryBound(to: UInt8.self))
            }
        case .uniform, .normal, .exponential:
            let type: DType = result.dtype == .float64 ? .float64 : .float32
            pieces(of: range, from: type, into: result) { first, count, out in
                Self.drawReal(distribution, stream, type, first, count, out)
            }
        }
    }

    private static func drawReal(
        _ distribution: Distribution, _ stream: RandomStream, _ type: DType, _ first: Int64, _ count: Int64,
        _ out: UnsafeMutableRawPointer
    ) {
        let (seed, offset) = (stream.seed, stream.offset)
        let (floats, doubles) = (out.assumingMemoryBound(to: Float.self), out.assumingMemoryBound(to: Double.self))
        switch (distribution, type) {
        case (.uniform(let low, let high), .float64):
            hk_random_uniform_f64(seed, offset, first, count, low, high, doubles)
        case (.uniform(let low, let high), _):
            hk_random_uniform_f32(seed, offset, first, count, low, high, floats)
        case (.normal(let mean, let deviation), .float64):
            hk_random_normal_f64(seed, offset, first, count, mean, deviation, doubles)
        case (.normal(let mean, let deviation), _):
            hk_random_normal_f32(seed, offset, first, count, mean, deviation, floats)
        case (.exponential(let rate), .float64): hk_random_exponential_f64(seed, offset, first, count, rate, doubles)
        case (.exponential(let rate), _): hk_random_exponential_f32(seed, offset, first, count, rate, floats)
        default: fatalError("\(distribution) has no real numbers")
        }
    }

    /// Lets `body` write elements of `type`: into the result itself if that is its type, else into a piece of memory
    /// from which they are converted.
    private func pieces(
        of range: Range<Int>, from type: DType, into result: Tensor,
        _ body: (_ first: Int64, _ count: Int64, _ out: UnsafeMutableRawPointer) -> Void
    ) {
        let size = result.dtype.byteCount
        if result.dtype == type {
            body(Int64(range.lowerBound), Int64(range.count), result.pointer + range.lowerBound * size)
            return
        }
        let kernel = hk_find_convert(type.kernel, result.dtype.kernel).unsafelyUnwrapped
        let piece = 1024
        withUnsafeTemporaryAllocation(byteCount: piece * type.byteCount, alignment: 64) { memory in
            let wide = memory.baseAddress.unsafelyUnwrapped
            for first in stride(from: range.lowerBound, to: range.upperBound, by: piece) {
                let count = min(piece, range.upperBound - first)
                body(Int64(first), Int64(count), wide)
                kernel(Int64(count), wide, 1, result.pointer + first * size, 1)
            }
        }
    }
}
