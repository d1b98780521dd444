import HearthTensor

/// Resizing by bilinear interpolation whose triangle grows with the factor by which an image shrinks.
///
/// The arithmetic is that of PIL (`Resample.c`): weights rounded to 22 bits, along rows first, each pass rounded to
/// bytes. From version 13 on PIL goes along columns first where that is less work, which may change a result by 1.
enum Resampling {
    /// Bits behind the point of a weight.
    private static let precision = 22

    static func resize(_ image: Tensor, height: Int, width: Int) -> Tensor {
        let channels = image.shape[0]
        var (rows, columns) = (image.shape[1], image.shape[2])
        guard rows != height || columns != width else { return image }
        var bytes = image.detach().array(of: UInt8.self)
        if columns != width {
            bytes = alongRows(bytes, length: columns, Weights(from: columns, to: width))
            columns = width
        }
        if rows != height {
            bytes = alongColumns(bytes, rows: rows, columns: columns, Weights(from: rows, to: height))
            rows = height
        }
        return Tensor(bytes, shape: [channels, rows, columns])
    }

    /// For each place of the result: where its neighbours begin, and their weights.
    private struct Weights {
        var starts: [Int] = []
        var values: [[Int32]] = []

        init(from size: Int, to newSize: Int) {
            let scale = Double(size) / Double(newSize)
            let support = max(scale, 1)
            // Multiplying by it, as PIL does, may round otherwise than dividing by the support.
            let shrinkage = 1 / support
            for place in 0..<newSize {
                let centre = (Double(place) + 0.5) * scale
                let start = max(Int(centre - support + 0.5), 0)
                let end = min(Int(centre + support + 0.5), size)
                let raw = (start..<end).map { max(0, 1 - abs((Double($0) - centre + 0.5) * shrinkage)) }
                let sum = raw.reduce(0, +)
                starts.append(start)
                values.append(
                    raw.map { Int32(($0 / sum * Double(1 << precision) + 0.5).rounded(.towardZero)) })
            }
        }
    }

    private static func byte(_ sum: Int32) -> UInt8 { UInt8(clamping: sum >> Int32(precision)) }

    private static func alongRows(_ bytes: [UInt8], length: Int, _ weights: Weights) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / length * weights.starts.count)
        for row in stride(from: 0, to: bytes.count, by: length) {
            for (start, values) in zip(weights.starts, weights.values) {
                var sum = Int32(1) << Int32(precision - 1)
                for (i, weight) in values.enumerated() { sum += Int32(bytes[row + start + i]) * weight }
                result.append(byte(sum))
            }
        }
        return result
    }

    private static func alongColumns(_ bytes: [UInt8], rows: Int, columns: Int, _ weights: Weights) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / rows * weights.starts.count)
        for plane in stride(from: 0, to: bytes.count, by: rows * columns) {
            for (start, values) in zip(weights.starts, weights.values) {
                for column in 0..<columns {
                    var sum = Int32(1) << Int32(precision - 1)
                    let first = plane + start * columns + column
                    for (i, weight) in values.enumerated() { sum += Int32(bytes[first + i * columns]) * weight }
                    result.append(byte(sum))
                }
            }
        }
        return result
    }
}
