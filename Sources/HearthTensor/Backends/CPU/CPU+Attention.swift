import CKernels

// Each head is computed by one thread, block by block, so that its scores stay in that thread's cache; with fewer heads
// than threads the products inside are shared instead.
extension CPU {
    package func attention(_ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, _ rule: AttentionRule) -> Tensor {
        if q.dtype.isHalf {
            let wide = attention(
                convert(q, to: .float32), convert(k, to: .float32), convert(v, to: .float32),
                mask: mask.map { convert($0, to: .float32) }, rule)
            return convert(wide, to: q.dtype)
        }
        let result = Tensor.uninitialized(Spec(Shape(q.shape.dropLast() + [v.shape[-1]]), q.dtype))
        if result.count == 0 { return result }
        let heads = Heads(q, k, v, mask, rule)
        heads.forEach { head in
            let out = heads.part(result, head)
            for block in heads.blocks {
                let weights = heads.dropped(heads.weights(block, head), block, head)
                copy(heads.multiply(weights, heads.keys(heads.part(v, head), block)), into: heads.rows(out, block))
            }
        }
        return result
    }

    package func attentionGradient(
        _ g: Tensor, _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, _ rule: AttentionRule, wantsMask: Bool
    ) -> Tensor {
        if q.dtype.isHalf {
            let wide = attentionGradient(
                convert(g, to: .float32), convert(q, to: .float32), convert(k, to: .float32),
                convert(v, to: .float32), mask: mask.map { convert($0, to: .float32) }, rule, wantsMask: wantsMask)
            return convert(wide, to: q.dtype)
        }
        let shapes = [q.shape, k.shape, v.shape] + (wantsMask ? mask.map { [$0.shape] } ?? [] : [])
        let packed = Tensor.uninitialized(Spec([shapes.reduce(0) { $0 + $1.elementCount }], q.dtype))
        fill(packed, with: .int(0))
        if q.count == 0 || k.count == 0 { return packed }
        let parts = packed.parts(shapes)
        let (ofQuery, ofKey, ofValue) = (parts[0], parts[1], parts[2])
        let ofMask = parts.count > 3 ? parts[3] : nil
        let heads = Heads(q, k, v, mask, rule)
        heads.forEach { head in
            let (query, value) = (heads.part(q, head), heads.part(v, head))
            let gradient = heads.part(g, head)
            for block in heads.blocks {
                let p = heads.weights(block, head)
                let part = heads.rows(gradient, block)
                heads.add(
                    heads.multiply(heads.dropped(p, block, head).transposed, part),
                    to: heads.keys(heads.part(ofValue, head), block))
                let ofWeights = heads.multiply(part, heads.keys(value, block).transposed)
                let ofScores = softmaxGradient(heads.dropped(ofWeights, block, head), p, along: 1, log: false)
                if let ofMask {
                    copy(ofScores, into: heads.keys(heads.rows(heads.part(ofMask, head), block), block, axis: 1))
                }
                let scaled = binary(HK_multiply, ofScores, .double(rule.scale), scalarFirst: false)
                copy(
                    heads.multiply(scaled, heads.keys(heads.part(k, head), block)),
                    into: heads.rows(heads.part(ofQuery, head), block))
                heads.add(
                    heads.multiply(scaled.transposed, heads.rows(query, block)),
                    to: heads.keys(heads.part(ofKey, head), block))
            }
        }
        return packed
    }
}

/// The heads of attention's operands, each a set of matrices.
private struct Heads {
    let q: Tensor
    let k: Tensor
    let v: Tensor
    let mask: Tensor?
    let rule: AttentionRule
    let blocks: [AttentionRule.Block]
    private let count: Int
    private let backend = CPU()

    init(_ q: Tensor, _ k: Tensor, _ v: Tensor, _ mask: Tensor?, _ rule: AttentionRule) {
        self.q = q
        self.k = k
        self.v = v
        self.mask = mask
        self.rule = rule
        count = Shape(q.shape.dropLast(2)).elementCount
        blocks = rule.blocks(rows: q.shape[-2], keys: k.shape[-2])
    }

    func forEach(_ body: (Int) -> Void) {
        if count < Team.shared.size {
            for head in 0..<count { body(head) }
        } else {
            Team.shared.parallel(count, grain: 1) { for head in $0 { body(head) } }
        }
    }

    /// The matrix of a head in `[…, m, n]`.
    func part(_ x: Tensor, _ head: Int) -> Tensor {
        var offset = x.layout.offset
        var rest = head
        for axis in stride(from: x.rank - 3, through: 0, by: -1) {
            offset += rest % x.shape[axis] * x.strides[axis]
            rest /= x.shape[axis]
        }
        return x.view(
            Layout(shape: [x.shape[-2], x.shape[-1]], strides: [x.strides[-2], x.strides[-1]], offset: offset))
    }

    func rows(_ x: Tensor, _ block: AttentionRule.Block) -> Tensor { range(x, 0, block.start, block.count) }

    func keys(_ x: Tensor, _ block: AttentionRule.Block, axis: Int = 0) -> Tensor { range(x, axis, 0, block.keys) }

    private func range(_ x: Tensor, _ axis: Int, _ start: Int, _ count: Int) -> Tensor {
        var layout = x.layout
        layout.offset += start * layout.strides[axis]
        layout.shape[axis] = count
        return x.view(layout)
    }

    func multiply(_ a: Tensor, _ b: Tensor) -> Tensor { backend.matmul(a, b, bias: nil) }

    func add(_ x: Tensor, to sum: Tensor) { backend.update(sum, with: HK_add, x, Parameters()) }

    /// The softmax of a block of scores.
    func weights(_ block: AttentionRule.Block, _ head: Int) -> Tensor {
        let query = backend.binary(HK_multiply, rows(part(q, head), block), .double(rule.scale), scalarFirst: false)
        let scores = multiply(query, keys(part(k, head), block).transposed)
        if let mask { add(keys(rows(part(mask, head), block), block, axis: 1), to: scores) }
        if rule.isCausal { hideFuture(scores, block) }
        let weights = backend.softmax(scores, along: 1, log: false)
        guard mask != nil else { return weights }
        let top = backend.reduce(.max, scores, over: Axes([1]))
        let isMasked = backend.binary(HK_equal, top, .double(-.infinity), scalarFirst: false)
        let wide = isMasked.view(isMasked.layout.expanded(to: weights.shape))
        let zero = Tensor.uninitialized(Spec([1, 1], weights.dtype))
        backend.fill(zero, with: .int(0))
        return backend.choose(wide, zero.view(zero.layout.expanded(to: weights.shape)), weights)
    }

    /// Sets the scores of keys that come after their query to -∞.
    private func hideFuture(_ scores: Tensor, _ block: AttentionRule.Block) {
        for row in 0..<block.count where block.start + row + 1 < block.keys {
            let first = block.start + row + 1
            let future = range(range(scores, 0, row, 1), 1, first, block.keys - first)
            backend.fill(future, with: .double(-.infinity))
        }
    }

    func dropped(_ weights: Tensor, _ block: AttentionRule.Block, _ head: Int) -> Tensor {
        guard rule.dropout > 0 else { return weights }
        let stream = rule.stream(of: block, head: head, rows: q.shape[-2], keys: k.shape[-2])
        return rule.dropout == 1
            ? backend.binary(HK_multiply, weights, .int(0), scalarFirst: false)
            : backend.dropout(weights, probability: rule.dropout, stream)
    }
}

extension Tensor {
    /// Tensors of these shapes that lie one after another in this vector, off the tape.
    func parts(_ shapes: [Shape]) -> [Tensor] {
        var start = layout.offset
        return shapes.map { shape in
            defer { start += shape.elementCount }
            return view(Layout(shape: shape, strides: shape.contiguousStrides, offset: start))
        }
    }

    /// The last two dimensions exchanged, off the tape.
    var transposed: Tensor {
        var layout = layout
        let last = rank - 1
        layout.shape[last] = shape[last - 1]
        layout.shape[last - 1] = shape[last]
        layout.strides[last] = strides[last - 1]
        layout.strides[last - 1] = strides[last]
        return view(layout)
    }
}
