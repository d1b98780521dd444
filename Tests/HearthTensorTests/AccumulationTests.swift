import Testing

import HearthTensor

/// Sums that are made in place must not write to an element that the layout shows in several places.
@Suite struct AccumulationTests {
    @Test func repeatedElementsAreNotUpdatedInPlace() {
        var x = Tensor([1.0, 2.0]).unsqueeze(1).expand(2, 3)
        x += Tensor.ones([2, 3])
        #expect(x.array(of: Float.self) == [2, 2, 2, 3, 3, 3])
        var windows = Tensor([1.0, 2.0, 3.0]).unfold(dim: 0, size: 2, step: 1)
        windows *= Tensor([[1.0, 2.0], [3.0, 4.0]])
        #expect(windows.array(of: Float.self) == [1, 4, 6, 12])
    }

    @Test func gradientsThatAreExpandedAreSummed() {
        let x = Tensor([[1.0, 2.0], [3.0, 4.0]]).requiringGrad()
        let y = x * 1
        // The mean is newer, so its expanded gradient arrives first.
        let loss = [(y * y).sum(), y.mean(dim: 0)]
        let g = grad(of: loss, wrt: [x], gradients: [Tensor(1.0), Tensor([1.0, 1.0])])[0]
        #expect(g.array(of: Float.self) == [2.5, 4.5, 6.5, 8.5])
    }
}
