// Three functions with known minima, searched by each sampler: medians over seeds of the best of 100 trials.
//
//     swift run -c release Tuning --seeds 20
//     swift run -c release Tuning --overhead study.sqlite      // what 1,000 trials of nothing cost
import ExampleOptions
import HearthTune

let options = Options(["seeds": "5", "overhead": ""])
if !options["overhead"].isEmpty {
    let study = try Study("overhead", storage: options["overhead"], sampler: .random(seed: 0))
    let time = try await ContinuousClock().measure {
        try await study.optimize(trials: 1000) { $0.suggestFloat("x", 0...1) }
    }
    print("\(time / .milliseconds(1000)) ms a trial")
} else {
    let seeds = options.count("seeds")
    let samplers: [(UInt64) -> SamplerChoice] = [
        { .random(seed: $0) }, { .tpe(seed: $0) }, { .gaussianProcess(seed: $0) },
    ]
    print("| function | random | tpe | gp |\n| --- | ---: | ---: | ---: |")
    for function in TestFunction.all {
        var medians: [Double] = []
        for sampler in samplers {
            var best: [Double] = []
            for seed in 0..<seeds { best.append(try await function.search(sampler(UInt64(seed)))) }
            best.sort()
            medians.append((best[(seeds - 1) / 2] + best[seeds / 2]) / 2)
        }
        print("| \(function.name) | \(medians.map { "\($0)" }.joined(separator: " | ")) |")
    }
}
