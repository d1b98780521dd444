import HearthTensor

/// How a picture must be turned to stand upright: tag 274 of EXIF (<https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf>),
/// which says where the first row and the first column belong.
package enum Orientation: UInt16, CaseIterable {
    case upright = 1
    case mirrored, upsideDown, upsideDownMirrored, transposed, leftSideDown, transposedMirrored, rightSideDown

    /// The orientation that a TIFF structure, which EXIF is, tells in its first directory; nil where it tells none.
    package init?(tiff bytes: [UInt8]) {
        guard bytes.count >= 8 else { return nil }
        let isLittle = bytes.starts(with: [0x49, 0x49, 42, 0])
        guard isLittle || bytes.starts(with: [0x4d, 0x4d, 0, 42]) else { return nil }
        func integer(at offset: Int, _ count: Int) -> Int? {
            guard offset >= 0, offset <= bytes.count - count else { return nil }
            let part = bytes[offset..<(offset + count)]
            return (isLittle ? part.reversed() : Array(part)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let start = integer(at: 4, 4), let entries = integer(at: start, 2) else { return nil }
        for entry in 0..<entries {
            let offset = start + 2 + entry * 12
            guard let tag = integer(at: offset, 2) else { return nil }
            guard tag == 274 else { continue }
            // A number of 16 bits, or, as some programs write it, of 32.
            let size = [3: 2, 4: 4][integer(at: offset + 2, 2) ?? 0]
            guard let size, let value = integer(at: offset + 8, size) else { return nil }
            self.init(rawValue: UInt16(clamping: value))
            return
        }
        return nil
    }

    /// The orientation of a JPEG file, upright where none is told.
    package init(jpeg bytes: [UInt8]) {
        self = .upright
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xff {
            let marker = bytes[position + 1]
            // What follows are the pixels.
            if marker == 0xda || marker == 0xd9 { return }
            let length = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            guard length >= 2, position + 2 + length <= bytes.count else { return }
            let body = bytes[(position + 4)..<(position + 2 + length)]
            if marker == 0xe1, body.starts(with: Array("Exif\0\0".utf8)) {
                if let told = Orientation(tiff: Array(body.dropFirst(6))) { self = told }
                return
            }
            position += 2 + length
        }
    }

    /// The picture `[C, H, W]` upright.
    func apply(to image: Tensor) -> Tensor {
        switch self {
        case .upright: image
        case .mirrored: image.flip(-1)
        case .upsideDown: image.flip(-1).flip(-2)
        case .upsideDownMirrored: image.flip(-2)
        case .transposed: image.permute(0, 2, 1).contiguous()
        case .leftSideDown: image.permute(0, 2, 1).flip(-1)
        case .transposedMirrored: image.permute(0, 2, 1).flip(-1).flip(-2)
        case .rightSideDown: image.permute(0, 2, 1).flip(-2)
        }
    }
}
