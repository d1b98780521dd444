import HearthGraph
import HearthNN
import HearthTensor
import HearthVision
import Testing

@Suite struct TracingTests {
    @Test func aMultilayerPerceptronForAnyBatch() throws {
        let model = Sequential {
            Flatten()
            Linear(784, 128)
            ReLU()
            Linear(128, 10)
        }
        let graph = try Graph(of: model, inputs: .float32("batch", 1, 28, 28))
        for batch in [1, 5, 64] {
            let x = Tensor.rand([batch, 1, 28, 28], generator: Generator(seed: 1))
            #expect(try graph(x).allClose(to: model(x)))
        }
    }

    @Test func aResidualNetwork() throws {
        let model = resnet18(classes: 10).eval()
        let graph = try Graph(of: model, inputs: .float32("batch", 3, "height", "width"))
        let x = Tensor.rand([2, 3, 70, 65], generator: Generator(seed: 1))
        #expect(try graph(x).allClose(to: model(x)))
    }
}
