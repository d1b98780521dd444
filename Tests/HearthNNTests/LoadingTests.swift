import HearthTensor
import Testing

import HearthNN

/// What transfer learning needs: parts under names, weights that fit in part, parts that are frozen.
@Suite struct LoadingTests {
    private func network(classes: Int = 3) -> Sequential {
        Sequential([
            "features": Sequential(["conv0": Linear(4, 4), "bn0": BatchNorm1d(4)]), "fc": Linear(4, classes),
        ])
    }

    private func names(_ module: Module) -> [String] { module.namedParameters.map(\.name) }

    @Test func sequentialHasNamesWhereTheyAreGiven() {
        let model = network()
        #expect(
            names(model) == [
                "features.conv0.weight", "features.conv0.bias", "features.bn0.weight", "features.bn0.bias",
                "fc.weight", "fc.bias",
            ])
        #expect(model["fc"] === model[1] && model["head"] == nil)
        model["fc"] = Linear(4, 2, bias: false)
        model.append(ReLU())
        model.append(Linear(2, 2, bias: false), named: "last")
        #expect(model.namedChildren.map(\.name) == ["features", "fc", "2", "last"])
        #expect(model(.ones([5, 4])).shape == [5, 2])
        model["2"] = nil
        #expect(model.namedChildren.map(\.name) == ["features", "fc", "last"])
    }

    @Test func aBlockCanBeASequential() {
        final class Block: Sequential {
            init(_ size: Int) { super.init([Linear(size, size), ReLU()]) }
            override func forward(_ x: Tensor) -> Tensor { super.forward(x) + x }
        }
        let block = Block(3)
        block[0] = Identity()
        #expect(names(Block(3)) == ["0.weight", "0.bias"])
        #expect(block(.ones([1, 3])).sum().item() == 6)
    }

    @Test func errorsKnowTheRemedy() throws {
        func words(_ state: StateDict, into model: Module) -> String {
            do { try model.loadStateDict(state) } catch { return "\(error)" }
            return ""
        }
        let target = network()
        let parallel = words(network().stateDict.renamed { "module." + $0 }, into: target)
        #expect(parallel.contains("renaming: [(\"module.\", \"\")]"))
        let body = Sequential(["conv0": Linear(4, 4)])
        let whole = Sequential(["backbone": Sequential(["conv0": Linear(4, 4)])])
        #expect(words(body.stateDict, into: whole).contains("renaming: [(\"\", \"backbone.\")]"))
        let classes = words(network(classes: 5).stateDict, into: target)
        #expect(classes.contains("skippingMisfits: true") && !classes.contains("renaming"))
        var other = network().stateDict
        other["extra"] = .ones([1])
        let plain = words(other, into: target)
        #expect(!plain.contains("renaming") && !plain.contains("skippingMisfits"))
        // The remedies help.
        try target.loadStateDict(network().stateDict.renamed { "module." + $0 }, renaming: [("module.", "")])
        try whole.loadStateDict(body.stateDict, renaming: [("", "backbone.")])
        try target.loadStateDict(network(classes: 5).stateDict, skippingMisfits: true)
    }

    @Test func whatFitsIsLoadedAndTheRestReported() throws {
        let (source, target) = (network(classes: 5), network())
        var state = source.stateDict.renamed { "module." + $0 }
        state["module.extra"] = .ones([1])
        let before = target.stateDict
        #expect(throws: StateDictError.self) { try target.loadStateDict(state) }
        #expect(throws: StateDictError.self) {
            try target.loadStateDict(state, strict: false, renaming: [("module.", "")])
        }
        #expect(throws: StateDictError.self) {
            try target.loadStateDict(state, skippingMisfits: true, renaming: [("module.", "")])
        }
        for (name, tensor) in before { #expect(target.stateDict[name]!.isEqual(to: tensor)) }
        let report = try target.loadStateDict(
            state, strict: false, skippingMisfits: true, renaming: [("module.", ""), ("features.", "x.")])
        #expect(report.loaded.count == 7 && report.missing.isEmpty && report.unexpected == ["extra"])
        #expect(report.misfitting.map(\.name) == ["fc.weight", "fc.bias"])
        #expect(report.misfitting[0].expected == [3, 4] && report.misfitting[0].found == [5, 4])
        #expect(target.stateDict["features.conv0.weight"]!.isEqual(to: source.stateDict["features.conv0.weight"]!))
        #expect(
            report.description == """
                loaded 7 of 9 tensors
                  unexpected: extra
                  shape of fc.weight: expected [3, 4], found [5, 4]
                  shape of fc.bias: expected [3], found [5]
                """)
    }

    @Test func theFirstRuleThatFitsRenames() throws {
        let target = network()
        let state = target.stateDict.renamed { $0.hasPrefix("features.") ? "backbone" + $0.dropFirst(8) : "a.b." + $0 }
        let rules = [("backbone.bn", "features.bn"), ("backbone.", "features."), ("a.b.", "")]
        #expect(try target.loadStateDict(state, renaming: rules.map { ($0.0, $0.1) }).loaded.count == 9)
        #expect(state.renamed { $0.hasPrefix("a.") ? nil : $0 }.keys.allSatisfy { $0.hasPrefix("backbone") })
    }

    @Test func modulesKnowTheirFormerNames() throws {
        final class Renamed: Module {
            let norm1 = LayerNorm(3)
            override func currentName(of name: String) -> String {
                name.hasPrefix("norm.1.") ? "norm1." + name.dropFirst(7) : name
            }
        }
        final class Whole: Module {
            let blocks = [Renamed(), Renamed()]
            override func currentName(of name: String) -> String {
                name.hasPrefix("old.") ? "blocks." + name.dropFirst(4) : name
            }
        }
        let whole = Whole()
        let old = StateDict(
            whole.stateDict.map { name, tensor in
                (name: name.replacing("norm1", with: "norm.1").replacing("blocks", with: "old"), tensor: tensor)
            })
        #expect(old.keys.contains("old.1.norm.1.weight"))
        #expect(try whole.loadStateDict(old).loaded.count == 4)
        #expect(try whole.loadStateDict(whole.stateDict).loaded.count == 4)
    }

    @Test func parametersAreFrozenByPattern() {
        let model = network()
        #expect(model.freeze(where: "features.*") == Array(names(model)[..<4]))
        #expect(model.parameters.map(\.requiresGrad) == [false, false, false, false, true, true])
        #expect(
            model.unfreeze(where: "*.bn?.weight", "*.bias") == [
                "features.conv0.bias", "features.bn0.weight", "features.bn0.bias", "fc.bias",
            ])
        #expect(model.parameters.map(\.requiresGrad) == [false, true, true, true, true, true])
        #expect(model.freeze(where: "nothing").isEmpty)
    }

    @Test(arguments: [
        ("*", "", true), ("", "", true), ("", "a", false), ("a", "a", true), ("a", "ab", false), ("?", "", false),
        ("a?c", "abc", true), ("*c", "abcbc", true), ("*b", "abc", false), ("a*b*c", "aXbYbZc", true),
        ("a*b*c", "aXcYb", false), ("**", "ab", true), ("layer1.*", "layer1.0.conv1.weight", true),
        ("layer1.*", "layer10.conv1.weight", false), ("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaa", false),
    ])
    func patternsMatch(pattern: String, name: String, fits: Bool) {
        #expect(NamePattern(pattern).matches(name) == fits)
    }

    @Test func onMetaNothingIsDrawn() throws {
        let generator = Generator(seed: 7)
        let start = generator.state
        let model = Initialize.onMeta { () -> Sequential in
            _ = Initialize.normal([3], generator: generator)
            _ = Initialize.kaimingUniform([3, 3], generator: generator)
            _ = Initialize.xavierNormal([3, 3], generator: generator)
            _ = Initialize.truncatedNormal([3], generator: generator)
            return network()
        }
        #expect(generator.state == start)
        #expect((model["fc"] as? Linear)?.weight.device == .meta)
        #expect(Linear(2, 2).weight.device == .default)
        let other = network()
        try model.loadStateDict(other.stateDict)
        #expect(model.eval()(.ones([2, 4])).isEqual(to: other.eval()(.ones([2, 4]))))
        model(.ones([2, 4])).sum().backward()
        #expect(model.parameters.allSatisfy { $0.grad?.device == .default })
    }
}

extension Tensor {
    fileprivate func isEqual(to other: Tensor) -> Bool {
        shape == other.shape && (self == other).all().item(as: Bool.self)
    }
}
