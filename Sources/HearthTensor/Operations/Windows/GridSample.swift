/// How `gridSample` finds a value between elements.
public enum GridInterpolation: String, Sendable, CaseIterable {
    /// A straight line between two neighbours in each dimension; PyTorch's `bilinear`.
    case linear
    /// The nearest element.
    case nearest
    /// A cubic curve through four neighbours in each of two dimensions.
    case cubic
}

/// What `gridSample` finds outside the picture.
public enum GridPadding: String, Sendable, CaseIterable {
    /// Zeros.
    case zeros
    /// The element at the border.
    case border
    /// The picture mirrored at its border, again and again.
    case reflection
}

extension Tensor {
    /// The values of `[N, C, H, W]` at the places `grid`, `[N, H', W', 2]`: `[N, C, H', W']`. Each place is `(x, y)`, from -1
    /// to 1 across the picture. The same in three dimensions, `[N, C, D, H, W]` with places `(x, y, z)`, linear and nearest
    /// alone. Differentiable by both. PyTorch's `F.grid_sample`.
    /// - Parameter alignCorners: Whether -1 and 1 are the centres of the elements at the border, rather than its edges.
    ///
    /// Source: Jaderberg et al., "Spatial Transformer Networks", 2015 (<https://arxiv.org/abs/1506.02025>).
    public func gridSample(
        _ grid: Tensor, mode: GridInterpolation = .linear, padding: GridPadding = .zeros, alignCorners: Bool = false
    ) -> Tensor {
        let spatial = rank - 2
        guard spatial == 2 || spatial == 3 && mode != .cubic, grid.rank == rank, grid.shape[-1] == spatial,
            grid.shape[0] == shape[0]
        else {
            return stop(
                "gridSample", [spec, grid.spec],
                "[N, C, H, W] and [N, H', W', 2] are expected, or with one dimension more", fallback: self)
        }
        let rule = GridRule(mode: mode, padding: padding, alignCorners: alignCorners)
        // The last coordinate belongs to the first dimension.
        let taps = (0..<spatial).map { rule.taps(grid.select(-1, spatial - 1 - $0), over: shape[2 + $0]) }
        let planes = flatten(from: 2)
        var y = Tensor.zeros(
            Shape(Array(shape.prefix(2)) + [grid.shape.dropFirst().dropLast().reduce(1, *)]), dtype: dtype,
            device: device)
        for choice in tapChoices(of: taps) {
            var (place, weight) = (choice[0].place, choice[0].weight)
            for (axis, tap) in choice.enumerated().dropFirst() {
                place = place * shape[2 + axis] + tap.place
                weight = weight * tap.weight
            }
            let index = place.reshape([shape[0], 1, -1]).expand(to: y.shape)
            y = y + planes.gather(2, index) * weight.reshape([shape[0], 1, -1])
        }
        return y.reshape(Shape(Array(shape.prefix(2)) + Array(grid.shape.dropFirst().dropLast())))
    }

    /// The places that an affine map takes the centres of a picture's elements to: `theta` of `[N, 2, 3]` for `size`
    /// `[N, C, H, W]` gives `[N, H, W, 2]`, `[N, 3, 4]` for `[N, C, D, H, W]` gives `[N, D, H, W, 3]`. For `gridSample`.
    /// PyTorch's `F.affine_grid`.
    public static func affineGrid(_ theta: Tensor, size: Shape, alignCorners: Bool = false) -> Tensor {
        let spatial = size.count - 2
        guard spatial == 2 || spatial == 3, theta.shape == [size[0], spatial, spatial + 1] else {
            return stop(
                "affineGrid", [theta.spec], "[\(size[0]), \(spatial), \(spatial + 1)] is expected for size \(size)",
                fallback: theta)
        }
        let sizes = Shape(size.dropFirst(2))
        let lines = (0..<spatial).reversed().map { axis in
            let count = sizes[axis]
            var line =
                count > 1
                ? linspace(-1, 1, count: count, dtype: theta.dtype, device: theta.device)
                : zeros([count], dtype: theta.dtype, device: theta.device)
            if !alignCorners { line = line * (Double(count - 1) / Double(count)) }
            var column = Shape(repeating: 1, count: spatial)
            column[axis] = count
            return line.reshape(column).expand(to: sizes)
        }
        let places = stack(lines + [ones(sizes, dtype: theta.dtype, device: theta.device)], dim: -1).reshape([
            1, -1, spatial + 1,
        ])
        return places.matmul(theta.mT).reshape(Shape([size[0]] + Array(sizes) + [spatial]))
    }
}

/// One of the elements that a value is made of, along one dimension.
private struct Tap {
    /// Its position, int64, inside the dimension.
    let place: Tensor
    /// How much of it the value has; 0 outside.
    let weight: Tensor
}

/// All ways to take one tap of each dimension.
private func tapChoices(of taps: [[Tap]]) -> [[Tap]] {
    taps.reduce([[]]) { chosen, next in chosen.flatMap { some in next.map { some + [$0] } } }
}

private struct GridRule {
    let mode: GridInterpolation
    let padding: GridPadding
    let alignCorners: Bool

    /// The taps for coordinates from -1 to 1 along a dimension of `size` elements.
    func taps(_ coordinates: Tensor, over size: Int) -> [Tap] {
        let x =
            alignCorners
            ? (coordinates + 1) * (Double(size - 1) / 2) : ((coordinates + 1) * Double(size) - 1) / 2
        switch mode {
        case .nearest:
            let place = inside(x.detach(), size).round()
            return [tap(place, Tensor.ones(like: place), size)]
        case .linear:
            let place = inside(x, size)
            let low = place.detach().floor()
            let share = place - low
            return [tap(low, 1 - share, size), tap(low + 1, share, size)]
        case .cubic:
            let low = x.detach().floor()
            let share = x - low
            return (-1...2).map { offset in
                // Each neighbour is brought inside by itself.
                tap(inside(low + offset, size), Self.cubic(share - Double(offset)), size)
            }
        }
    }

    private func tap(_ place: Tensor, _ weight: Tensor, _ size: Int) -> Tap {
        let isInside = (place >= 0) & (place <= Double(size - 1))
        return Tap(
            place: place.detach().clamp(min: 0, max: Double(size - 1)).to(.int64),
            weight: weight.masked(where: isInside))
    }

    /// Keys' curve for a neighbour at this distance, with the factor -0.75.
    private static func cubic(_ distance: Tensor) -> Tensor {
        let (a, t) = (-0.75, distance.abs())
        let near = ((t * (a + 2) - (a + 3)) * t) * t + 1
        let far = ((t * a - 5 * a) * t + 8 * a) * t - 4 * a
        return Tensor.where(t.detach() <= 1, near, far)
    }

    /// Positions brought into the picture as the padding says.
    private func inside(_ x: Tensor, _ size: Int) -> Tensor {
        let last = Double(size - 1)
        switch padding {
        case .zeros: return x
        case .border: return x.clamp(min: 0, max: last)
        case .reflection:
            let (low, span) = alignCorners ? (0.0, last) : (-0.5, last + 1)
            guard span > 0 else { return x * 0 }
            let distance = (x - low).abs()
            let turns = (distance.detach() / span).floor()
            let rest = distance - turns * span
            let isEven = (turns % 2) == 0
            return Tensor.where(isEven, rest + low, span - rest + low).clamp(min: 0, max: last)
        }
    }
}
