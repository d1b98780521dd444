import HearthNN
import HearthTensor
import Testing

@Suite struct FractionalMaxPoolTests {
    @Test func sizesAreThoseAskedFor() {
        let x = Tensor.randn([2, 3, 9, 7], generator: Generator(seed: 1))
        let g = Generator(seed: 2)
        #expect(FractionalMaxPool2d(2, outputSize: [4, 3], generator: g)(x).shape == [2, 3, 4, 3])
        #expect(FractionalMaxPool2d(2, outputRatio: 0.5, generator: g)(x).shape == [2, 3, 4, 3])
        #expect(FractionalMaxPool2d(2, outputRatio: 0.7, 0.5, generator: g)(x[0]).shape == [3, 6, 3])
        let y = Tensor.randn([1, 2, 6, 6, 6], generator: Generator(seed: 3))
        #expect(FractionalMaxPool3d(2, outputSize: 3, generator: g)(y).shape == [1, 2, 3, 3, 3])
    }

    @Test func indicesPointAtTheValues() {
        let x = Tensor.randn([2, 3, 9, 7], generator: Generator(seed: 1))
        let (values, indices) = FractionalMaxPool2d(3, outputSize: 3).withIndices(x)
        #expect(x.flatten(from: 2).gather(2, indices.flatten(from: 2)).isEqual(to: values.flatten(from: 2)))
    }
}
