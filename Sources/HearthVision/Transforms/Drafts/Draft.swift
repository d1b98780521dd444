import HearthTensor

/// A picture on its way through a chain of steps, with the work on it put off for as long as steps can share one pass.
///
/// Cropping, mirroring, padding, resizing and whatever changes each byte by itself are only noted down: which part of the
/// picture is meant, in which size, and what becomes of each of 256 bytes. All of it is done in one pass when the
/// pixels are read. A step that has to see them (the contrast depends on all pixels) reads `pixels` and puts a new
/// picture in their place. Pictures of floats are worked on at once.
package struct Draft {
    /// The picture that the notes are about, `[…, C, H, W]`.
    private var source: Tensor
    /// The part of the source that is resized.
    private var part: (rows: Range<Int>, columns: Range<Int>)
    /// The size that the part gets, and how.
    private var scale: Scaling?
    /// What is seen of the picture, after resizing.
    private var rows: WindowAxis
    private var columns: WindowAxis
    /// What stands in the border: one byte for all channels, or one for each.
    private var fill: [UInt8] = [0]
    /// What each byte becomes, in tables of 256: one for all planes, one for each channel, or one for each plane. Empty
    /// where bytes stay.
    private(set) var table: [UInt8] = []

    /// The picture `image`, `[…, C, H, W]`. Stops the program for other shapes.
    package init(_ image: Tensor) {
        guard image.rank >= 3 else { fatalError("an image [C, H, W] is expected, not \(image.spec)") }
        // Pictures are worked on in the processor's memory.
        source = image.detach().cpu()
        part = (0..<image.shape[-2], 0..<image.shape[-1])
        rows = WindowAxis(image.shape[-2])
        columns = WindowAxis(image.shape[-1])
    }

    /// True for `uint8`, whose work is put off.
    var holdsBytes: Bool { source.dtype == .uint8 && source.count > 0 }
    /// The rows that the picture has at this point.
    package var height: Int { rows.count }
    /// The columns that the picture has at this point.
    package var width: Int { columns.count }
    var channels: Int { source.shape[-3] }
    var dtype: DType { source.dtype }
    /// The sizes before the height: those of a batch, and the channels.
    var leading: [Int] { Array(source.shape.dropLast(2)) }
    /// What white is: 255 in bytes, 1 in floats. Other values have no scale (see `requireScale`).
    var bound: Double { source.dtype == .uint8 ? 255 : 1 }

    private var isUntouched: Bool {
        scale == nil && table.isEmpty && rows.isWhole(of: source.shape[-2]) && columns.isWhole(of: source.shape[-1])
    }

    /// The picture with everything done that was noted down.
    package var pixels: Tensor {
        mutating get {
            if !isUntouched { self = Draft(pass(PixelTable?.none).tensor()) }
            return source
        }
        set { self = Draft(newValue) }
    }

    /// What is left to do, with a table that ends it in floats, where there is one.
    func pass(_ floats: PixelTable?) -> PixelPass {
        PixelPass(
            source: source.contiguous(), part: part, scale: scale, rows: rows, columns: columns, fill: fill,
            bytes: table,
            floats: floats)
    }
}

extension Draft {
    /// What each byte becomes from here on: 256 bytes for all planes, for each channel, or for each plane.
    mutating func map(_ tables: [UInt8]) {
        guard !table.isEmpty else {
            table = tables
            return
        }
        let count = max(table.count, tables.count)
        table = (0..<count).map { i in
            let plane = i / 256
            let before = table[plane * 256 % table.count + i % 256]
            return tables[plane * 256 % tables.count + Int(before)]
        }
    }

    /// `change` of every byte from here on.
    mutating func map(_ change: (UInt8) -> UInt8) { map((UInt8.min...UInt8.max).map(change)) }

    /// A part of the picture, which must lie inside.
    package mutating func crop(top: Int, left: Int, height: Int, width: Int) {
        guard holdsBytes else {
            pixels = source.narrow(-2, start: top, length: height).narrow(-1, start: left, length: width)
            return
        }
        rows.crop(from: top, length: height)
        columns.crop(from: left, length: width)
    }

    /// The picture mirrored top to bottom.
    mutating func mirrorRows() {
        if holdsBytes { rows.mirror() } else { pixels = source.flip(-2) }
    }

    /// The picture mirrored left to right.
    mutating func mirrorColumns() {
        if holdsBytes { columns.mirror() } else { pixels = source.flip(-1) }
    }

    /// A border around the picture, of one value or one for each channel.
    mutating func pad(_ border: Border, fill values: [Double]) {
        requireFill(values)
        guard holdsBytes else {
            pixels = source.bordered(border, values)
            return
        }
        let bytes = values.map { UInt8(max(0, min(255, $0))) }
        // Byte changes noted before the border was added must not change the border, so they are applied first.
        if !table.isEmpty || ((rows.hasBorder || columns.hasBorder) && bytes != fill) { settle() }
        fill = bytes
        rows.pad(before: border.top, after: border.bottom)
        columns.pad(before: border.left, after: border.right)
    }

    /// The picture in another size.
    package mutating func resize(to size: Scaling) {
        let (height, width) = (size.height, size.width)
        guard height != rows.count || width != columns.count else { return }
        guard holdsBytes else {
            pixels = source.resized(to: size)
            return
        }
        if scale != nil || !table.isEmpty || rows.part == nil || columns.part == nil { settle() }
        part = (rows.part ?? part.rows, columns.part ?? part.columns)
        scale = size
        rows = WindowAxis(height)
        columns = WindowAxis(width)
    }

    /// Puts values into a rectangle of the picture, in place where no other tensor shares its memory: one value, one
    /// for each channel, or values `[C, …]` of the rectangle.
    package mutating func erase(_ rows: Range<Int>, _ columns: Range<Int>, with values: Tensor) {
        settle()
        source[.ellipsis, rows, columns] = values.to(dtype).cpu()
    }

    /// Does what was noted down.
    private mutating func settle() { _ = pixels }
}

extension Draft {
    /// Stops the program unless white is known: whole numbers other than bytes may be of any scale.
    func requireScale(_ step: String) {
        require(
            dtype == .uint8 || dtype.isFloatingPoint, "\(step)",
            "a uint8 or floating-point image is expected, not \(dtype); Image.readFloat reads pictures of "
                + "16 bits as floats")
    }

    /// Stops the program unless there is one value for all channels, or one for each.
    func requireFill(_ values: [Double]) {
        guard values.count == 1 || values.count == channels else {
            fatalError("\(values.count) values of a border for \(channels) channels; one is expected, or one for each")
        }
    }
}

extension Tensor {
    /// A picture of floats with a border.
    fileprivate func bordered(_ border: Border, _ values: [Double]) -> Tensor {
        let sizes = [border.left, border.right, border.top, border.bottom]
        guard values.count > 1 else { return noGrad { pad(sizes, mode: .constant, value: values.first ?? 0) } }
        let planes = values.enumerated().map { channel, value in
            noGrad { narrow(-3, start: channel, length: 1).pad(sizes, mode: .constant, value: value) }
        }
        return Tensor.cat(planes, dim: -3)
    }

    /// A picture of floats in another size.
    fileprivate func resized(to size: Scaling) -> Tensor {
        let (height, width) = (size.height, size.width)
        let planes = reshape([-1, 1, shape[-2], shape[-1]])
        let result: Tensor = noGrad {
            switch size.interpolation {
            case .nearest: planes.interpolate(size: [height, width], mode: .nearest)
            case .bilinear: planes.interpolate(size: [height, width], mode: .linear, antialias: size.antialias)
            case .bicubic: planes.interpolate(size: [height, width], mode: .cubic, antialias: size.antialias)
            }
        }
        return result.reshape(Shape(Array(shape.dropLast(2)) + [height, width]))
    }
}
