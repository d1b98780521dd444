import CKernels

// Convolutions: oneDNN's where it is there; elsewhere, and for other types than float32, the elements under each window
// become columns of a matrix product.
extension CPU {
    package func convolve(_ x: Tensor, _ weight: Tensor, bias: Tensor?, _ window: Window, groups: Int) -> Tensor {
        if x.dtype.isHalf {
            let wide = convolve(
                convert(x, to: .float32), convert(weight, to: .float32), bias: bias.map { convert($0, to: .float32) },
                window, groups: groups)
            return convert(wide, to: x.dtype)
        }
        let (x, weight) = (contiguous(x), contiguous(weight))
        let result = Tensor.uninitialized(Spec(window.resultShape(x.shape, weight.shape), x.dtype))
        if result.count == 0 { return result }
        let bias = bias.map { contiguous($0) }
        if let plan = plan(.forward, x, weight, result, window, groups, hasBias: bias != nil) {
            plan.run(x, weight, into: result, bias: bias)
            return result
        }
        ColumnProduct(self, window, groups, source: x.shape, weight: weight.shape, result: result.shape)
            .forward(x, weight, bias, into: result)
        return result
    }

    package func convolveTransposed(_ g: Tensor, _ weight: Tensor, _ window: Window, groups: Int, size: Shape) -> Tensor
    {
        if g.dtype.isHalf {
            let (wideG, wideWeight) = (convert(g, to: .float32), convert(weight, to: .float32))
            return convert(convolveTransposed(wideG, wideWeight, window, groups: groups, size: size), to: g.dtype)
        }
        let (g, weight) = (contiguous(g), contiguous(weight))
        let shape = Shape([g.shape[0], weight.shape[1] * groups] + Array(size))
        let result = Tensor.uninitialized(Spec(shape, g.dtype))
        if result.count == 0 { return result }
        if g.count == 0 { return zeroed(result) }
        if let plan = plan(.data, result, weight, g, window, groups) {
            plan.run(g, weight, into: result)
            return result
        }
        ColumnProduct(self, window, groups, source: shape, weight: weight.shape, result: g.shape)
            .data(g, weight, into: result)
        return result
    }

    package func convolveWeight(_ g: Tensor, _ x: Tensor, _ window: Window, groups: Int) -> Tensor {
        if g.dtype.isHalf {
            let wide = convolveWeight(convert(g, to: .float32), convert(x, to: .float32), window, groups: groups)
            return convert(wide, to: g.dtype)
        }
        let (g, x) = (contiguous(g), contiguous(x))
        let shape = Shape([g.shape[1], x.shape[1] / groups] + Array(window.kernel))
        let result = Tensor.uninitialized(Spec(shape, g.dtype))
        if result.count == 0 { return result }
        if g.count == 0 || x.count == 0 { return zeroed(result) }
        if let plan = plan(.weights, x, result, g, window, groups) {
            plan.run(g, x, into: result)
            return result
        }
        ColumnProduct(self, window, groups, source: x.shape, weight: shape, result: g.shape)
            .weights(g, x, into: result)
        return result
    }

    private func zeroed(_ x: Tensor) -> Tensor {
        fill(x, with: .int(0))
        return x
    }

    private func plan(
        _ kind: ConvolutionPlan.Signature.Kind, _ source: Tensor, _ weight: Tensor, _ result: Tensor,
        _ window: Window, _ groups: Int, hasBias: Bool = false
    ) -> ConvolutionPlan? {
        guard source.dtype == .float32, source.count > 0 else { return nil }
        return ConvolutionPlan.plan(
            .init(
                kind: kind, source: source.shape, weight: weight.shape, result: result.shape, hasBias: hasBias,
                window: window, groups: groups))
    }
}

extension Window {
    /// The shape of a convolution's result, of operands that fit.
    fileprivate func resultShape(_ x: Shape, _ weight: Shape) -> Shape {
        var shape: Shape = [x[0], weight[0]]
        for i in 0..<rank {
            let room = x[i + 2] + before[i] + after[i] - dilation[i] * (kernel[i] - 1) - 1
            shape.append(room / stride[i] + 1)
        }
        return shape
    }
}

/// Convolutions as products of the weights with columns, as many images at a time as their columns fit a bound.
private struct ColumnProduct {
    let backend: CPU
    let window: Window
    let groups: Int
    let images: Int
    /// Sizes of the matrices of one group: rows of the weights, columns of the weights, windows.
    let rows: Int
    let depth: Int
    let windows: Int
    let size: Shape

    /// Elements of columns at a time.
    private static let bound = 1 << 22

    init(_ backend: CPU, _ window: Window, _ groups: Int, source: Shape, weight: Shape, result: Shape) {
        self.backend = backend
        self.window = window
        self.groups = groups
        images = source[0]
        size = Shape(source.dropFirst(2))
        rows = weight[0] / groups
        depth = Shape(weight.dropFirst()).elementCount
        windows = Shape(result.dropFirst(2)).elementCount
    }

    /// Calls `body` with ranges of images.
    private func forEachPart(_ body: (Range<Int>) -> Void) {
        let step = max(1, Self.bound / max(groups * depth * windows, 1))
        for start in stride(from: 0, to: images, by: step) { body(start..<min(start + step, images)) }
    }

    /// The elements of these images.
    private func part(_ x: Tensor, _ range: Range<Int>) -> Tensor {
        var layout = x.layout
        layout.offset += range.lowerBound * x.strides[0]
        layout.shape[0] = range.count
        return x.view(layout)
    }

    /// `[images, groups, rows, columns]` of contiguous elements.
    private func matrices(_ x: Tensor, _ count: Int, _ rows: Int, _ columns: Int) -> Tensor {
        var layout = Layout([count, groups, rows, columns])
        layout.offset = x.layout.offset
        return x.view(layout)
    }

    /// The weights, the same for every image.
    private func kernels(_ weight: Tensor, _ count: Int) -> Tensor {
        var layout = Layout([count, groups, rows, depth])
        layout.offset = weight.layout.offset
        layout.strides[0] = 0
        return weight.view(layout)
    }

    private func columns(_ x: Tensor, _ range: Range<Int>) -> Tensor {
        let images = part(x, range)
        return matrices(window.isIdentity ? images : backend.unfold(images, window), range.count, depth, windows)
    }

    func forward(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?, into result: Tensor) {
        forEachPart { range in
            let product = backend.matmul(kernels(weight, range.count), columns(x, range), bias: nil)
            backend.copy(product, into: matrices(part(result, range), range.count, rows, windows))
        }
        guard let bias else { return }
        let channels = Layout(shape: [images, bias.count, windows], strides: [0, 1, 0], offset: bias.layout.offset)
        backend.update(
            result.view(Layout([images, bias.count, windows])), with: HK_add, bias.view(channels), Parameters())
    }

    func data(_ g: Tensor, _ weight: Tensor, into result: Tensor) {
        forEachPart { range in
            let gradient = matrices(part(g, range), range.count, rows, windows)
            let columns = backend.matmul(kernels(weight, range.count).transposed, gradient, bias: nil)
            let whole = columns.view(Layout([range.count, groups * depth, windows]))
            let images = part(result, range)
            let folded = window.isIdentity ? whole : backend.fold(whole, window, size: size)
            backend.copy(folded.view(Layout(images.shape)), into: images)
        }
    }

    func weights(_ g: Tensor, _ x: Tensor, into result: Tensor) {
        backend.fill(result, with: .int(0))
        let sum = result.view(Layout([1, groups, rows, depth]))
        forEachPart { range in
            let gradient = matrices(part(g, range), range.count, rows, windows)
            let products = backend.matmul(gradient, columns(x, range).transposed, bias: nil)
            backend.update(sum, with: HK_add, backend.reduce(.sum, products, over: Axes([0])), Parameters())
        }
    }
}
