// Transfer learning: a small residual network learns six classes of pictures, and then four others from 50 pictures of
// each. What it has learned about pictures is kept; only its head is new.
//
//     swift run -c release TransferLearning [--data DIR] [--epochs N]     DIR has cifar10-jpeg/train and test

import ExampleOptions
import Hearth
import HearthVision

useFriendlyBacktraces()
let options = Options(["data": "data", "epochs": "12"])
let folder = options["data"] + "/cifar10-jpeg"
let known = ["airplane", "bird", "deer", "frog", "horse", "ship"]
let new = ["automobile", "cat", "dog", "truck"]
let plain = Compose(ToTensor(), Normalize(mean: [0.491, 0.482, 0.447], std: [0.247, 0.243, 0.262]))
let augmented = Compose(RandomCrop(32, padding: 4), RandomHorizontalFlip(), plain)

/// The pictures of some classes, all in memory.
func pictures(_ part: String, _ classes: [String], _ transform: any Transform) throws -> ImageSet {
    try ImageFolder("\(folder)/\(part)", classes: classes, transform: transform).loaded()
}

func accuracy(_ model: any Layer, _ data: ImageSet) -> Double {
    model.eval()
    var correct = 0.0
    noGrad {
        for (inputs, labels) in DataLoader(data, batchSize: 250) {
            correct += (model(inputs).argmax(dim: 1) == labels).sum().item()
        }
    }
    model.train()
    return correct / Double(data.count)
}

/// Trains for some epochs with one learning rate for each part of the network, which falls along half a cosine.
func train<Data: Dataset>(_ model: SmallResNet, _ data: Data, _ parts: [(module: Module, lr: Double)], epochs: Int)
where Data.Batch == (Tensor, Tensor), Data.Failure == Never {
    let optimizer = AdamW(
        groups: parts.map { part in
            ParameterGroup(
                part.module.parameters.filter(\.requiresGrad),
                AdamOptions(lr: part.lr, weightDecay: 0.01, decoupledWeightDecay: true))
        })
    let schedule = CosineAnnealingLR(optimizer, tMax: epochs)
    let criterion = CrossEntropyLoss()
    let loader = DataLoader(data, batchSize: 64, shuffle: true, workers: 2, seed: 0)
    for _ in 0..<epochs {
        for (inputs, labels) in loader {
            optimizer.zeroGrad()
            criterion(model(inputs), labels).backward()
            optimizer.step()
        }
        schedule.step()
    }
}

/// The first 50 pictures of each class.
func few(_ images: ImageSet) -> Subset<ImageSet> {
    let labels = images.labels.array(of: Int.self)
    var taken = [Int](repeating: 0, count: new.count)
    let chosen = labels.indices.filter { index in
        taken[labels[index]] += 1
        return taken[labels[index]] <= 50
    }
    return Subset(images, chosen)
}

// 1. Learn the six classes.
manualSeed(0)
let epochs = options.count("epochs")
let model = SmallResNet(classes: known.count)
train(model, try pictures("train", known, augmented), [(model, 3e-3)], epochs: epochs)
print("six classes, 1,000 pictures each: \(percent(accuracy(model, try pictures("test", known, plain))))")
let learned = model.stateDict

let lessons = few(try pictures("train", new, augmented))
let exam = try pictures("test", new, plain)
let rounds = 4 * epochs

// 2. From scratch, to compare with.
manualSeed(1)
let scratch = SmallResNet(classes: new.count)
train(scratch, lessons, [(scratch, 3e-3)], epochs: rounds)
let fromScratch = accuracy(scratch, exam)
print("four new classes, 50 pictures each, from scratch: \(percent(fromScratch))")

// 3. What was learned, with a new head. All but the head is loaded and frozen at first.
manualSeed(1)
let student = SmallResNet(classes: new.count)
let report = try student.loadStateDict(learned, strict: false, skippingMisfits: true)
print("loaded \(report.loaded.count) tensors, left out \(report.misfitting.map(\.name).joined(separator: ", "))")
student.freeze()
student.fc.unfreeze()
train(student, lessons, [(student.fc, 3e-3)], epochs: rounds / 4)
print("a new head on frozen layers: \(percent(accuracy(student, exam)))")

// 4. Thawed from the top, each stage with a smaller learning rate than the one above it.
student.layer3.unfreeze()
train(student, lessons, [(student.fc, 1e-3), (student.layer3, 5e-4)], epochs: rounds / 4)
print("the last stage thawed: \(percent(accuracy(student, exam)))")
student.unfreeze()
train(
    student, lessons,
    [
        (student.fc, 1e-3), (student.layer3, 5e-4), (student.layer2, 2e-4), (student.layer1, 1e-4),
        (student.stem, 1e-4),
    ], epochs: rounds / 2)
let transferred = accuracy(student, exam)
print("everything thawed: \(percent(transferred)), \(percent(transferred - fromScratch)) more than from scratch")

func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))%"
}
