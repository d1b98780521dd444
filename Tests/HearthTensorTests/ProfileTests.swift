import HearthTensor
import Testing

@Suite struct ProfileTests {
    @Test func countsOperationsForwardAndBackward() throws {
        let x = Tensor.ones([64, 64]).requiringGrad()
        let (loss, found) = profile {
            let y = x.matmul(x).tanh().tanh().sum()
            y.backward()
            return y
        }
        #expect(loss.count == 1)
        func calls(_ name: String, backward: Bool) -> Int {
            found.entries.first { $0.operation == name && $0.isBackward == backward }?.calls ?? 0
        }
        #expect(calls("matmul", backward: false) == 1 && calls("tanh", backward: false) == 2)
        #expect(calls("matmul", backward: true) == 2 && calls("tanh_backward", backward: true) == 2)
        #expect(found.entries.allSatisfy { $0.time >= .zero } && found.duration > .zero)
        #expect(zip(found.entries, found.entries.dropFirst()).allSatisfy { $0.time >= $1.time })
        #expect(found.description.contains("matmul (backward)"))
    }

    @Test func endsWithItsBody() {
        let (_, found) = profile { Tensor.ones([2]) + 1 }
        _ = Tensor.ones([2]).exp()
        #expect(found.entries.map(\.operation) == ["add"])
    }
}
