import HearthTensor
import Testing

import HearthNN

@Suite struct ModuleTests {
    private final class Block: Module, Layer {
        let conv1 = Linear(3, 3)
        @Param var scale: Tensor = .ones([3])
        @Param var shift: Tensor? = nil
        @Buffer var runningMean: Tensor = .zeros([3])
        @Buffer(persistent: false) var scratch: Tensor = .zeros([1])
        @Buffer var table: Tensor? = nil
        func forward(_ x: Tensor) -> Tensor { conv1(x) * scale + runningMean }
    }

    private final class Network: Module, Layer {
        let layer1 = [Block(), Block()]
        let heads = ModuleDict(["b": Linear(3, 2), "a": Linear(3, 1)])
        let list = ModuleList([Linear(3, 3)])
        let body = Sequential {
            Linear(3, 3)
            ReLU()
        }
        var fc = Linear(3, 2, bias: false)
        func forward(_ x: Tensor) -> Tensor { fc(body(layer1[1](layer1[0](x)))) }
    }

    private static let blockNames = ["scale", "conv1.weight", "conv1.bias"]

    @Test func namesArePyTorchs() {
        let names = Network().namedParameters.map(\.name)
        #expect(
            names == Self.blockNames.map { "layer1.0.\($0)" } + Self.blockNames.map { "layer1.1.\($0)" }
                + ["heads.b.weight", "heads.b.bias", "heads.a.weight", "heads.a.bias"]
                + ["list.0.weight", "list.0.bias", "body.0.weight", "body.0.bias", "fc.weight"])
        #expect(
            Network().namedBuffers.map(\.name) == [
                "layer1.0.running_mean", "layer1.0.scratch", "layer1.0.table", "layer1.1.running_mean",
                "layer1.1.scratch", "layer1.1.table",
            ])
        #expect(
            Network().stateDict.keys.filter { $0.contains("layer1.0") }
                == ["layer1.0.scale", "layer1.0.running_mean", "layer1.0.conv1.weight", "layer1.0.conv1.bias"])
        #expect("runningMean".snakeCased == "running_mean" && "fc1".snakeCased == "fc1")
    }

    @Test func freezingStopsGradients() {
        let network = Network()
        network.layer1[0].freeze()
        #expect(network.parameterCount() - network.parameterCount(trainableOnly: true) == 15)
        network(.ones([2, 3])).sum().backward()
        #expect(network.layer1[0].parameters.allSatisfy { $0.grad == nil })
        #expect(network.fc.$weight.grad != nil)
        network.zeroGrad()
        #expect(network.parameters.allSatisfy { $0.grad == nil })
        network.unfreeze()
        #expect(network.parameters.allSatisfy { $0.requiresGrad })
    }

    @Test func modesReachEveryPart() {
        let network = Network()
        network.eval()
        #expect(network.modules.allSatisfy { !$0.isTraining })
        network.layer1[0].train()
        #expect(!network.isTraining && network.layer1[0].conv1.isTraining && !network.layer1[1].isTraining)
        network.train()
        #expect(network.modules.allSatisfy { $0.isTraining })
        let dropout = Dropout(0.5).eval()
        #expect(dropout(.ones([100])).isEqual(to: .ones([100])))
    }

    @Test func sharedParametersCountOnceAndMoveTogether() throws {
        let model = Sequential {
            Linear(3, 3)
            Linear(3, 3)
        }
        let (first, second) = (model[0] as! Linear, model[1] as! Linear)
        second.$weight = first.$weight
        #expect(model.namedParameters.map(\.name) == ["0.weight", "0.bias", "1.bias"])
        #expect(model.stateDict.keys == ["0.weight", "0.bias", "1.weight", "1.bias"])
        model(.ones([1, 3])).sum().backward()
        #expect(first.$weight.grad!.isEqual(to: second.$weight.grad!))
        SGD(model.parameters, lr: 0.1).step()
        #expect(first.weight.isEqual(to: second.weight))
    }

    @Test func replacingALayerIsAllThereIs() {
        let network = Network()
        network.fc = Linear(3, 7)
        #expect(network(.ones([2, 3])).shape == [2, 7])
        #expect(network.stateDict["fc.weight"]?.shape == [7, 3] && network.stateDict["fc.bias"] != nil)
        network.body[0] = Linear(3, 3, bias: false)
        #expect(network.stateDict["body.0.bias"] == nil)
        network.heads["a"] = nil
        #expect(network.heads.keys == ["b"])
    }

    @Test func loadingReportsEverythingAndChangesNothing() throws {
        let model = Linear(3, 2)
        let before = model.stateDict
        var state = StateDict()
        state["weight"] = .zeros([2, 4])
        state["extra"] = .zeros([1])
        let error = try #require(throws: StateDictError.self) { try model.loadStateDict(state) }
        #expect(error.missing == ["bias"] && error.unexpected == ["extra"])
        #expect(error.misfitting.map(\.name) == ["weight"])
        #expect(
            "\(error)" == """
                the state dict does not fit Linear:
                  missing: bias
                  unexpected: extra
                  shape of weight: expected [2, 3], found [2, 4]
                """)
        state["weight"] = .ones([2, 3])
        #expect(throws: StateDictError.self) { try model.loadStateDict(state) }
        for (name, tensor) in before { #expect(model.stateDict[name]!.isEqual(to: tensor)) }
        let report = try model.loadStateDict(state, strict: false)
        #expect(report.loaded == ["weight"] && report.missing == ["bias"] && report.unexpected == ["extra"])
        #expect(model.weight.isEqual(to: .ones([2, 3])) && model.bias!.isEqual(to: before["bias"]!))
    }

    @Test func aStateDictIsAValue() {
        let model = Linear(2, 2)
        let state = model.stateDict
        let copy = state["weight"]!.clone()
        model(.ones([1, 2])).sum().backward()
        SGD(model.parameters, lr: 1).step()
        #expect(state["weight"]!.isEqual(to: copy))
        #expect(!model.weight.isEqual(to: copy))
    }

    @Test func loadingConvertsToTheModulesDType() throws {
        let model = Linear(2, 2)
        var state = model.stateDict
        state["weight"] = Tensor([[1.0, 2.0], [3.0, 4.0]], dtype: .float64)
        try model.loadStateDict(state)
        #expect(model.weight.dtype == .float32 && model.weight.floatArray == [1, 2, 3, 4])
        model.to(.float64)
        #expect(model.weight.dtype == .float64 && model.$weight.requiresGrad)
    }

    @Test func summaryIsKerassTable() throws {
        let model = Sequential {
            Flatten()
            Linear(784, 128)
            ReLU()
            Linear(128, 10)
        }
        let expected = """
            Model: Sequential
            ┌──────────────┬──────────────┬─────────┐
            │ Layer (type) │ Output shape │ Param # │
            ├──────────────┼──────────────┼─────────┤
            │ 0 (Flatten)  │ (None, 784)  │       0 │
            │ 1 (Linear)   │ (None, 128)  │ 100,480 │
            │ 2 (ReLU)     │ (None, 128)  │       0 │
            │ 3 (Linear)   │ (None, 10)   │   1,290 │
            └──────────────┴──────────────┴─────────┘
             Total params: 101,770 (397.54 KB)
             Trainable params: 101,770
             Non-trainable params: 0
            """
        #expect("\(try model.summary(input: [1, 1, 28, 28]))" == expected)
        #expect(model.layers.allSatisfy { ($0 as Module).forwardHooks.isEmpty })
        #expect(throws: ShapeError.self) { try model.summary(input: [1, 1, 27, 28]) }
    }

    @Test func optionalParametersComeAndGo() {
        let block = Block()
        #expect(block.shift == nil && block.$shift == nil)
        block.shift = .ones([3])
        #expect(block.$shift?.requiresGrad == true)
        #expect(block.namedParameters.map(\.name).contains("shift"))
        block.shift = nil
        #expect(!block.namedParameters.map(\.name).contains("shift"))
        block.table = .zeros([2])
        #expect(block.stateDict["table"]?.shape == [2])
        #expect(block.stateDict["scratch"] == nil)
        let handle = block.$scale
        block.scale = .zeros([3])
        #expect(block.$scale === handle && handle.tensor.floatArray == [0, 0, 0])
    }

    @Test func forwardHooksSeeInputAndResult() {
        let layer = Linear(2, 3)
        var seen: [(Shape, Shape)] = []
        let hook = layer.registerForwardHook { _, x, y in seen.append((x.shape, y.shape)) }
        _ = layer(.ones([4, 2]))
        layer.removeForwardHook(hook)
        _ = layer(.ones([4, 2]))
        #expect(seen.count == 1 && seen[0].0 == [4, 2] && seen[0].1 == [4, 3])
    }

    @Test func aDimensionThatIsNotThereIsFoundWithoutRunning() {
        #expect {
            try checkShapes { Sequential { Softmax(dim: 2) }(.meta([1, 4])) }
        } throws: { "\($0)" == "softmax on float32[1, 4]: dimension 2 is out of range for 2 dimensions" }
        #expect(throws: ShapeError.self) { try checkShapes { GLU()(.meta([2, 3])) } }
    }

    @Test func aWrongModelIsFoundWithoutRunningIt() {
        let model = Sequential {
            Linear(4, 3)
            Linear(5, 2)
        }
        #expect {
            try checkShapes { model(.meta([1, 4])) }
        } throws: { "\($0)".hasPrefix("linear on float32[1, 3], float32[2, 5], float32[2]") }
    }
}
