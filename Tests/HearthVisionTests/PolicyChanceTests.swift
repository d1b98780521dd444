import HearthTensor
import Testing

import HearthVision

/// Learned policies do each of their changes, in both directions, as often as torchvision's: all results that they can have
/// are worked out with their probabilities, and counted.
@Suite struct PolicyChanceTests {
    // Equalizing changes nothing in pictures of fewer than 256 pixels.
    private let image = Tensor.randint(0..<256, [3, 18, 17], generator: Generator(seed: 1)).to(.uint8)
    private let bending = Augmentation.Bending(interpolation: .nearest, fill: nil, "the test")
    /// Results with their probabilities.
    private typealias Outcomes = [[UInt8]: Double]

    /// What a change at a level makes of a picture: both directions are equally likely where there are two.
    private func results(
        of change: Augmentation, _ space: AugmentationSpace, level: Int, levels: Int, on picture: Tensor
    ) -> [Tensor] {
        let random = Generator(seed: 2)
        let draft = Draft(picture)
        let magnitudes = Set(
            (0..<40).map { _ in space.magnitude(of: change, level: level, levels: levels, for: draft, random) })
        return magnitudes.map { magnitude in
            var draft = Draft(picture)
            change.apply(magnitude, to: &draft, bending, random)
            return draft.pixels.contiguous()
        }
    }

    private func check(_ step: any Transform, _ outcomes: Outcomes, draws: Int, least: Int) {
        let random = Generator(seed: 5)
        var counts: [[UInt8]: Int] = [:]
        for _ in 0..<draws { counts[step(image, random: random).contiguous().array(of: UInt8.self), default: 0] += 1 }
        #expect(outcomes.count >= least && abs(outcomes.values.reduce(0, +) - 1) < 1e-9)
        #expect(counts.keys.allSatisfy { outcomes[$0] != nil }, "there are results that should not be")
        let keys = Array(outcomes.keys)
        #expect(areFrequent(keys.map { counts[$0] ?? 0 }, as: keys.map { outcomes[$0] ?? 0 }))
    }

    @Test func randAugmentTakesItsChangesEquallyOften() {
        var outcomes: Outcomes = [:]
        for change in RandAugment.changes {
            let results = results(of: change, .standard, level: 20, levels: 31, on: image)
            for result in results {
                let key = result.array(of: UInt8.self)
                outcomes[key, default: 0] += 1 / Double(RandAugment.changes.count * results.count)
            }
        }
        check(RandAugment(operations: 1, magnitude: 20), outcomes, draws: 6000, least: 23)
    }

    @Test func trivialAugmentTakesItsChangesAndLevelsEquallyOften() {
        var outcomes: Outcomes = [:]
        for change in RandAugment.changes {
            for level in 0..<4 {
                let results = results(of: change, .wide, level: level, levels: 4, on: image)
                for result in results {
                    let key = result.array(of: UInt8.self)
                    outcomes[key, default: 0] += 1 / Double(RandAugment.changes.count * 4 * results.count)
                }
            }
        }
        check(TrivialAugmentWide(levels: 4), outcomes, draws: 8000, least: 40)
    }

    @Test(arguments: AutoAugment.Policy.allCases)
    func autoAugmentTakesItsPairsEquallyOften(policy: AutoAugment.Policy) {
        var outcomes: Outcomes = [:]
        for pair in policy.pairs {
            var states: [(picture: Tensor, probability: Double)] = [(image, 1 / Double(policy.pairs.count))]
            for step in [pair.first, pair.second] {
                states = states.flatMap { state -> [(picture: Tensor, probability: Double)] in
                    let results = results(of: step.change, .standard, level: step.level, levels: 10, on: state.picture)
                    let share = state.probability * step.probability / Double(results.count)
                    return results.map { ($0, share) } + [(state.picture, state.probability * (1 - step.probability))]
                }
            }
            for state in states where state.probability > 0 {
                outcomes[state.picture.array(of: UInt8.self), default: 0] += state.probability
            }
        }
        check(AutoAugment(policy), outcomes, draws: 10_000, least: 50)
    }
}
