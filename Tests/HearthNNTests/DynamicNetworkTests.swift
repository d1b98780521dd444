import HearthTensor
import Testing

import DynamicNetworks

/// Networks whose shape is decided while they run learn what they are shown.
@Suite struct DynamicNetworkTests {
    private func mean(_ losses: some Collection<Double>) -> Double { losses.reduce(0, +) / Double(losses.count) }

    @Test func aTreeNetworkLearnsToEvaluateFormulas() {
        let experiment = TreeExperiment(seed: 11)
        let losses = experiment.train(steps: 300)
        #expect(mean(losses.prefix(10)) > 0.4 && mean(losses.suffix(30)) < 0.1)
        #expect(experiment.accuracy(on: 200) > 0.95)
    }

    @Test func aLayerOfVariableDepthLearnsOneTurn() {
        let experiment = DepthExperiment(seed: 12)
        let losses = experiment.train(steps: 200)
        #expect(mean(losses.prefix(10)) > 0.3 && mean(losses.suffix(10)) < 1e-3)
        let angle = Tensor(0.6)
        let expected = Tensor.stack([
            Tensor.stack([angle.cos(), -angle.sin()]), Tensor.stack([angle.sin(), angle.cos()]),
        ])
        #expect(experiment.turn.weight.allClose(to: expected, absolute: 0.02))
    }

    @Test func sequencesOfDifferentLengthsLearnTogether() {
        let experiment = LengthExperiment(seed: 13)
        let losses = experiment.train(steps: 200)
        #expect(mean(losses.prefix(5)) > 0.55 && mean(losses.suffix(20)) < 0.2)
        #expect(experiment.accuracy(on: 400) > 0.92)
    }
}
