import Hearth
import Testing

@Suite struct CheckpointingTests {
    /// Another thread draws from the same generator all the while, as a loader or a second model does.
    @Test func dropoutDropsTheSameElementsAgain() async {
        let other = Task.detached {
            while !Task.isCancelled { _ = Tensor.rand([64]) }
        }
        for _ in 0..<100 {
            let x = Tensor.ones([100]).requiringGrad()
            let y = checkpoint(x) { $0[0].dropout(0.5) }
            y.sum().backward()
            #expect(x.grad!.isEqual(to: y.detach()))
        }
        other.cancel()
        await other.value
    }

    @Test func theBodyDrawsWhatItWouldDrawByItself() async {
        await #expect(processExitsWith: .success) {
            func body(_ x: [Tensor]) -> Tensor { x[0].dropout(0.5) + Tensor.rand([10]) }
            let x = Tensor.ones([10]).requiringGrad()
            manualSeed(5)
            let (plain, next) = (body([x]), Tensor.rand([3]))
            manualSeed(5)
            let checked = checkpoint(x, body: body)
            checked.sum().backward()
            precondition(checked.isEqual(to: plain))
            precondition(Tensor.rand([3]).isEqual(to: next))
        }
    }

    @Test func aBodyMaySeed() async {
        await #expect(processExitsWith: .success) {
            let x = Tensor.ones([10]).requiringGrad()
            let y = checkpoint(x) { x in
                manualSeed(9)
                return x[0].dropout(0.5)
            }
            let next = Tensor.rand([3])
            y.sum().backward()
            manualSeed(9)
            precondition(Tensor.ones([10]).dropout(0.5).isEqual(to: y))
            precondition(Tensor.rand([3]).isEqual(to: next))
        }
    }
}
