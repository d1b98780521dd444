import Testing

import HearthTensor

@Suite struct DimensionsTests {
    @Test func countsFromTheEnd() {
        let shape: Shape = [64, 1, 28, 28]
        #expect(shape[-1] == 28)
        #expect(shape.elementCount == 50_176)
        #expect(shape.contiguousStrides == [784, 784, 28, 1])
    }

    @Test func insertsAndRemoves() {
        var shape: Shape = [2, 3]
        shape.insert(1, at: 1)
        #expect(shape == [2, 1, 3])
        shape.remove(at: 0)
        #expect(shape == [1, 3])
    }
}
