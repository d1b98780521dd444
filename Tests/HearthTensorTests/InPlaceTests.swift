import HearthTensor
import Testing

/// Arithmetic in place on elements that a tensor shows several times.
@Suite struct InPlaceTests {
    @Test func aBroadcastTensorIsNotWrittenInPlace() {
        var x = Tensor([1.0]).expand(3)
        x += Tensor([1.0, 2, 3])
        #expect(x.isEqual(to: Tensor([2.0, 3, 4])))
        x = Tensor([[1.0], [2]]).expand(2, 2)
        x *= Tensor([[1.0, 2], [3, 4]])
        #expect(x.isEqual(to: Tensor([[1.0, 2], [6, 8]])))
    }

    /// The gradient of a mean is one number for all elements, to which the second way's gradient is added.
    @Test func gradientsOfTwoWaysAddUpElementByElement() {
        let x = Tensor([1.0, 2, 4]).requiringGrad()
        (x - x.square()).mean().backward()
        #expect(x.grad!.allClose(to: Tensor([-1.0, -3, -7]) / 3))
    }
}
