import HearthDescription
import HearthGraph
import HearthNN
import HearthTensor
import HearthVision
import Testing

/// Programs that are written as layers, and the networks that these describe.
@Suite struct DescribedGraphTests {
    private func trace(_ model: some Layer, _ input: [Int]) throws -> Graph {
        try Graph(of: model, inputs: InputSpec(["n"] + input.map { Size.fixed($0) }))
    }

    /// Writes a network as layers, makes these with its weights, and compares the results.
    @discardableResult
    private func roundTrip(_ model: some Layer, _ input: [Int]) throws -> (text: String, keysAreEqual: Bool) {
        model.eval()
        let description = try NetworkDescription(of: try trace(model, input))
        let network = try description.network(input: input, generator: Generator(seed: 1))
        network.eval()
        let weights = model.stateDict
        var inOrder = StateDict()
        for (from, to) in zip(weights.keys, network.stateDict.keys) { inOrder[to] = weights[from] }
        let keysAreEqual = Set(weights.keys) == Set(network.stateDict.keys)
        try network.loadStateDict(keysAreEqual ? weights : inOrder)
        let x = Tensor.randn(Shape([2] + input), generator: Generator(seed: 4))
        #expect(noGrad { model(x).array(of: Float.self) == network(x).array(of: Float.self) })
        return (description.yaml, keysAreEqual)
    }

    @Test func aDescribedNetworkComesBackAsItWas() throws {
        let described = try NetworkDescription(yaml: NetworkTests.residual)
        let model = try described.network(input: [3, 8, 8], outputs: 7, generator: Generator(seed: 1))
        let (text, keysAreEqual) = try roundTrip(model, [3, 8, 8])
        #expect(keysAreEqual)
        let again = try NetworkDescription(yaml: text).network(input: [3, 8, 8], generator: Generator(seed: 1))
        #expect(again.stateDict.keys == model.stateDict.keys)
        // A branch without layers leaves nothing in a program that its name could be read from.
        #expect("\(again)" == "\(model)".replacing("(right): Sequential()", with: "(skip): Sequential()"))
    }

    @Test(arguments: ["alexnet", "mobilenet_v2", "vgg11"]) func namesOfModulesAreKept(_ name: String) throws {
        let (_, keysAreEqual) = try withDevice(.cpu) { try roundTrip(try getModel(name, classes: 10), [3, 64, 64]) }
        #expect(keysAreEqual)
    }

    @Test(arguments: ["resnet18", "squeezenet1_1", "mobilenet_v3_small", "densenet121"])
    func branchesBecomeAddCatAndMul(_ name: String) throws {
        try roundTrip(try getModel(name, classes: 10), [3, 64, 64])
    }

    @Test func aMeanOverThePlanesIsAPool() throws {
        final class Mean: Module, Layer {
            let conv = Conv2d(3, 4, kernelSize: 3, generator: Generator(seed: 1))
            let fc = Linear(4, 2, generator: Generator(seed: 2))
            func forward(_ x: Tensor) -> Tensor { fc(conv(x).mean(dims: [2, 3], keepDim: true).flatten(from: 1)) }
        }
        let (text, keysAreEqual) = try roundTrip(Mean(), [3, 8, 8])
        #expect(keysAreEqual)
        #expect(text.contains("AdaptiveAvgPool2d: 1"))
        // Over the channels it is none.
        final class Channels: Module, Layer {
            func forward(_ x: Tensor) -> Tensor { x.mean(dims: [1], keepDim: true) }
        }
        #expect(throws: GraphError.self) { try NetworkDescription(of: try trace(Channels(), [3, 8, 8])) }
    }

    @Test func aSharedWeightIsRefused() throws {
        final class Twice: Module, Layer {
            let fc = Linear(4, 4, generator: Generator(seed: 1))
            func forward(_ x: Tensor) -> Tensor { fc(fc(x).relu()) }
        }
        let error = #expect(throws: GraphError.self) { try NetworkDescription(of: try trace(Twice(), [4])) }
        #expect(error?.rule.contains("'fc.weight' is used in several places") ?? false)
    }

    @Test func whatIsNoLayerIsNamed() throws {
        final class Halved: Module, Layer {
            func forward(_ x: Tensor) -> Tensor { x.tanh() / 2 }
        }
        let error = #expect(throws: GraphError.self) { try NetworkDescription(of: try trace(Halved(), [4])) }
        #expect(error?.rule.contains("there is no layer for this operation") ?? false)
        #expect(error?.rule.hasPrefix("%2 = ") ?? false)
    }
}
