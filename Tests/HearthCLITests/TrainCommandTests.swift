import HearthFormats
import HearthTensor
import Testing

@Suite(.needsProgram) struct TrainCommandTests {
    private static let keys = [
        "dataset", "model", "parameters", "epochs", "train_loss", "val_loss", "val_accuracy", "test_accuracy",
        "test_f1",
        "seconds_per_epoch", "images_per_second", "threads", "backend", "model_file",
    ]

    @Test func trainsDigits() throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/a/b"
            let result = try Program.run("train --epochs 3 --out", [run], in: folder)
            #expect(result.status == 0)
            for words in [
                "Total params: 9,610", "precision", "weighted avg", "predicted", "Saved in \(run): model.pth",
            ] {
                #expect(result.output.contains(words), "\(words)")
            }
            let progress = result.errors.split(separator: "\n").filter { $0.hasPrefix("epoch ") }
            #expect(progress.count == 3 && !result.output.contains("epoch 1/3"))
            let files = [
                "checkpoint", "checkpoint-best", "config.json", "config.yaml", "metrics.jsonl", "model.pth",
                "model.safetensors", "report.html",
            ]
            #expect(fileNames(in: run) == files)
            #expect(try text(of: "\(run)/metrics.jsonl").split(separator: "\n").count == 3)
            let weights = try StateDict(contentsOf: "\(run)/model.pth")
            #expect(weights.keys == ["1.weight", "1.bias", "3.weight", "3.bias"])
            let same = try StateDict(contentsOf: "\(run)/model.safetensors")
            for (name, tensor) in weights {
                #expect(same[name]?.array(of: Float.self) == tensor.array(of: Float.self))
            }
        }
    }

    @Test func endsWithOneObject() throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            let result = try Program.run("train digits --epochs 4 --threads 1 --json --out", [run], in: folder)
            #expect(result.status == 0)
            #expect(result.output.split(separator: "\n").count == 1)
            guard case .object(let members) = try result.json else { throw NoFile(path: "object") }
            #expect(members.map(\.key) == Self.keys)
            let json = try result.json
            #expect(json["dataset"]?.string == "digits" && json["model"]?.string == "mlp")
            #expect(json["parameters"]?.int == 9610 && json["epochs"]?.int == 4 && json["threads"]?.int == 1)
            #expect(json["backend"]?.string?.hasPrefix("cpu") == true)
            #expect(json["model_file"]?.string == "\(run)/model.pth")
            for key in ["val_accuracy", "test_accuracy", "test_f1"] {
                #expect((0.9...1).contains(json[key]?.double ?? 0), "\(key)")
            }
            for key in ["train_loss", "val_loss", "seconds_per_epoch", "images_per_second"] {
                #expect(json[key]?.double ?? 0 > 0, "\(key)")
            }
        }
    }

    @Test func theSeedDecides() throws {
        try withTemporaryFolder { folder in
            func model(_ options: String, _ name: String) throws -> [UInt8] {
                let result = try Program.run(
                    "train --epochs 2 --json \(options) --out", ["\(folder)/\(name)"], in: folder)
                #expect(result.status == 0, "\(result.errors)")
                return try bytes(of: "\(folder)/\(name)/model.safetensors")
            }
            let one = try model("--threads 1", "a")
            #expect(try model("--threads 1", "b") == one)
            #expect(try model("--threads 2", "c") == one)
            #expect(try model("--seed 1", "d") != one)
        }
    }

    @Test(arguments: [
        "adam", "adamw", "sgd", "rmsprop", "adagrad", "adamax", "nadam", "radam",
    ]) func takesEveryOptimizer(_ name: String) throws {
        try withTemporaryFolder { folder in
            let options = "train --epochs 10 --optimizer \(name) --lr 0.01 --hidden 32,16 --batch-size 32 --json"
            let result = try Program.run(options, ["--split", "0.5,0.25,0.25", "--out", "\(folder)/a"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["parameters"]?.int == 64 * 32 + 32 + 32 * 16 + 16 + 16 * 10 + 10)
            #expect(try result.json["test_accuracy"]?.double ?? 0 > 0.6)
            let config = try JSON(parsing: text(of: "\(folder)/a/config.json"))
            #expect(config["optimizer"]?.string == name && config["batch_size"]?.int == 32)
        }
    }

    @Test func trainsATable() throws {
        try withTemporaryFolder { folder in
            let table = "\(folder)/table.csv"
            try Table.write(to: table)
            let result = try Program.run(
                "train csv", [table, "--epochs", "20", "--lr", "0.02", "--out", "\(folder)/a", "--json"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["dataset"]?.string == "csv")
            #expect(try result.json["test_accuracy"]?.double ?? 0 > 0.85)
            let config = try JSON(parsing: text(of: "\(folder)/a/config.json"))
            #expect(config["classes"]?.array?.compactMap(\.string) == ["high", "low"])
            #expect(config["input_shape"]?.array?.compactMap(\.int) == [2])
        }
    }

    @Test func trainsMNIST() throws {
        try withTemporaryFolder { folder in
            var data = "\(folder)/data"
            if let real = environment("HEARTH_DATA"), exists("\(real)/MNIST/raw") {
                data = real
            } else {
                try Pictures.write(to: data)
            }
            let run = "\(folder)/a"
            let result = try Program.run("train mnist --epochs 2 --json --out", [run, "--data", data], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["parameters"]?.int == 101_770)
            #expect(try result.json["test_accuracy"]?.double ?? 0 > 0.8)
            let evaluated = try Program.run("evaluate", [run, "mnist", "--json"], in: folder)
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            #expect(try evaluated.json["accuracy"]?.double ?? 0 > 0.8)
        }
    }

    @Test func resumesWithMoreEpochs() throws {
        try withTemporaryFolder { folder in
            let (whole, parts) = ("\(folder)/whole", "\(folder)/parts")
            #expect(try Program.run("train --epochs 7 --out", [whole], in: folder).status == 0)
            #expect(try Program.run("train --epochs 3 --out", [parts], in: folder).status == 0)
            // Without a number of epochs there is nothing left to do.
            let same = try Program.run("train --resume --json --out", [parts], in: folder)
            #expect(try same.status == 0 && same.json["epochs"]?.int == 3)
            let more = try Program.run("train --resume --epochs 7 --json --out", [parts], in: folder)
            #expect(try more.status == 0 && more.json["epochs"]?.int == 7)
            #expect(try bytes(of: "\(whole)/model.pth") == bytes(of: "\(parts)/model.pth"))
            for (options, words) in [
                ("--epochs 6", "less than the 7"), ("--lr 0.5", "--lr 0.001"), ("--seed 3", "--seed 0"),
                ("--optimizer sgd", "--optimizer adam"), ("--hidden 9", "--hidden 128"),
                ("--batch-size 3", "--batch-size 64"), ("--split 0.8,0.1,0.1", "--split"), ("mnist", "digits"),
            ] {
                let refused = try Program.run("train --resume \(options) --out", [parts], in: folder)
                #expect(refused.status != 0 && refused.errors.contains(words), "\(options): \(refused.errors)")
            }
            #expect(try bytes(of: "\(whole)/model.pth") == bytes(of: "\(parts)/model.pth"))
        }
    }
}

/// A table of two classes, with a header.
enum Table {
    static var text: String {
        var random = SeededSource(state: 8)
        let rows = (0..<400).map { _ in
            let (x, y) = (Double.random(in: -1...1, using: &random), Double.random(in: 50...90, using: &random))
            return "\(x), \(y),\(x + (y - 70) / 20 > 0 ? "high" : "low")"
        }
        return "x,y,class\n" + rows.joined(separator: "\n") + "\n"
    }

    static func write(to path: String) throws { try HearthCLITests.write(text, to: path) }
}

/// Small collections in MNIST's files: a bright row for each class, in noise.
enum Pictures {
    static func write(to root: String) throws {
        for folder in [root, "\(root)/MNIST", "\(root)/MNIST/raw"] { makeFolder(folder) }
        for (name, count, seed) in [("train", 600, 1), ("t10k", 100, 2)] {
            let random = Generator(seed: UInt64(seed))
            let labels = Tensor.randint(0..<10, [count], generator: random)
            let noise = Tensor.uniform([count, 28, 28], low: 0, high: 60, generator: random)
            let rows = Tensor.oneHot(labels, classes: 28, dtype: .float32).unsqueeze(2) * 180
            try IDX.write((noise + rows).to(.uint8), to: "\(root)/MNIST/raw/\(name)-images-idx3-ubyte")
            try IDX.write(labels.to(.uint8), to: "\(root)/MNIST/raw/\(name)-labels-idx1-ubyte")
        }
    }
}
