import HearthTensor
import Testing

import HearthNN

/// Modules and parameters are found wherever a property can hold them, or refused.
struct ModulePartTests {
    private enum Head {
        case linear(Linear)
        case pair(Linear, scale: Linear)
        case none
    }

    private struct Branch {
        let conv = Linear(2, 2)
        @Param var gain: Tensor = .ones([2])
        @Buffer var seen: Tensor = .zeros([1])
        var norms: [LayerNorm] = [LayerNorm(2), LayerNorm(2)]
    }

    private final class Network: Module {
        let pair = (Linear(2, 2), second: Linear(2, 2))
        let branch = Branch()
        let byNumber: [Int: Module] = [10: Linear(2, 2), 9: ReLU(), 2: Linear(2, 2)]
        let byName: [String: [Linear]] = ["b": [Linear(2, 2)], "a": [Linear(2, 2), Linear(2, 2)]]
        var maybe: Linear? = Linear(2, 2)
        var absent: Linear?
        let nested: [[Module]] = [[Linear(2, 2)], [], [Linear(2, 2)]]
        let weights: [Parameter] = [Parameter(.ones([1])), Parameter(.ones([1]))]
        var head = Head.pair(Linear(2, 2), scale: Linear(2, 2))
        let numbers = [Int](repeating: 1, count: 1_000_000)
        let words = ["one": 1]
        lazy var late = Linear(2, 2)
        lazy var answer = 42

        override init() {
            super.init()
            _ = late
        }
    }

    @Test func partsAreFoundAndNamed() {
        let names = Network().namedModules.map(\.name)
        #expect(
            names == [
                "", "pair.0", "pair.second", "branch.conv", "branch.norms.0", "branch.norms.1", "by_number.2",
                "by_number.9", "by_number.10", "by_name.a.0", "by_name.a.1", "by_name.b.0", "maybe", "nested.0.0",
                "nested.2.0", "head.pair.0", "head.pair.scale", "late",
            ])
    }

    @Test func parametersAndBuffersInsideAreTrainedAndSaved() {
        let model = Network()
        let names = model.namedParameters.map(\.name)
        for name in ["branch.gain", "weights.0", "weights.1", "late.weight", "head.pair.scale.bias"] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(model.namedBuffers.map(\.name) == ["branch.seen"])
        #expect(model.stateDict.keys.contains("branch.seen"))
        // What is found is the very parameter, not a copy.
        model.namedParameters.first { $0.name == "branch.gain" }?.parameter.tensor = .zeros([2])
        #expect(model.branch.gain.array(of: Float.self) == [0, 0])
        model.head = .linear(Linear(2, 2))
        #expect(model.namedParameters.map(\.name).contains("head.linear.weight"))
        model.head = .none
        #expect(!model.namedParameters.map(\.name).contains { $0.hasPrefix("head") })
    }

    private final class LateNetwork: Module { lazy var head = Linear(2, 2) }
    private final class LateNetworks: Module { lazy var heads: [String: [any Layer]] = ["a": [Linear(2, 2)]] }
    private final class LateNumber: Module { lazy var number = 3 }
    private final class Bag: Module { let parts: Set<ObjectWrapper> = [ObjectWrapper(module: Linear(1, 1))] }
    private struct ObjectWrapper: Hashable {
        let module: Module
        static func == (a: Self, b: Self) -> Bool { a.module === b.module }
        func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(module)) }
    }

    @Test func whatWouldBeLeftOutIsRefused() throws {
        for model in [LateNetwork(), LateNetworks()] {
            let error = #expect(throws: ShapeError.self) { try checkShapes { _ = model.parameters } }
            #expect("\(try #require(error))".contains("is lazy and has not been made"))
        }
        let late = LateNetwork()
        _ = late.head
        #expect(late.parameters.count == 2)
        #expect(LateNumber().parameters.isEmpty)
        let error = #expect(throws: ShapeError.self) { try checkShapes { _ = Bag().modules } }
        #expect("\(try #require(error))".contains("have no order"))
    }

    @Test func subclassesOfSequentialHavePartsOfTheirOwn() {
        final class Labelled: Sequential {
            let label = Linear(1, 1)
            convenience init() { self.init([Linear(2, 2), ReLU()]) }
        }
        #expect(Labelled().namedModules.map(\.name) == ["", "0", "1", "label"])
    }

    private final class Called: Module, Layer {
        let fc = Linear(2, 3)
        func callAsFunction(_ x: Tensor) -> Tensor { fc(x).relu() }
    }
    private final class Neither: Module, Layer {}

    @Test func aLayerMayBeAFunctionOfOneTensor() throws {
        let called = Called()
        let model = Sequential {
            called
            Linear(3, 1)
        }
        var seen: [[Int]] = []
        let hook = called.registerForwardHook { _, x, y in seen.append([x.shape[1], y.shape[1]]) }
        #expect(model(.ones([4, 2])).shape == [4, 1])
        #expect(seen == [[2, 3]])
        called.removeForwardHook(hook)
        _ = model(.ones([4, 2]))
        #expect(seen.count == 1)
        let summary = try model.summary(input: [4, 2])
        #expect(summary.rows.map(\.output) == [[4, 3], [4, 1]])
        #expect(try called.summary(input: [4, 2]).rows.count == 1)
        let error = #expect(throws: ShapeError.self) { try checkShapes { Neither()(.meta([1])) } }
        #expect("\(try #require(error))".contains("Neither"))
    }
}
