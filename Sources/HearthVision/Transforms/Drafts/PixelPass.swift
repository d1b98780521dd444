import CKernels
import HearthTensor

/// One walk over the pixels of a picture that resizes, crops, mirrors, pads and recolours it, and ends in bytes or floats:
/// what a `Draft` has noted down.
struct PixelPass {
    /// A contiguous `uint8` picture `[…, C, H, W]`.
    let source: Tensor
    let part: (rows: Range<Int>, columns: Range<Int>)
    let scale: Scaling?
    let rows: WindowAxis
    let columns: WindowAxis
    let fill: [UInt8]
    /// What each byte becomes; empty where bytes stay.
    let bytes: [UInt8]
    /// The floats that each byte ends as.
    let floats: PixelTable?

    /// The shape of the result.
    var shape: Shape { Shape(Array(source.shape.dropLast(2)) + [rows.count, columns.count]) }
    var dtype: DType { floats == nil ? .uint8 : .float32 }
    var byteCount: Int { shape.elementCount * dtype.byteCount }

    /// The result as a tensor.
    func tensor() -> Tensor { Tensor.make(shape, dtype, device: .cpu) { write(to: $0) } }

    /// Writes the result into `byteCount` bytes.
    func write(to out: UnsafeMutableRawBufferPointer) {
        guard let target = out.baseAddress, !out.isEmpty else { return }
        let planes = source.shape.dropLast(2).reduce(1, *)
        source.withUnsafeBytes { bytes in
            withPlacement { placement in
                var picture = hk_picture(
                    bytes, planes: planes, of: source.shape, rows: part.rows, columns: part.columns)
                guard let scale else { return hk_picture_place(&picture, placement, target) }
                resize(&picture, scale, placement, target)
            }
        }
    }

    private func resize(
        _ picture: inout hk_picture, _ scale: Scaling, _ placement: UnsafePointer<hk_placement>,
        _ target: UnsafeMutableRawPointer
    ) {
        let across = ResamplingLine(
            from: part.columns.count, to: scale.width, by: scale.interpolation, antialias: scale.antialias,
            wanted: columns.visible)
        let down = ResamplingLine(
            from: part.rows.count, to: scale.height, by: scale.interpolation, antialias: scale.antialias,
            wanted: rows.visible)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: (part.rows.count + 1) * columns.visible.count) {
            scratch in
            across.withKernelLine { across in
                down.withKernelLine { down in
                    hk_picture_resize(&picture, across, down, placement, scratch.baseAddress, target)
                }
            }
        }
    }

    /// Calls `body` with the window, the border and the tables as the kernels take them.
    private func withPlacement(_ body: (UnsafePointer<hk_placement>) -> Void) {
        fill.withUnsafeBufferPointer { fill in
            bytes.withUnsafeBufferPointer { bytes in
                var placement = hk_placement(
                    rows: kernelAxis(rows), columns: kernelAxis(columns), fills: fill.baseAddress,
                    fill_count: Int64(fill.count), bytes: bytes.isEmpty ? nil : bytes.baseAddress, floats: nil,
                    table_count: Int64(max(bytes.count / 256, 1)))
                guard let floats else { return withUnsafePointer(to: &placement, body) }
                floats.after(bytes.isEmpty ? nil : Array(bytes)).withUnsafeFloats { table, count in
                    placement.floats = table
                    placement.table_count = Int64(count)
                    withUnsafePointer(to: &placement, body)
                }
            }
        }
    }

    /// Only the visible part of a resized picture is ever made, so its places count from there.
    private func kernelAxis(_ axis: WindowAxis) -> hk_axis {
        let origin = scale == nil ? 0 : axis.visible.lowerBound
        return hk_axis(
            start: Int64(axis.start - origin), step: Int64(axis.step), count: Int64(axis.count),
            low: Int64(axis.visible.lowerBound - origin), high: Int64(axis.visible.upperBound - origin))
    }
}

extension hk_picture {
    /// A part of the planes of contiguous bytes `[…, H, W]`.
    init(_ bytes: UnsafeRawBufferPointer, planes: Int, of shape: Shape, rows: Range<Int>, columns: Range<Int>) {
        let (height, width) = (shape[-2], shape[-1])
        let start = bytes.baseAddress.map { $0 + rows.lowerBound * width + columns.lowerBound }
        self.init(
            bytes: start?.assumingMemoryBound(to: UInt8.self), planes: Int64(planes), height: Int64(rows.count),
            width: Int64(columns.count), row_stride: Int64(width), plane_stride: Int64(height * width))
    }

    /// All of contiguous bytes `[…, H, W]`.
    init(_ bytes: UnsafeRawBufferPointer, of shape: Shape) {
        self.init(
            bytes, planes: shape.dropLast(2).reduce(1, *), of: shape, rows: 0..<shape[-2], columns: 0..<shape[-1])
    }
}

extension Tensor {
    /// A `uint8` picture of this one's shape, or of another height and width, that `work` makes of its planes.
    func remade(
        height: Int? = nil, width: Int? = nil, _ work: (UnsafePointer<hk_picture>, UnsafeMutablePointer<UInt8>) -> Void
    ) -> Tensor {
        let source = contiguous()
        let size = [height ?? shape[-2], width ?? shape[-1]]
        return Tensor.make(Shape(Array(shape.dropLast(2)) + size), .uint8, device: .cpu) { out in
            guard let target = out.bindMemory(to: UInt8.self).baseAddress, !out.isEmpty else { return }
            source.withUnsafeBytes { bytes in
                var picture = hk_picture(bytes, of: source.shape)
                work(&picture, target)
            }
        }
    }

    /// What `measure` finds of the planes of a `uint8` picture.
    func measured<R>(_ measure: (UnsafePointer<hk_picture>) -> R) -> R {
        let source = contiguous()
        return source.withUnsafeBytes { bytes in
            var picture = hk_picture(bytes, of: source.shape)
            return measure(&picture)
        }
    }
}
