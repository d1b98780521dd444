import HearthTensor
import Testing

@Suite struct StateDictTests {
    private let one = Golden.tensor([1], .float32)
    private let two = Golden.tensor([2], .float32)

    @Test func keepsTheOrder() {
        var tensors = StateDict()
        tensors["b"] = one
        tensors["a"] = two
        tensors["c"] = one
        tensors["b"] = two
        #expect(tensors.keys == ["b", "a", "c"])
        #expect(tensors["b"]?.count == 2)
        tensors["b"] = nil
        #expect(tensors.map(\.name) == ["a", "c"])
        #expect(tensors["c"]?.count == 1)
        #expect(tensors["b"] == nil)
        #expect(tensors.description == "a: [2] float32\nc: [1] float32")
    }

    @Test func isAValue() {
        let first = StateDict([(name: "a", tensor: one)])
        var second = first
        second["a"] = nil
        #expect(first.count == 1)
        #expect(second.isEmpty)
    }
}
