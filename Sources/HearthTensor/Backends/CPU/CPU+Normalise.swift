import CKernels

extension CPU {
    package func softmax(_ x: Tensor, along axis: Int, log: Bool) -> Tensor {
        if x.dtype.isHalf {
            return convert(softmax(convert(x, to: .float32), along: axis, log: log), to: x.dtype)
        }
        let x = contiguous(x)
        let result = Tensor.uninitialized(Spec(x.shape, x.dtype))
        let blocks = Blocks(x.shape, along: axis)
        blocks.forEach { offset in
            let (n, columns, mode) = (Int64(blocks.length), Int64(blocks.columns), Int32(log ? 1 : 0))
            if x.dtype == .float32 {
                hk_softmax_f32(n, columns, mode, x.floats + offset, result.floats + offset)
            } else {
                hk_softmax_f64(n, columns, mode, x.doubles + offset, result.doubles + offset)
            }
        }
        return result
    }

    package func softmaxGradient(_ g: Tensor, _ y: Tensor, along axis: Int, log: Bool) -> Tensor {
        if y.dtype.isHalf {
            let (wideG, wideY) = (convert(g, to: .float32), convert(y, to: .float32))
            return convert(softmaxGradient(wideG, wideY, along: axis, log: log), to: y.dtype)
        }
        let (g, y) = (contiguous(g), contiguous(y))
        let result = Tensor.uninitialized(Spec(y.shape, y.dtype))
        let blocks = Blocks(y.shape, along: axis)
        blocks.forEach { offset in
            let (n, columns, mode) = (Int64(blocks.length), Int64(blocks.columns), Int32(log ? 1 : 0))
            if y.dtype == .float32 {
                hk_softmax_gradient_f32(
                    n, columns, mode, g.floats + offset, y.floats + offset, result.floats + offset)
            } else {
                hk_softmax_gradient_f64(
                    n, columns, mode, g.doubles + offset, y.doubles + offset, result.doubles + offset)
            }
        }
        return result
    }

    package func crossEntropy(
        _ logits: Tensor, _ classes: Tensor, ignoreIndex: Int
    ) -> (losses: Tensor, logSumExp: Tensor) {
        if logits.dtype.isHalf {
            let wide = crossEntropy(convert(logits, to: .float32), classes, ignoreIndex: ignoreIndex)
            return (convert(wide.losses, to: logits.dtype), convert(wide.logSumExp, to: logits.dtype))
        }
        let (logits, classes) = (contiguous(logits), contiguous(classes))
        let (rows, count) = (logits.shape[0], logits.shape[1])
        let losses = Tensor.uninitialized(Spec([rows], logits.dtype))
        let logSumExp = Tensor.uninitialized(Spec([rows], logits.dtype))
        guard checkClasses(classes, below: count, except: ignoreIndex, of: logits) else {
            fill(losses, with: .int(0))
            return (losses, losses)
        }
        Team.shared.parallel(rows, grain: Self.rowGrain(count)) { range in
            let (first, number) = (range.lowerBound, Int64(range.count))
            if logits.dtype == .float32 {
                hk_cross_entropy_f32(
                    number, Int64(count), logits.floats + first * count, classes.integers + first,
                    Int64(ignoreIndex), losses.floats + first, logSumExp.floats + first)
            } else {
                hk_cross_entropy_f64(
                    number, Int64(count), logits.doubles + first * count, classes.integers + first,
                    Int64(ignoreIndex), losses.doubles + first, logSumExp.doubles + first)
            }
        }
        return (losses, logSumExp)
    }

    package func crossEntropyGradient(
        _ g: Tensor, _ logits: Tensor, _ classes: Tensor, _ logSumExp: Tensor, ignoreIndex: Int
    ) -> Tensor {
        if logits.dtype.isHalf {
            let wide = crossEntropyGradient(
                convert(g, to: .float32), convert(logits, to: .float32), classes, convert(logSumExp, to: .float32),
                ignoreIndex: ignoreIndex)
            return convert(wide, to: logits.dtype)
        }
        let (logits, classes, logSumExp) = (contiguous(logits), contiguous(classes), contiguous(logSumExp))
        let (rows, count) = (logits.shape[0], logits.shape[1])
        let result = Tensor.uninitialized(Spec(logits.shape, logits.dtype))
        let step = g.strides[0]
        Team.shared.parallel(rows, grain: Self.rowGrain(count)) { range in
            let (first, number) = (range.lowerBound, Int64(range.count))
            if logits.dtype == .float32 {
                hk_cross_entropy_gradient_f32(
                    number, Int64(count), g.floats + first * step, Int64(step), logits.floats + first * count,
                    classes.integers + first, Int64(ignoreIndex), logSumExp.floats + first,
                    result.floats + first * count)
            } else {
                hk_cross_entropy_gradient_f64(
                    number, Int64(count), g.doubles + first * step, Int64(step), logits.doubles + first * count,
                    classes.integers + first, Int64(ignoreIndex), logSumExp.doubles + first,
                    result.doubles + first * count)
            }
        }
        return result
    }

    /// False, inside `checkShapes` alone, when a class is neither in `0 ..< count` nor `ignored`.
    private func checkClasses(_ classes: Tensor, below count: Int, except ignored: Int, of logits: Tensor) -> Bool {
        let elements = classes.integers
        for i in 0..<classes.count where !(0..<Int64(count)).contains(elements[i]) && elements[i] != Int64(ignored) {
            stop("cross_entropy", [logits.spec, classes.spec], "class \(elements[i]) is outside 0..<\(count)")
            return false
        }
        return true
    }

    private static func rowGrain(_ count: Int) -> Int { max(1, grain / 4 / max(count, 1)) }
}

/// A contiguous tensor seen as `[blocks, length, columns]`, with `length` the dimension that is normalised.
private struct Blocks {
    let count: Int
    let length: Int
    let columns: Int

    init(_ shape: Shape, along axis: Int) {
        guard shape.count > 0 else {
            (count, length, columns) = (1, 1, 1)
            return
        }
        length = shape[axis]
        columns = Shape(shape.dropFirst(axis + 1)).elementCount
        count = Shape(shape.prefix(axis)).elementCount
    }

    /// Calls `body` in parallel with the offset of each block.
    func forEach(_ body: (Int) -> Void) {
        let size = length * columns
        if size == 0 { return }
        Team.shared.parallel(count, grain: max(1, CPU.grain / 4 / size)) { range in
            for block in range { body(block * size) }
        }
    }
}
