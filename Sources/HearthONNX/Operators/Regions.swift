import HearthTensor

/// Operators that sample parts of pictures.
enum Regions {
    static let rows: OperatorRows = [
        "GridSample": gridSample,
        "AffineGrid": { n in
            let theta = try n[0]
            let size = try n.shape(n.ints(1), theta.dtype)
            try n.check(size.count == 4 || size.count == 5, "4 or 5 sizes", "\(size.count)")
            return n.like(0, Tensor.affineGrid(theta, size: size, alignCorners: n.bool("align_corners")))
        },
        "RoiAlign": roiAlign,
        "MaxRoiPool": maxRoiPool,
        "NonMaxSuppression": nonMaxSuppression,
    ]

    private static func gridSample(_ n: NodeContext) throws -> [Value] {
        let modes: [String: GridInterpolation] = [
            "bilinear": .linear, "linear": .linear, "nearest": .nearest, "bicubic": .cubic, "cubic": .cubic,
        ]
        let paddings: [String: GridPadding] = ["zeros": .zeros, "border": .border, "reflection": .reflection]
        guard let mode = modes[n.text("mode", "linear")], let padding = paddings[n.text("padding_mode", "zeros")] else {
            throw n.error("a mode and a padding", "others")
        }
        let (x, grid) = (try n[0], try n[1])
        return n.like(
            0,
            x.gridSample(
                grid.to(x.dtype), mode: mode, padding: padding, alignCorners: n.bool("align_corners")))
    }

    private static func roiAlign(_ n: NodeContext) throws -> [Value] {
        let (x, rois, batch) = (try n[0], try n[1], try n[2].to(.int64))
        try n.check(
            x.rank == 4 && rois.rank == 2 && rois.shape[1] == 4 && batch.shape == [rois.shape[0]],
            "[N, C, H, W], [R, 4] and [R]", "\(x.shape), \(rois.shape) and \(batch.shape)")
        let rule = RoiAlignRule(
            height: n.int("output_height", 1), width: n.int("output_width", 1),
            scale: n.float("spatial_scale", 1),
            isHalfPixel: n.version >= 16 && n.text("coordinate_transformation_mode", "half_pixel") == "half_pixel",
            isMax: n.text("mode", "avg") == "max")
        try n.check(rule.height > 0 && rule.width > 0, "a size of the result", "\(rule.height) by \(rule.width)")
        _ = try n.shape([rois.shape[0], x.shape[1], rule.height, rule.width], x.dtype)
        let ratio = n.int("sampling_ratio", 0)
        if ratio > 0 {
            _ = try n.shape([rois.shape[0], x.shape[1], rule.height, ratio, rule.width, ratio], x.dtype)
            return n.like(0, rule.aligned(x, rois, batch, down: ratio, across: ratio))
        }
        // How many samples a region has depends on its size.
        let boxes = try n.numbers(1) ?? []
        let parts = try (0..<rois.shape[0]).map { number in
            let (down, across) = rule.samples(Array(boxes[(4 * number)..<(4 * number + 4)]))
            _ = try n.shape([x.shape[1], rule.height, down, rule.width, across], x.dtype)
            return rule.aligned(
                x, rois.narrow(0, start: number, length: 1), batch.narrow(0, start: number, length: 1),
                down: down, across: across)
        }
        guard !parts.isEmpty else {
            return n.like(0, Tensor.zeros([0, x.shape[1], rule.height, rule.width], dtype: x.dtype, device: x.device))
        }
        return n.like(0, Tensor.cat(parts))
    }

    private static func maxRoiPool(_ n: NodeContext) throws -> [Value] {
        let x = try n[0]
        let size = n.intList("pooled_shape") ?? []
        let rois = try n.numbers(1) ?? []
        try n.check(
            x.rank == 4 && size.count == 2 && size.allSatisfy { $0 > 0 && $0 < 1 << 12 } && rois.count % 5 == 0,
            "[N, C, H, W], [R, 5] and a shape", "\(x.shape) and \(size)")
        let scale = n.float("spatial_scale", 1)
        let empty = Tensor.zeros([x.shape[1]], dtype: x.dtype, device: x.device)
        let results = try stride(from: 0, to: rois.count, by: 5).map { start in
            let box = rois[(start + 1)..<(start + 5)].map { ($0 * scale).rounded() }
            try n.check(
                rois[start] >= 0 && rois[start] < Double(x.shape[0]) && box.allSatisfy { abs($0) < 1e9 },
                "a region of one of \(x.shape[0]) pictures", "\(rois[start])")
            let picture = x.select(0, Int(rois[start]))
            /// Where part `i` of a side begins and ends.
            func range(_ low: Double, _ high: Double, _ i: Int, _ parts: Int, _ limit: Int) -> Range<Int> {
                let step = max(high - low + 1, 1) / Double(parts)
                let first = Int((Double(i) * step).rounded(.down) + low)
                let end = Int((Double(i + 1) * step).rounded(.up) + low)
                let start = min(max(first, 0), limit)
                return start..<max(min(max(end, 0), limit), start)
            }
            let cells = (0..<(size[0] * size[1])).map { cell in
                let rows = range(box[1], box[3], cell / size[1], size[0], x.shape[2])
                let columns = range(box[0], box[2], cell % size[1], size[1], x.shape[3])
                if rows.isEmpty || columns.isEmpty { return empty }
                return picture.narrow(1, start: rows.lowerBound, length: rows.count)
                    .narrow(2, start: columns.lowerBound, length: columns.count).amax(dims: [1, 2])
            }
            return Tensor.stack(cells, dim: 1).reshape([x.shape[1], size[0], size[1]])
        }
        guard !results.isEmpty else {
            return n.like(0, Tensor.zeros([0, x.shape[1], size[0], size[1]], dtype: x.dtype, device: x.device))
        }
        return n.like(0, Tensor.stack(results))
    }

    private static func nonMaxSuppression(_ n: NodeContext) throws -> [Value] {
        let (boxes, scores) = (try n[0], try n[1])
        try n.check(
            boxes.rank == 3 && scores.rank == 3 && boxes.shape[2] == 4 && boxes.shape[0] == scores.shape[0]
                && boxes.shape[1] == scores.shape[2], "boxes [N, B, 4] and scores [N, C, B]",
            "\(boxes.shape) and \(scores.shape)")
        let limit = try n.integer(2) ?? 0
        let (overlap, least) = (try n.number(3) ?? 0, try n.number(4))
        let (sides, values) = (try n.numbers(0) ?? [], try n.numbers(1) ?? [])
        let (count, classes) = (boxes.shape[1], scores.shape[1])
        var chosen: [Int] = []
        for picture in 0..<boxes.shape[0] {
            let corners = (0..<count).map {
                Box(sides[(picture * count + $0) * 4..<(picture * count + $0) * 4 + 4], n.bool("center_point_box"))
            }
            for number in 0..<classes {
                let start = (picture * classes + number) * count
                let order = (0..<count).filter { box in least.map { values[start + box] > $0 } ?? true }
                    .sorted { (values[start + $1], $0) < (values[start + $0], $1) }
                var kept: [Int] = []
                for box in order where kept.count < limit {
                    if kept.allSatisfy({ corners[box].overlap(corners[$0]) <= overlap }) { kept.append(box) }
                }
                chosen += kept.flatMap { [picture, number, $0] }
            }
        }
        return n.output(Tensor(chosen, shape: [chosen.count / 3, 3], device: boxes.device), .int64)
    }

    /// A box of a picture.
    private struct Box {
        let (left, right, top, bottom): (Double, Double, Double, Double)

        /// Two corners, or the centre and the size.
        init(_ numbers: ArraySlice<Double>, _ isCentre: Bool) {
            let n = Array(numbers)
            if isCentre {
                (left, right) = (n[0] - n[2] / 2, n[0] + n[2] / 2)
                (top, bottom) = (n[1] - n[3] / 2, n[1] + n[3] / 2)
            } else {
                (left, right) = (min(n[1], n[3]), max(n[1], n[3]))
                (top, bottom) = (min(n[0], n[2]), max(n[0], n[2]))
            }
        }

        private var area: Double { (right - left) * (bottom - top) }

        /// The share that two boxes have in common of all that they cover.
        func overlap(_ other: Box) -> Double {
            let width = min(right, other.right) - max(left, other.left)
            let height = min(bottom, other.bottom) - max(top, other.top)
            guard width > 0, height > 0, area > 0, other.area > 0 else { return 0 }
            return width * height / (area + other.area - width * height)
        }
    }
}
