import CKernels

extension CPU {
    package func moments(_ x: Tensor, _ groups: Groups, centred: Bool) -> Tensor {
        let x = contiguous(x)
        let (result, mean, variance) = twoRows(groups.count, x.dtype)
        groups.forEach { s, first, end in
            let mode: Int32 = centred ? 1 : 0
            if x.dtype == .float32 {
                hk_moments_f32(s, first, end, mode, x.floats, mean.floats, variance.floats)
            } else {
                hk_moments_f64(s, first, end, mode, x.doubles, mean.doubles, variance.doubles)
            }
        }
        return result
    }

    /// A fresh `[2, count]`, and its rows.
    private func twoRows(_ count: Int, _ dtype: DType) -> (both: Tensor, first: Tensor, second: Tensor) {
        let both = Tensor.uninitialized(Spec([2, count], dtype))
        func row(_ offset: Int) -> Tensor { both.view(Layout(shape: [count], strides: [1], offset: offset)) }
        return (both, row(0), row(count))
    }

    package func standardise(
        _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor, weight: Tensor?, bias: Tensor?
    ) -> Tensor {
        let (x, mean, scale) = (contiguous(x), contiguous(mean), contiguous(scale))
        let (weight, bias) = (weight.map(contiguous), bias.map(contiguous))
        let result = Tensor.uninitialized(x.spec)
        groups.forEach { s, first, end in
            if x.dtype == .float32 {
                hk_standardise_f32(
                    s, first, end, x.floats, mean.floats, scale.floats, weight?.floats, bias?.floats,
                    result.floats)
            } else {
                hk_standardise_f64(
                    s, first, end, x.doubles, mean.doubles, scale.doubles, weight?.doubles, bias?.doubles,
                    result.doubles)
            }
        }
        return result
    }

    package func standardiseGradient(
        _ g: Tensor, _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor, weight: Tensor?, follows: Bool,
        centred: Bool
    ) -> Tensor {
        let (g, x, weight) = (contiguous(g), contiguous(x), weight.map(contiguous))
        let (mean, scale) = (contiguous(mean), contiguous(scale))
        let result = Tensor.uninitialized(x.spec)
        let (moves, centres): (Int32, Int32) = (follows ? 1 : 0, centred ? 1 : 0)
        groups.forEach { s, first, end in
            if x.dtype == .float32 {
                hk_standardise_gradient_f32(
                    s, first, end, g.floats, x.floats, mean.floats, scale.floats, weight?.floats, moves, centres,
                    result.floats)
            } else {
                hk_standardise_gradient_f64(
                    s, first, end, g.doubles, x.doubles, mean.doubles, scale.doubles, weight?.doubles, moves, centres,
                    result.doubles)
            }
        }
        return result
    }

    package func standardiseSums(
        _ g: Tensor, _ x: Tensor, _ groups: Groups, mean: Tensor, scale: Tensor
    ) -> Tensor {
        let (g, x, mean, scale) = (contiguous(g), contiguous(x), contiguous(mean), contiguous(scale))
        let count = groups.affineCount
        let (result, weight, bias) = twoRows(count, x.dtype)
        groups.forEach(count) { s, first, end in
            if x.dtype == .float32 {
                hk_standardise_sums_f32(
                    s, first, end, g.floats, x.floats, mean.floats, scale.floats, weight.floats, bias.floats)
            } else {
                hk_standardise_sums_f64(
                    s, first, end, g.doubles, x.doubles, mean.doubles, scale.doubles, weight.doubles,
                    bias.doubles)
            }
        }
        return result
    }
}

extension Groups {
    /// Calls `body` in parallel with ranges of `parts`: of the groups, or of the weights.
    fileprivate func forEach(_ parts: Int? = nil, _ body: (UnsafePointer<hk_groups>, Int64, Int64) -> Void) {
        let parts = parts ?? count
        let work = Swift.max(size * count / Swift.max(parts, 1), 1)
        var numbers = hk_groups(
            batches: Int64(batches), groups: Int64(count), length: Int64(length), parts: 1, cycle: 1, along: 1)
        if case .parts(let parts, let cycle) = affine {
            // Without channels there is nothing to compute, but also nothing to divide by.
            (numbers.parts, numbers.cycle, numbers.along) = (Int64(Swift.max(parts, 1)), Int64(Swift.max(cycle, 1)), 0)
        }
        withUnsafePointer(to: numbers) { numbers in
            Team.shared.parallel(parts, grain: Swift.max(1, CPU.grain / 2 / work)) { range in
                body(numbers, Int64(range.lowerBound), Int64(range.upperBound))
            }
        }
    }
}
