import HearthTensor

/// How regions of pictures become small pictures of one size.
struct RoiAlignRule {
    let height: Int
    let width: Int
    let scale: Double
    let isHalfPixel: Bool
    let isMax: Bool

    /// How many samples each element of the result has down and across, for a region of this size.
    func samples(_ box: [Double]) -> (down: Int, across: Int) {
        func count(_ low: Double, _ high: Double, _ parts: Int) -> Int {
            let length = (high - low) * scale
            let size = isHalfPixel ? length : max(length, 1)
            return Int(min(max((size / Double(parts)).rounded(.up), 0), 1e9))
        }
        return (count(box[1], box[3], height), count(box[0], box[2], width))
    }

    /// `[regions, C, height, width]` of pictures `[N, C, H, W]`.
    func aligned(_ x: Tensor, _ rois: Tensor, _ batch: Tensor, down: Int, across: Int) -> Tensor {
        let (regions, channels) = (rois.shape[0], x.shape[1])
        guard down > 0, across > 0 else {
            return Tensor.zeros([regions, channels, height, width], dtype: x.dtype, device: x.device)
        }
        let corners = rois * scale - (isHalfPixel ? 0.5 : 0)
        let rows = taps(corners.select(1, 1), corners.select(1, 3), height, down, x.shape[2])
        let columns = taps(corners.select(1, 0), corners.select(1, 2), width, across, x.shape[3])
        let planes = x.indexSelect(0, batch).reshape([regions, channels, x.shape[2] * x.shape[3]])
        var parts: [Tensor] = []
        for row in rows {
            for column in columns {
                // [regions, height · down, width · across]
                let place = row.place.unsqueeze(2) * x.shape[3] + column.place.unsqueeze(1)
                let weight = row.weight.unsqueeze(2) * column.weight.unsqueeze(1)
                let index = place.reshape([regions, 1, -1]).expand(to: [regions, channels, place.count / regions])
                parts.append(planes.gather(2, index) * weight.reshape([regions, 1, -1]).to(x.dtype))
            }
        }
        let first = parts[0]
        let values = parts.dropFirst().reduce(first) { isMax ? $0.maximum($1) : $0 + $1 }
            .reshape([regions, channels, height, down, width, across])
        return isMax ? values.amax(dims: [3, 5]) : values.mean(dims: [3, 5])
    }

    /// The two neighbours of each sample along one side, `[regions, parts · samples]`, and how much of each it has.
    private func taps(
        _ start: Tensor, _ end: Tensor, _ parts: Int, _ samples: Int, _ size: Int
    ) -> [(place: Tensor, weight: Tensor)] {
        let length = isHalfPixel ? end - start : (end - start).clamp(min: 1)
        let step = length / Double(parts)
        let offsets = (Tensor.arange(samples, dtype: start.dtype, device: start.device) + 0.5) / Double(samples)
        let cells = Tensor.arange(parts, dtype: start.dtype, device: start.device)
        let shares = (cells.unsqueeze(1) + offsets.unsqueeze(0)).reshape([1, -1])
        let place = start.unsqueeze(1) + step.unsqueeze(1) * shares
        let isInside = ((place >= -1) & (place <= size)).to(place.dtype)
        let clamped = place.clamp(min: 0, max: Double(size - 1))
        let low = clamped.floor()
        let share = clamped - low
        let next = (low + 1).clamp(max: Double(size - 1))
        return [(low.to(.int64), (1 - share) * isInside), (next.to(.int64), share * isInside)]
    }
}
