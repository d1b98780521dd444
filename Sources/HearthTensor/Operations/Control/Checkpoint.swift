/// Computes `body(x)` without keeping anything inside, and computes it again when the gradient is wanted: memory for
/// time. Parameters used in `body` get their gradients when `backward` passes; `body` must give the same result again,
/// for which it draws the same random numbers from the default generator, so dropout drops the same elements. They are
/// those that `body` would draw by itself; other threads neither take of them nor are put back.
///
/// Source: Chen et al., "Training Deep Nets with Sublinear Memory Cost" (<https://arxiv.org/abs/1604.06174>).
/// PyTorch's `torch.utils.checkpoint.checkpoint` in its reentrant form, so gradients reach parameters through
/// `backward`, not through `grad(of:wrt:)`.
public func checkpoint(_ x: Tensor..., body: @escaping ([Tensor]) -> Tensor) -> Tensor {
    // The tape must know of the step even when only parameters inside want gradients.
    let inputs =
        x.contains(where: \.requiresGrad) || !isGradEnabled
        ? x : x + [Tensor.zeros([0], device: x.first?.device ?? .default).requiringGrad()]
    let random = Generator.default.state
    return apply(Checkpoint(body: Checkpoint.Body(body), count: x.count, random: random), to: inputs)
}

/// Its body is a closure, so a checkpoint cannot be made again from what it says about itself.
struct Checkpoint: TensorOperation {
    static let name = "checkpoint"

    /// A closure that stays on the thread which walks the tape; equal to itself alone.
    final class Body: Hashable, @unchecked Sendable {
        let call: ([Tensor]) -> Tensor

        init(_ call: @escaping ([Tensor]) -> Tensor) { self.call = call }

        static func == (a: Body, b: Body) -> Bool { a === b }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    let body: Body
    let count: Int
    /// Where the default generator was before the first computation.
    let random: Generator.State

    func result(of x: Operands) throws(ShapeError) -> Spec {
        let tensors = x.prefix(count).map { Tensor.meta($0.spec) }
        do { return try checkShapes { body.call(tensors) }.spec } catch let error as ShapeError { throw error } catch {
            throw ShapeError("\(error)")
        }
    }

    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        for tensor in x { kept.append(tensor.detach()) }
        let generator = Generator(state: random)
        let y = generator.asDefault { body.call(x.prefix(count).map { $0.detach() }) }
        Generator.default.advance(to: generator.state)
        return y
    }

    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients {
        let inputs = (0..<kept.count).map { i in
            i < count && kept[i].dtype.isFloatingPoint ? kept[i].requiringGrad() : kept[i]
        }
        let y = Generator(state: random).asDefault { enableGrad { body.call(Array(inputs.prefix(count))) } }
        y.backward(gradient: g)
        return Gradients(inputs.map { $0.requiresGrad ? $0.grad : nil })
    }
}
