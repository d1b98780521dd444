// The network of "Deep Neural Network Implementation Using PyTorch", step by step: load MNIST, normalise, split, train a
// 784-128-10 network, watch it, test it and save it for PyTorch.
//
//     swift run -c release Tutorial [--data DIR] [--epochs N]

import ExampleOptions
import Hearth
import HearthVision

useFriendlyBacktraces()
let options = Options(["data": "data", "epochs": "5"])
let (epochs, device) = (options.count("epochs"), Device.default)
manualSeed(0)

// Data
let transform = Compose(ToTensor(), Normalize(mean: 0.5, std: 0.5))
let dataset = try await MNIST(root: options["data"], train: true, download: true, transform: transform)
let parts = dataset.randomSplit([0.7, 0.15, 0.15], seed: 0)
let loader = DataLoader(parts[0], batchSize: 64, shuffle: true)
let validationLoader = DataLoader(parts[1], batchSize: 64)
let testLoader = DataLoader(parts[2], batchSize: 64)

// Model
final class NeuralNetwork: Module {
    let fc1, fc2: Linear
    init(inputSize: Int, hiddenSize: Int, outputSize: Int) {
        fc1 = Linear(inputSize, hiddenSize)
        fc2 = Linear(hiddenSize, outputSize)
    }
    func callAsFunction(_ x: Tensor) -> Tensor { fc2(fc1(x.flatten(from: 1)).relu()) }
}

let model = NeuralNetwork(inputSize: 784, hiddenSize: 128, outputSize: 10).to(device)
let criterion = CrossEntropyLoss()
let optimizer = Adam(model.parameters, lr: 0.001)

// Training
for epoch in 1...epochs {
    let start = ContinuousClock.now
    model.train()
    var runningLoss = 0.0
    for (inputs, labels) in loader {
        optimizer.zeroGrad()
        let loss = criterion(model(inputs.to(device)), labels.to(device))
        loss.backward()
        optimizer.step()
        runningLoss += loss.item() * Double(inputs.shape[0])
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)

    model.eval()
    var correct = 0.0
    noGrad {
        for (inputs, labels) in validationLoader {
            correct += (model(inputs.to(device)).argmax(dim: 1) == labels.to(device)).sum().item()
        }
    }
    print(
        "epoch \(epoch): loss \(runningLoss / Double(parts[0].count)), "
            + "validation accuracy \(correct / Double(parts[1].count)), \(seconds) s")
}

// Test
var matrix = ConfusionMatrix(classes: 10)
noGrad { for (inputs, labels) in testLoader { matrix.update(model(inputs.to(device)), labels.to(device)) } }
print(ClassificationReport(matrix))

// Save: torch.load("model.pth", weights_only=True) reads it
try model.stateDict.save(to: "model.pth")
