// Three networks whose shape is decided while they run: plain Swift code is all that it takes.
//
//     swift run -c release DynamicNetworks

import Hearth

useFriendlyBacktraces()
manualSeed(0)

let trees = TreeExperiment(seed: 1)
report("a network of the shape of each expression", trees.train(steps: 300))
print("  \(percent(trees.accuracy(on: 300))) of new expressions are evaluated correctly")

let depths = DepthExperiment(seed: 2)
report("a layer that is applied as often as each sample asks for", depths.train(steps: 200))
print("  one turn was learned as \(depths.turn.weight)")

let lengths = LengthExperiment(seed: 3)
report("sequences of different lengths in one batch", lengths.train(steps: 150))
print("  \(percent(lengths.accuracy(on: 500))) of new sequences are told apart")

func report(_ title: String, _ losses: [Double]) {
    let quarter = (losses.count + 3) / 4
    let marks = stride(from: 0, to: losses.count, by: quarter).map { losses[$0] } + losses.suffix(1)
    print("\(title): loss " + marks.map { Tensor($0).description }.joined(separator: " → "))
}

func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
