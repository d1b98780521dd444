// What regularisation does: one network, 1,000 MNIST images, and one remedy after another against learning them by heart.
//
//     swift run -c release Regularization [--data DIR] [--epochs N] [--seeds N]

import ExampleOptions
import Hearth
import HearthVision

useFriendlyBacktraces()
let options = Options(["data": "data", "epochs": "60", "seeds": "3"])
let (limit, seeds) = (options.count("epochs"), options.count("seeds"))
let plain = Compose(ToTensor(), Normalize(mean: 0.1307, std: 0.3081))
let moved = Compose(RandomCrop(28, padding: 2), ToTensor(), Normalize(mean: 0.1307, std: 0.3081))
let images = try await MNIST(root: options["data"], train: true, download: true, transform: plain).imageSet
let held = try await MNIST(root: options["data"], train: false, download: true, transform: plain)

// A thousand images to learn from, and another thousand to tell early stopping when to stop.
let training = Subset(images, Array(0..<1000))
let augmented = Subset(images.transformed(by: moved), Array(0..<1000))
let validation = Subset(images, Array(1000..<2000))

func accuracy<Data: Dataset>(_ model: any Layer, on data: Data) -> Double
where Data.Batch == (Tensor, Tensor), Data.Failure == Never {
    model.eval()
    defer { model.train() }
    var correct = 0.0
    noGrad {
        for (inputs, labels) in DataLoader(data, batchSize: 500) {
            correct += (model(inputs).argmax(dim: 1) == labels).sum().item()
        }
    }
    return correct / Double(data.count)
}

/// Trains a network with this remedy. Gives its accuracy on what it has seen and on the test images.
func train(_ remedy: Remedy, seed: UInt64) -> (training: Double, test: Double, epochs: Int) {
    manualSeed(seed)
    let model = remedy.model()
    let optimizer = Adam(model.parameters, lr: 1e-3, weightDecay: remedy.l2)
    let criterion = CrossEntropyLoss()
    let loader = DataLoader(remedy.augments ? augmented : training, batchSize: 64, shuffle: true, seed: seed)
    var (best, bestEpoch, bestState) = (0.0, 0, model.stateDict)
    var epoch = 0
    while epoch < limit, !remedy.stopsEarly || epoch - bestEpoch < 8 {
        epoch += 1
        for (inputs, labels) in loader {
            optimizer.zeroGrad()
            var loss = criterion(model(inputs), labels)
            if remedy.l1 > 0 { loss += l1Penalty(model.parameters) * remedy.l1 }
            loss.backward()
            optimizer.step()
        }
        guard remedy.stopsEarly else { continue }
        let reached = accuracy(model, on: validation)
        if reached > best { (best, bestEpoch, bestState) = (reached, epoch, model.stateDict) }
    }
    if remedy.stopsEarly { _ = try? model.loadStateDict(bestState) }
    return (accuracy(model, on: training), accuracy(model, on: held), remedy.stopsEarly ? bestEpoch : epoch)
}

print("1,000 training images, 10,000 test images, at most \(limit) epochs, mean of \(seeds) seeds\n")
print("remedy              |  training |      test |    gap | epochs")
print("--------------------|-----------|-----------|--------|-------")
for remedy in Remedy.all {
    let results = (0..<seeds).map { train(remedy, seed: UInt64($0)) }
    func mean(_ value: ((training: Double, test: Double, epochs: Int)) -> Double) -> Double {
        results.map(value).reduce(0, +) / Double(results.count)
    }
    let (seen, unseen) = (mean(\.training) * 100, mean(\.test) * 100)
    print(
        "\(padded(remedy.name, 20))| \(padded(percent(seen), 8)) | \(padded(percent(unseen), 8)) "
            + "| \(padded(percent(seen - unseen), 6)) | \(Int(mean { Double($0.epochs) }.rounded()))")
}

func percent(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}

func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
}
