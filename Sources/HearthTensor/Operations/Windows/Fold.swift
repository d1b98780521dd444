/// The elements under each window as columns.
struct Im2Col: TensorOperation {
    static let name = "im2col"
    let window: Window

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let shape = x[0].shape
        guard shape.count == window.rank + 2 else { throw ShapeError("\(window.rank + 2) dimensions are expected") }
        guard x[0].dtype.isFloatingPoint else { throw ShapeError("a floating-point dtype is expected") }
        let windows = try window.outputs(over: Shape(shape.dropFirst(2)))
        return Spec([shape[0], shape[1] * window.kernel.elementCount, windows.elementCount], x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        return x.backend.unfold(x[0], window)
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        Gradients(apply(Col2Im(window: window, size: Shape(kept[0].shape.dropFirst(2))), to: g))
    }
}

extension Im2Col {
    var attributes: Attributes { ["window": window] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(window: try attributes["window"])
    }
}

/// Columns added up where they were taken from; the transpose of `Im2Col`.
struct Col2Im: TensorOperation {
    static let name = "col2im"
    let window: Window
    let size: Shape

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let shape = x[0].shape
        let area = window.kernel.elementCount
        guard shape.count == 3, shape[1] % area == 0 else {
            throw ShapeError("[N, C * \(area), windows] is expected for a kernel of \(window.kernel)")
        }
        guard x[0].dtype.isFloatingPoint else { throw ShapeError("a floating-point dtype is expected") }
        let windows = try window.outputs(over: size)
        guard shape[2] == windows.elementCount else {
            throw ShapeError("\(windows.elementCount) windows fit \(size); there are \(shape[2])")
        }
        return Spec(Shape([shape[0], shape[1] / area] + Array(size)), x[0].dtype)
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        x.backend.fold(x[0], window, size: size)
    }

    func gradient(_ gg: Tensor, _ kept: Kept) -> Gradients { Gradients(apply(Im2Col(window: window), to: gg)) }
}

extension Col2Im {
    var attributes: Attributes { ["window": window, "size": size] }

    init(_ name: String, _ attributes: Attributes) throws(AttributeError) {
        self.init(window: try attributes["window"], size: try attributes["size"])
    }
}

extension Tensor {
    /// The elements under each window that slides over `[N, C, H, W]`, or `[C, H, W]`, as columns:
    /// `[N, C * kernel, windows]`. PyTorch's `F.unfold`.
    public func unfold2d(
        _ kernelSize: some Extent, dilation: some Extent = 1, padding: some Extent = 0, stride: some Extent = 1
    ) -> Tensor {
        let window = Self.window("unfold2d", kernelSize, dilation, padding, stride)
        if rank == 3 { return apply(Im2Col(window: window), to: unsqueeze(0)).squeeze(0) }
        return apply(Im2Col(window: window), to: self)
    }

    /// Columns `[N, C * kernel, windows]`, or `[C * kernel, windows]`, added up where `unfold2d` takes them from:
    /// `[N, C, H, W]` with H and W from `outputSize`. PyTorch's `F.fold`.
    public func fold2d(
        outputSize: some Extent, _ kernelSize: some Extent, dilation: some Extent = 1, padding: some Extent = 0,
        stride: some Extent = 1
    ) -> Tensor {
        let window = Self.window("fold2d", kernelSize, dilation, padding, stride)
        let fold = Col2Im(window: window, size: outputSize.checked(2, "output size", "fold2d"))
        if rank == 2 { return apply(fold, to: unsqueeze(0)).squeeze(0) }
        return apply(fold, to: self)
    }

    private static func window(
        _ name: String, _ kernel: some Extent, _ dilation: some Extent, _ padding: some Extent, _ stride: some Extent
    ) -> Window {
        let around = padding.checked(2, "padding", name)
        return Window(
            kernel: kernel.checked(2, "kernel size", name), stride: stride.checked(2, "stride", name),
            before: around, after: around, dilation: dilation.checked(2, "dilation", name))
    }
}
