import Testing

import HearthTensor

@Suite struct AutogradTests {
    @Test func chainRule() {
        let x = Tensor([1.0, 2.0, 3.0]).requiringGrad()
        let y = (x * x * 2 + x).sum()
        y.backward()
        #expect(x.grad!.floatArray == [5, 9, 13])
    }

    @Test func gradientsAccumulateInLeaves() {
        let x = Tensor([1.0, 2.0]).requiringGrad()
        (x * 2).sum().backward()
        (x * 3).sum().backward()
        #expect(x.grad!.floatArray == [5, 5])
        x.grad = nil
        #expect(x.grad == nil)
    }

    @Test func higherOrder() {
        let x = Tensor(2.0).requiringGrad()
        let y = x * x * x
        let first = grad(of: y, wrt: x, createGraph: true)
        let second = grad(of: first, wrt: x, createGraph: true)
        let third = grad(of: second, wrt: x)
        #expect(first.item() == 12)
        #expect(second.item() == 12)
        #expect(third.item() == 6)
    }

    @Test func broadcastingSumsBack() {
        let x = Tensor.ones([2, 3]).requiringGrad()
        let b = Tensor([1.0, 2.0, 3.0]).requiringGrad()
        (x * b).sum().backward()
        #expect(b.grad!.floatArray == [2, 2, 2])
        #expect(x.grad!.array(of: Float.self) == [1, 2, 3, 1, 2, 3])
    }

    @Test func nothingIsRecordedInsideNoGrad() {
        let x = Tensor([1.0]).requiringGrad()
        #expect(!noGrad { x * 2 }.requiresGrad)
        #expect((x * 2).requiresGrad)
        #expect(!(x * 2).detach().requiresGrad)
    }

    @Test func deepChainsNeitherOverflowNorLeak() {
        for length in [100_000] {
            let x = Tensor([1.0]).requiringGrad()
            var y = x
            for _ in 0..<length { y = y + 0.0 }
            y.backward()
            #expect(x.grad!.item() == 1)
            // A chain that is never walked is let go of in a loop as well.
            var z = x
            for _ in 0..<length { z = z * 1.0 }
            _ = z
        }
    }

    @Test func hooksSeeAndReplaceGradients() {
        let x = Tensor([1.0, 2.0]).requiringGrad()
        let y = x * 2
        let hook = y.registerHook { $0 * 10 }
        y.sum().backward()
        #expect(x.grad!.floatArray == [20, 20])
        hook.remove()
        x.grad = nil
        let z = x * 2
        z.retainGrad()
        z.sum().backward()
        #expect(z.grad!.floatArray == [1, 1])
        #expect(x.grad!.floatArray == [2, 2])
    }

    @Test func mutationNeverChangesAnotherTensor() {
        var a = Tensor([1.0, 2.0, 3.0])
        let b = a
        a[0] = Tensor(9.0)
        #expect(a.floatArray == [9, 2, 3])
        #expect(b.floatArray == [1, 2, 3])
        let view = a[1...]
        a += Tensor([1.0, 1.0, 1.0])
        #expect(view.floatArray == [2, 3])
        let x = Tensor([1.0, 2.0]).requiringGrad()
        var y = x * x
        let saved = y
        y[0] = Tensor(0.0)
        y.sum().backward()
        #expect(x.grad!.floatArray == [0, 4])
        #expect(saved.floatArray == [1, 4])
    }

    @Test func userOperation() throws {
        struct Cube: TensorOperation {
            static let name = "cube"
            func result(of x: Operands) -> Spec { x[0].spec }
            func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
                kept.append(x[0])
                return x[0] * x[0] * x[0]
            }
            func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g * 3 * kept[0] * kept[0]) }
        }
        let x = Tensor([0.5, -1, 2], dtype: .float64)
        try gradientCheck([x], order: 2) { apply(Cube(), to: $0[0]) }
    }

    @Test func checkpointGivesTheSameGradients() {
        let w = Tensor.randn([4, 4], generator: Generator(seed: 1)).requiringGrad()
        let x = Tensor.randn([3, 4], generator: Generator(seed: 2)).requiringGrad()
        func body(_ x: Tensor) -> Tensor { x.matmul(w).tanh().matmul(w).tanh() }
        body(x).sum().backward()
        let (dw, dx) = (w.grad!, x.grad!)
        w.grad = nil
        x.grad = nil
        checkpoint(x) { body($0[0]) }.sum().backward()
        #expect(w.grad!.allClose(to: dw))
        #expect(x.grad!.allClose(to: dx))
    }

    @Test func anomalyNamesTheFirstOperation() {
        #expect {
            try detectAnomaly {
                let x = Tensor([1.0, -1.0]).requiringGrad()
                return (x.sqrt() * 2).sum()
            }
        } throws: { error in (error as? AnomalyError)?.operation == "sqrt" }
        #expect {
            try detectAnomaly {
                let x = Tensor([0.0, 1.0]).requiringGrad()
                (x.sqrt() * Tensor([0.0, 1.0])).sum().backward()
            }
        } throws: { error in
            guard let found = error as? AnomalyError else { return false }
            return found.operation == "sqrt" && found.isBackward
        }
    }

    @Test func shapeMistakesThrowInsideCheckShapes() throws {
        #expect {
            try checkShapes { Tensor.meta([2, 3]).matmul(Tensor.meta([4, 5])).relu() }
        } throws: { error in
            "\(error)" == "matmul on float32[2, 3], float32[4, 5]: inner sizes differ: 3 columns against 4 rows"
        }
        let y = try checkShapes { Tensor.meta([2, 3]).matmul(Tensor.meta([3, 5])) }
        #expect(y.shape == [2, 5])
    }

    @Test func shapeMistakesStopTheProgramWithTheRule() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor.zeros([2, 3]).matmul(Tensor.zeros([4, 5]))
        }
    }

    @Test func aSecondBackwardNeedsTheGraph() async {
        let x = Tensor([2.0]).requiringGrad()
        let y = x * x
        y.backward(retainGraph: true)
        y.backward()
        #expect(x.grad!.item() == 8)
        await #expect(processExitsWith: .failure) {
            let x = Tensor([2.0]).requiringGrad()
            let y = x * x
            y.backward()
            y.backward()
        }
    }
}
