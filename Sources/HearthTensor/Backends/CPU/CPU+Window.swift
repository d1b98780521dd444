import CKernels

extension CPU {
    package func unfold(_ x: Tensor, _ window: Window) -> Tensor {
        if x.dtype.isHalf { return convert(unfold(convert(x, to: .float32), window), to: x.dtype) }
        let x = contiguous(x)
        let plan = hk_window(window, size: Shape(x.shape.dropFirst(2)))
        let (planes, plane) = (x.shape[0] * x.shape[1], plan.planeCount)
        let columns = window.kernel.elementCount * plan.windowCount
        let shape: Shape = [x.shape[0], x.shape[1] * window.kernel.elementCount, plan.windowCount]
        let result = Tensor.uninitialized(Spec(shape, x.dtype))
        withUnsafePointer(to: plan) { plan in
            Self.forEachPlane(planes, columns) { i in
                if x.dtype == .float32 {
                    hk_unfold_f32(plan, x.floats + i * plane, result.floats + i * columns)
                } else {
                    hk_unfold_f64(plan, x.doubles + i * plane, result.doubles + i * columns)
                }
            }
        }
        return result
    }

    package func fold(_ columns: Tensor, _ window: Window, size: Shape) -> Tensor {
        if columns.dtype.isHalf {
            return convert(fold(convert(columns, to: .float32), window, size: size), to: columns.dtype)
        }
        let x = contiguous(columns)
        let plan = hk_window(window, size: size)
        let channels = x.shape[1] / window.kernel.elementCount
        let (planes, plane) = (x.shape[0] * channels, plan.planeCount)
        let length = window.kernel.elementCount * plan.windowCount
        let result = Tensor.uninitialized(Spec(Shape([x.shape[0], channels] + Array(size)), x.dtype))
        withUnsafePointer(to: plan) { plan in
            Self.forEachPlane(planes, length) { i in
                if x.dtype == .float32 {
                    hk_fold_f32(plan, x.floats + i * length, result.floats + i * plane)
                } else {
                    hk_fold_f64(plan, x.doubles + i * length, result.doubles + i * plane)
                }
            }
        }
        return result
    }

    package func maxPool(_ x: Tensor, _ pools: Pools) -> (values: Tensor, positions: Tensor) {
        if x.dtype != .float32 && x.dtype != .float64 {
            let wide = maxPool(convert(x, to: x.dtype.isHalf ? .float32 : .float64), pools)
            return (convert(wide.values, to: x.dtype), wide.positions)
        }
        let x = contiguous(x)
        let shape = x.shape.replacingLast(pools.rank, with: pools.outputs)
        let values = Tensor.uninitialized(Spec(shape, x.dtype))
        let positions = Tensor.uninitialized(Spec(shape, .int64))
        let (plane, out) = (pools.size.elementCount, pools.outputs.elementCount)
        if out == 0 { return (values, positions) }
        pools.withTables { table in
            Self.forEachPlane(values.count / out, Swift.max(plane, out) * 4) { i in
                if x.dtype == .float32 {
                    hk_max_pool_f32(
                        table, x.floats + i * plane, values.floats + i * out, positions.integers + i * out)
                } else {
                    hk_max_pool_f64(
                        table, x.doubles + i * plane, values.doubles + i * out, positions.integers + i * out)
                }
            }
        }
        return (values, positions)
    }

    package func largest(_ x: Tensor, _ pools: Pools) -> Tensor {
        guard x.dtype == .float32 else { return maxPool(x, pools).values }
        let x = contiguous(x)
        let values = Tensor.uninitialized(Spec(x.shape.replacingLast(pools.rank, with: pools.outputs), x.dtype))
        let (plane, out) = (pools.size.elementCount, pools.outputs.elementCount)
        if out == 0 { return values }
        pools.withTables { table in
            Self.forEachPlane(values.count / out, Swift.max(plane, out) * 2) { i in
                hk_max_pool_f32(table, x.floats + i * plane, values.floats + i * out, nil)
            }
        }
        return values
    }

    package func maxPoolGradient(_ g: Tensor, _ positions: Tensor, _ pools: Pools) -> Tensor {
        if g.dtype.isHalf {
            return convert(maxPoolGradient(convert(g, to: .float32), positions, pools), to: g.dtype)
        }
        let (g, positions) = (contiguous(g), contiguous(positions))
        let result = Tensor.uninitialized(Spec(g.shape.replacingLast(pools.rank, with: pools.size), g.dtype))
        let (plane, out) = (pools.size.elementCount, pools.outputs.elementCount)
        if result.count == 0 { return result }
        Self.forEachPlane(result.count / plane, plane + out) { i in
            if g.dtype == .float32 {
                hk_max_pool_gradient_f32(
                    Int64(out), Int64(plane), g.floats + i * out, positions.integers + i * out,
                    result.floats + i * plane)
            } else {
                hk_max_pool_gradient_f64(
                    Int64(out), Int64(plane), g.doubles + i * out, positions.integers + i * out,
                    result.doubles + i * plane)
            }
        }
        return result
    }

    package func averagePool(_ x: Tensor, _ pools: Pools) -> Tensor {
        if x.dtype.isHalf { return convert(averagePool(convert(x, to: .float32), pools), to: x.dtype) }
        let x = contiguous(x)
        let result = Tensor.uninitialized(Spec(x.shape.replacingLast(pools.rank, with: pools.outputs), x.dtype))
        let (plane, out) = (pools.size.elementCount, pools.outputs.elementCount)
        if result.count == 0 { return result }
        pools.withTables { table in
            Self.forEachPlane(result.count / out, Swift.max(plane, out) * 2) { i in
                if x.dtype == .float32 {
                    hk_average_pool_f32(table, x.floats + i * plane, result.floats + i * out)
                } else {
                    hk_average_pool_f64(table, x.doubles + i * plane, result.doubles + i * out)
                }
            }
        }
        return result
    }

    package func averagePoolGradient(_ g: Tensor, _ pools: Pools) -> Tensor {
        if g.dtype.isHalf { return convert(averagePoolGradient(convert(g, to: .float32), pools), to: g.dtype) }
        let g = contiguous(g)
        let result = Tensor.uninitialized(Spec(g.shape.replacingLast(pools.rank, with: pools.size), g.dtype))
        let (plane, out) = (pools.size.elementCount, pools.outputs.elementCount)
        if result.count == 0 { return result }
        pools.withTables { table in
            Self.forEachPlane(result.count / plane, Swift.max(plane, out) * 2) { i in
                if g.dtype == .float32 {
                    hk_average_pool_gradient_f32(table, g.floats + i * out, result.floats + i * plane)
                } else {
                    hk_average_pool_gradient_f64(table, g.doubles + i * out, result.doubles + i * plane)
                }
            }
        }
        return result
    }

    package func resample(_ x: Tensor, along axis: Int, _ taps: Taps, transposed: Bool) -> Tensor {
        if x.dtype.isHalf {
            return convert(
                resample(convert(x, to: .float32), along: axis, taps, transposed: transposed), to: x.dtype)
        }
        let x = contiguous(x)
        var shape = x.shape
        shape[axis] = transposed ? taps.size : taps.outputs
        let result = Tensor.uninitialized(Spec(shape, x.dtype))
        if result.count == 0 { return result }
        let inner = Shape(x.shape.dropFirst(axis + 1)).elementCount
        let (read, written) = (x.shape[axis] * inner, shape[axis] * inner)
        let (out, width, size) = (Int64(taps.outputs), Int64(taps.width), Int64(taps.size))
        Self.forEachPlane(result.count / written, taps.outputs * taps.width * inner) { i in
            switch (x.dtype == .float32, transposed) {
            case (true, false):
                hk_resample_f32(
                    out, width, Int64(inner), taps.positions, taps.weights, x.floats + i * read,
                    result.floats + i * written)
            case (true, true):
                hk_resample_gradient_f32(
                    out, width, Int64(inner), size, taps.positions, taps.weights, x.floats + i * read,
                    result.floats + i * written)
            case (false, false):
                hk_resample_f64(
                    out, width, Int64(inner), taps.positions, taps.weights, x.doubles + i * read,
                    result.doubles + i * written)
            case (false, true):
                hk_resample_gradient_f64(
                    out, width, Int64(inner), size, taps.positions, taps.weights, x.doubles + i * read,
                    result.doubles + i * written)
            }
        }
        return result
    }

    /// Calls `body` in parallel for each plane, of which each costs some `work` elements.
    private static func forEachPlane(_ planes: Int, _ work: Int, _ body: (Int) -> Void) {
        Team.shared.parallel(planes, grain: Swift.max(1, grain / Swift.max(work, 1))) { range in
            for plane in range { body(plane) }
        }
    }
}

extension Dimensions {
    /// These sizes with the last ones replaced.
    func replacingLast(_ count: Int, with sizes: Dimensions) -> Dimensions {
        Dimensions(Array(dropLast(count)) + Array(sizes))
    }
}

extension hk_window {
    /// The window in three dimensions, those that are missing before the others.
    fileprivate init(_ window: Window, size: Shape) {
        self.init()
        func triple(_ values: Dimensions, _ missing: Int64) -> (Int64, Int64, Int64) {
            let all = Array(repeating: missing, count: 3 - values.count) + values.map(Int64.init)
            return (all[0], all[1], all[2])
        }
        self.size = triple(size, 1)
        kernel = triple(window.kernel, 1)
        stride = triple(window.stride, 1)
        before = triple(window.before, 0)
        dilation = triple(window.dilation, 1)
        var outputs = Shape()
        for i in 0..<window.rank {
            let reach = window.dilation[i] * (window.kernel[i] - 1) + 1
            outputs.append((size[i] + window.before[i] + window.after[i] - reach) / window.stride[i] + 1)
        }
        out = triple(outputs, 1)
    }

    fileprivate var planeCount: Int { Int(size.0 * size.1 * size.2) }
    fileprivate var windowCount: Int { Int(out.0 * out.1 * out.2) }
}

extension Pools {
    /// Calls `body` with the tables as the kernels read them.
    fileprivate func withTables(_ body: (UnsafePointer<hk_pool>) -> Void) {
        let start = lines.map(\.start).flatMap { $0 }
        let end = lines.map(\.end).flatMap { $0 }
        let scale = lines.map(\.scale).flatMap { $0 }
        let (a, b, c) = (lines[0].start.count, lines[1].start.count, lines[2].start.count)
        start.withUnsafeBufferPointer { start in
            end.withUnsafeBufferPointer { end in
                scale.withUnsafeBufferPointer { scale in
                    func three<T>(_ p: UnsafeBufferPointer<T>) -> (
                        UnsafePointer<T>?, UnsafePointer<T>?, UnsafePointer<T>?
                    ) {
                        let base = p.baseAddress.unsafelyUnwrapped
                        return (base, base + a, base + a + b)
                    }
                    let table = hk_pool(
                        size: (Int64(lines[0].size), Int64(lines[1].size), Int64(lines[2].size)),
                        out: (Int64(a), Int64(b), Int64(c)),
                        step: (Int64(lines[0].step), Int64(lines[1].step), Int64(lines[2].step)),
                        start: three(start), end: three(end), scale: three(scale))
                    withUnsafePointer(to: table, body)
                }
            }
        }
    }
}
