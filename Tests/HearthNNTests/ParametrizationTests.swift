import GoldenSupport
import HearthTensor
import Testing

import HearthNN

/// Weights made of other tensors, against PyTorch's results, gradients and names.
@Suite struct ParametrizationGoldenTests {
    private static let goldens = SequenceGoldens.parametrized

    @Test(arguments: goldens.names.filter { $0.hasPrefix("weight_norm") })
    func weightNormMatchesPyTorch(_ name: String) throws {
        let x = Self.goldens.inputs(name)
        if name.hasSuffix("LSTM") {
            let lstm = weightNorm(LSTM(3, 4), "weight_hh_l0")
            try Self.goldens.load(lstm, name)
            return Self.goldens.compare(name, x, [lstm(x[0]).output], lstm)
        }
        let dim = name.hasSuffix("None") ? nil : name.hasSuffix("1") ? 1 : 0
        let layer: any Layer =
            name.contains("Conv2d") ? weightNorm(Conv2d(2, 3, kernelSize: 3)) : weightNorm(Linear(3, 5), dim: dim)
        try Self.goldens.load(layer, name)
        Self.goldens.compare(name, x, [layer(x[0])], layer)
    }

    @Test(arguments: goldens.names.filter { $0.hasPrefix("spectral_norm") })
    func spectralNormMatchesPyTorch(_ name: String) throws {
        let iterations = name.contains("Linear 3") ? 3 : 1
        let layer: any Layer =
            name.contains("ConvTranspose2d")
            ? spectralNorm(ConvTranspose2d(2, 3, kernelSize: 3))
            : name.contains("Conv2d")
                ? spectralNorm(Conv2d(2, 3, kernelSize: 3)) : spectralNorm(Linear(3, 5), iterations: iterations)
        try Self.goldens.load(layer, name)
        layer.train(name.hasSuffix("train"))
        let x = Self.goldens.inputs(name)
        let y = layer(x[0])
        let state = layer.stateDict
        Self.goldens.compare(
            name, x, [y, state["parametrizations.weight.0._u"]!, state["parametrizations.weight.0._v"]!], layer)
    }

    @Test func pruningMatchesPyTorch() throws {
        let x = Self.goldens.inputs("prune # once")
        let linear = Linear(3, 5)
        Prune.l1Unstructured(linear, "weight", amount: 0.3)
        try Self.goldens.load(linear, "prune")
        Self.goldens.compare("prune # once", x, [linear(x[0]), linear.stateDict["weight_mask"]!], linear)
        // The same elements are chosen, and the next time among those that are left.
        let again = Linear(3, 5)
        again.to(.float64)
        again.weight = linear.stateDict["weight_orig"]!
        again.bias = linear.bias
        Prune.l1Unstructured(again, "weight", amount: 0.3)
        Self.goldens.compare("prune # once", x, [again(x[0]), again.stateDict["weight_mask"]!], again)
        Prune.l1Unstructured(again, "weight", amount: 4)
        Self.goldens.compare("prune # twice", x, [again(x[0]), again.stateDict["weight_mask"]!], again)
    }
}

@Suite struct ParametrizationTests {
    private final class Symmetric: Module, Parametrization {
        func forward(_ x: [Tensor]) -> Tensor { x[0].triu() + x[0].triu(diagonal: 1).mT }
        func rightInverse(_ value: Tensor) -> [Tensor] { [value.triu()] }
    }

    private final class Doubled: Module, Parametrization {
        func forward(_ x: [Tensor]) -> Tensor { x[0] * 2 }
        func rightInverse(_ value: Tensor) -> [Tensor] { [value / 2] }
    }

    @Test func aParametrizedWeightIsComputedAndTrained() {
        let linear = Linear(3, 3)
        linear.registerParametrization("weight", Symmetric())
        #expect(linear.weight.isEqual(to: linear.weight.t()))
        #expect(linear.namedParameters.map(\.name) == ["bias", "parametrizations.weight.original"])
        #expect(linear.inputs == 3 && linear.isParametrized("weight") && !linear.isParametrized("bias"))
        let optimizer = SGD(linear.parameters, lr: 0.1)
        let before = linear.weight
        linear(Tensor.ones([2, 3])).square().sum().backward()
        optimizer.step()
        #expect(!linear.weight.isEqual(to: before) && linear.weight.isEqual(to: linear.weight.t()))
    }

    @Test func parametrizationsFollowEachOtherAndCanBeAssignedThrough() {
        let linear = Linear(3, 3, bias: false)
        let weight = linear.weight
        linear.registerParametrization("weight", Doubled())
        #expect(linear.weight.allClose(to: weight))
        linear.registerParametrization("weight", Symmetric())
        #expect(linear.weight.triu().allClose(to: weight.triu()))
        let value = Tensor.eye(3) * 4
        linear.weight = value
        #expect(linear.weight.allClose(to: value))
        #expect(linear.stateDict["parametrizations.weight.original"]!.allClose(to: value / 2))
        linear.removeParametrizations("weight")
        #expect(linear.weight.allClose(to: value) && linear.stateDict.keys == ["weight"])
        #expect(linear.$weight.requiresGrad && !linear.isParametrized())
    }

    @Test func removingMayGiveTheOriginalBack() {
        let linear = Linear(3, 3)
        let weight = linear.weight.detach()
        linear.registerParametrization("weight", Symmetric())
        let original = linear.stateDict["parametrizations.weight.original"]!
        linear.removeParametrizations("weight", leaveParametrized: false)
        #expect(linear.weight.isEqual(to: original) && original.isEqual(to: weight.triu()))
    }

    @Test func spectralNormBringsTheLargestSingularValueToOne() {
        let linear = spectralNorm(Linear(6, 4), iterations: 60, generator: Generator(seed: 1))
        var v = Tensor.ones([6])
        let weight = linear.weight.detach()
        for _ in 0..<200 {
            v = weight.t().mv(weight.mv(v))
            v = v / v.norm()
        }
        #expect(abs(weight.mv(v).norm().item() - 1) < 1e-3)
        // A vector has a length instead.
        let norm = spectralNorm(LayerNorm(4))
        #expect(abs(norm.weight!.norm().item() - 1) < 1e-5)
    }

    @Test func derivativesOfBothOrders() throws {
        let g = Tensor.randn([4, 1], dtype: .float64, generator: Generator(seed: 2))
        let v = Tensor.randn([4, 3], dtype: .float64, generator: Generator(seed: 3))
        try gradientCheck([g, v], order: 2) { WeightNorm().forward($0) }
        let norm = SpectralNorm(v, iterations: 1, epsilon: 1e-12, dim: 0, generator: Generator(seed: 4))
        norm.eval()
        try gradientCheck([v], order: 2) { norm.forward($0) }
    }

    @Test func prunedElementsStayZeroAndStateRoundTrips() throws {
        let linear = Linear(4, 5)
        Prune.randomUnstructured(linear, "weight", amount: 0.5, generator: Generator(seed: 5))
        #expect((linear.weight == 0).sum().item(as: Int.self) == 10 && Prune.isPruned(linear))
        #expect(Set(linear.stateDict.keys) == ["bias", "weight_orig", "weight_mask"])
        let optimizer = SGD(linear.parameters, lr: 0.1)
        linear(Tensor.ones([2, 4])).square().sum().backward()
        optimizer.step()
        #expect((linear.weight == 0).sum().item(as: Int.self) == 10)
        let other = Linear(4, 5)
        Prune.customFromMask(other, "weight", mask: Tensor.ones([5, 4]))
        try other.loadStateDict(linear.stateDict)
        #expect(other.weight.isEqual(to: linear.weight))
        Prune.remove(linear, "weight")
        #expect(linear.stateDict.keys.contains("weight") && !Prune.isPruned(linear))
        #expect(linear.weight.isEqual(to: other.weight))
    }

    @Test func listsOfParametersAreNamedAndTrained() throws {
        final class Scales: Module {
            let list = ParameterList([Tensor.ones([2]), Tensor.zeros([3])])
            let table = ParameterDict(["left": Tensor.ones([1]), "right": Tensor.ones([1])])
        }
        let scales = Scales()
        #expect(scales.namedParameters.map(\.name) == ["list.0", "list.1", "table.left", "table.right"])
        (scales.list[0] * 3).sum().backward()
        #expect(scales.list.elements[0].grad!.array(of: Float.self) == [3, 3])
        scales.table["middle"] = Tensor.ones([2])
        scales.table["left"] = nil
        scales.list.append(Tensor.ones([1]))
        #expect(scales.table.keys == ["right", "middle"] && scales.list.count == 3)
        let vector = parametersToVector(scales.parameters)
        #expect(vector.count == 2 + 3 + 1 + 1 + 2)
        vectorToParameters(Tensor.arange(9).to(.float32), scales.parameters)
        #expect(
            scales.list[1].array(of: Float.self) == [2, 3, 4]
                && scales.table["middle"]!.array(of: Float.self) == [7, 8])
    }
}
