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
        #expect(Set(found.entries.map(\.operation)) == ["full", "add.scalar"])
    }

    @Test func tellsCallsApartByTheirAttributes() {
        let (_, found) = profile {
            let x = Tensor.rand([4, 5])
            _ = [0, 1, 1].map { x.softmax(dim: $0) }
        }
        let softmax = found.entries.filter { $0.operation == "softmax" }
        #expect(softmax.map { "\($0.attributes)" }.sorted() == ["dim: 0", "dim: 1"])
        #expect(found.description.contains("softmax(dim: 1)"))
        #expect(found.byName.entries.filter { $0.operation == "softmax" }.map(\.calls) == [3])
    }

    /// What an operation calls besides itself passes the door too: fused derivatives, statistics, sources, steps.
    @Test func seesWhatWorksBehindOperations() {
        let weight = Tensor.ones([6]).requiringGrad()
        let (_, found) = profile {
            let x = Tensor.randn([2, 6, 4]).requiringGrad()
            x.layerNorm([4]).sum().backward()
            Tensor.scaledDotProductAttention(x, x, x).sum().backward()
            x.groupNorm(2, weight: weight).sum().backward()
            _ = x.maxPoolWithIndices(rank: 1, 2)
            var y = Tensor.zeros([3])
            y += Tensor.arange(3).to(.float32)
            y[0] = Tensor(5.0)
            _ = Tensor.randperm(3)
        }
        let names = Set(found.entries.map(\.operation))
        for name in [
            "normal", "moments", "standardise", "standardise_backward", "standardise_sums",
            "scaled_dot_product_attention_backward", "full", "add", "index_put", "arange", "randperm",
        ] { #expect(names.contains(name), "\(name)") }
        #expect(found.byName.entries.filter { $0.operation == "max_pool_indices" }.map(\.calls) == [1])
        #expect(!names.contains("max_pool"))
    }
}
