import HearthDescription
import HearthFormats
import HearthImages
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

import HearthRuns

/// The command line as people use it: mistyped words, options that go too far, several inputs, broken outputs.
@Suite(.needsProgram) struct CommandLineTests {
    @Test(arguments: [
        ("trian", "did you mean 'train'?"), ("evalute x", "did you mean 'evaluate'?"), ("xyzzy", "there are train"),
        ("train --modle cnn", "Did you mean '--model'?"), ("train minst", "did you mean 'mnist'?"),
        ("train --model resnet81", "did you mean 'resnet18'?"), ("train --optimizer adm", "did you mean 'adam'?"),
        ("train --schedule cosin", "did you mean 'cosine'?"), ("train --augment RandomCorp(8)", "'RandomCrop'?"),
        ("train --on-nan stpo", "did you mean 'stop'?"), ("train --model Random-Forest", "there are mlp"),
        ("train --lr -1", "'lr' must be a positive number; it is -1"), ("train --lr nan", "lr"),
        ("train --batch-size 0", "'batch_size' must be from 1"), ("train --epochs -3", "'epochs' must be positive"),
        ("train --dropout 1.5", "'dropout' must be in 0..<1"), ("train --weight-decay -1e-3", "weight_decay"),
        ("train --model cnn --hidden 30", "the model 'cnn' has no 'hidden'; the models with it are mlp"),
        ("train --model lenet --dropout 0.1", "has no 'dropout'"),
        ("train --hidden 1000000,1000000", "the machine has"),
        ("train --quiet --verbose", "not both"), ("train --dry-run --find-lr", "not both"),
        ("train --resume --overwrite --out x", "--resume goes on"), ("info nowhere.pth", "nowhere.pth"),
        ("predict nowhere.pth a.png", "--model"), ("predict a.pth b.png --model resnet81", "did you mean 'resnet18'?"),
        ("runs nowhere", "nowhere"),
    ])
    func mistakesAreAnsweredWithTheRightWord(arguments: String, words: String) throws {
        try withTemporaryFolder { folder in
            let result = try Program.run("\(arguments)", [], in: folder)
            #expect(result.status != 0 && result.errors.contains(words), "\(arguments): \(result.errors)")
            #expect(result.output.isEmpty)
        }
    }

    @Test func nearestNames() {
        let names = ["train", "tune", "resnet18", "resnet34", "mobilenet_v2", "RandomCrop"]
        #expect(nearest(to: "trian", among: names) == "train")
        #expect(nearest(to: "mobilenet-v2", among: names) == "mobilenet_v2")
        #expect(nearest(to: "randomcrop", among: names) == "RandomCrop")
        #expect(nearest(to: "resnet43", among: names) == "resnet34")
        #expect(nearest(to: "squeezenet", among: names) == nil)
        #expect(nearest(to: "", among: names) == nil && nearest(to: "x", among: []) == nil)
        #expect(nearest(to: String(repeating: "x", count: 1_000_000), among: names) == nil)
    }

    @Test func anEmptyFolderIsRefused() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run("train --epochs 1 --out", [""], in: folder)
            #expect(result.status != 0 && result.errors.contains("--out needs the name of a folder"))
        }
    }

    @Test func aRehearsalLeavesNothing() throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            let rehearsal = try Program.run("train --dry-run --out", [run], in: folder)
            #expect(rehearsal.status == 0 && rehearsal.output.contains("Total params: 9,610"), "\(rehearsal.errors)")
            let rates = try Program.run("train --find-lr --json --out", [run], in: folder)
            #expect(try rates.json["suggestion"]?.double.map { (1e-4...1).contains($0) } == true, "\(rates.errors)")
            let chart = try Program.run("train --find-lr --out", [run], in: folder)
            #expect(chart.output.contains("Suggested: --lr 0.") && chart.output.contains("┤"))
            #expect(!exists(run))
        }
    }

    @Test func aRunIsReplacedWhenThatIsAskedFor() throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            #expect(try Program.run("train --epochs 3 --quiet --out", [run], in: folder).status == 0)
            try write("mine", to: "\(run)/notes.txt")
            let again = try Program.run("train --epochs 1 --out", [run], in: folder)
            #expect(again.status != 0 && again.errors.contains("--overwrite"))
            let replaced = try Program.run("train --epochs 1 --overwrite --quiet --out", [run], in: folder)
            #expect(replaced.status == 0 && replaced.errors.isEmpty, "\(replaced.errors)")
            #expect(try text(of: "\(run)/metrics.jsonl").split(separator: "\n").count == 1)
            #expect(exists("\(run)/notes.txt"))
            let record = try JSON(parsing: text(of: "\(run)/config.json"))["record"]
            #expect(record?["hearth"]?.string == hearthVersion && record?["data_sha256"]?.string?.count == 64)
            #expect(record?["command"]?.array?.contains { $0.string == "--overwrite" } == true)
        }
    }

    @Test func anOldRunStaysUntilTheNewOneCanBegin() throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            #expect(try Program.run("train --epochs 1 --quiet --out", [run], in: folder).status == 0)
            let (files, model) = (fileNames(in: run), try bytes(of: "\(run)/model.pth"))
            for options in [
                "mnist --data /nonexistent", "csv \(folder)/absent.csv", "--hidden 1000000,1000000", "--freeze nosuch",
                "--pretrained \(folder)/absent.pth", "--split 0.9999,0.00005,0.00005", "--lr -1",
            ] {
                let result = try Program.run("train \(options) --overwrite --quiet --out", [run], in: folder)
                #expect(result.status != 0, "\(options)")
                #expect(try fileNames(in: run) == files && bytes(of: "\(run)/model.pth") == model, "\(options)")
            }
            // Nor is the run of a program that is still writing it touched.
            let busy = "\(folder)/busy"
            let program = try Program("train --epochs 100000 --out", [busy], in: folder)
            program.waitForErrors(containing: "epoch 2/")
            let refused = try Program.run("train --epochs 1 --overwrite --out", [busy], in: folder)
            #expect(refused.status != 0 && refused.errors.contains("another program is writing"), "\(refused.errors)")
            #expect(refused.output.isEmpty && exists("\(busy)/config.json") && exists("\(busy)/checkpoint"))
            program.send(SIGTERM)
            #expect(try program.wait().status == 143 && exists("\(busy)/checkpoint"))
        }
    }

    @Test func aLossThatIsNoNumberEndsTheRun() throws {
        try withTemporaryFolder { folder in
            let stopped = try Program.run("train --lr 1e30 --epochs 2 --out", ["\(folder)/a"], in: folder)
            #expect(stopped.status == 1 && stopped.errors.contains("in epoch 1, batch"), "\(stopped.errors)")
            #expect(!stopped.errors.contains("-nan") && !exists("\(folder)/a/model.pth"))
            let options = "train --lr 1e30 --epochs 1 --on-nan skip --json --out"
            let skipped = try Program.run(options, ["\(folder)/b"], in: folder)
            #expect(skipped.status == 0 && exists("\(folder)/b/model.pth"), "\(skipped.errors)")
        }
    }

    @Test func threadsAreCutToWhatTheMachineHas() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run("train --epochs 1 --threads 5000 --out", ["\(folder)/a"], in: folder)
            #expect(result.status == 0 && result.errors.contains("5000 threads are more than"))
        }
    }

    @Test func runsAndFilesAreDescribed() throws {
        try withTemporaryFolder { folder in
            for (name, epochs) in [("b", 1), ("a", 2)] {
                let result = try Program.run(
                    "train --quiet --epochs \(epochs) --out", ["\(folder)/\(name)"], in: folder)
                #expect(result.status == 0)
            }
            let list = try Program.run("runs", [folder], in: folder)
            let lines = list.output.split(separator: "\n")
            #expect(lines.count == 3 && lines[1].hasPrefix("a ") && lines[1].contains("2/2"), "\(list.output)")
            let objects = try Program.run("runs", [folder, "--json"], in: folder)
            #expect(try objects.json["run"]?.string == "b")
            for file in ["model.pth", "model.safetensors"] {
                let info = try Program.run("info", ["\(folder)/a/\(file)"], in: folder)
                #expect(info.output.contains("4 tensors, 9,610 elements"), "\(info.errors)")
            }
            let checkpoint = try Program.run("info", ["\(folder)/a/checkpoint"], in: folder)
            #expect(checkpoint.output.contains("--entry model"))
            let entry = try Program.run("info", ["\(folder)/a/checkpoint", "--entry", "model", "--json"], in: folder)
            #expect(try entry.json["parameters"]?.int == 9610)
        }
    }

    @Test func severalInputsArePredicted() throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            #expect(try Program.run("train --quiet --epochs 2 --out", [run], in: folder).status == 0)
            let pictures = "\(folder)/pictures"
            mkdir(pictures, 0o777)
            mkdir("\(pictures)/inner", 0o777)
            for name in ["b", "inner/a"] {
                try Image.write(Tensor.full([1, 8, 8], 9, dtype: .uint8), to: "\(pictures)/\(name).png")
            }
            try write("no picture", to: "\(folder)/bad.png")
            let lines = try Program.run("predict", [run, pictures, "--format", "json"], in: folder)
            #expect(lines.status == 0 && lines.output.split(separator: "\n").count == 2, "\(lines.errors)")
            #expect(try lines.json["input"]?.string == "\(pictures)/inner/a.png")
            let inputs = [pictures, "\(folder)/bad.png"]
            let table = try Program.run("predict", [run] + inputs + ["--format", "csv"], in: folder)
            let rows = table.output.split(separator: "\n")
            #expect(rows.count == 3 && rows[0] == "input,class,probability" && rows[1].split(separator: ",").count == 3)
            #expect(table.status != 0 && table.errors.contains("bad.png"))
            let numbers = (0..<64).map { _ in "3" }.joined(separator: ",")
            try write("\(numbers)\n\(numbers)\n", to: "\(folder)/rows.csv")
            let read = try Program.run("predict", [run, "\(folder)/rows.csv"], in: folder)
            #expect(read.status == 0 && read.output.split(separator: "\n").count == 2, "\(read.errors)")
        }
    }

    /// Runs the program as a shell does.
    private func shell(_ command: String, in folder: String) throws -> Int32 {
        let path = try #require(Program.path)
        let absolute = path.hasPrefix("/") ? path : "\(String(cString: getcwd(nil, 0)))/\(path)"
        var process = pid_t()
        let script = "cd '\(folder)' && hearth() { '\(absolute)' \"$@\"; } && \(command)"
        let words: [String] = ["/bin/bash", "-c", "set -o pipefail; \(script)"]
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        try #require(posix_spawn(&process, "/bin/bash", nil, nil, &arguments, environ) == 0)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status >> 8 & 0xFF
    }

    @Test(.enabled("there is no /bin/bash") { access("/bin/bash", X_OK) == 0 })
    func brokenOutputsAreTold() throws {
        try withTemporaryFolder { folder in
            // A reader that leaves does not end the training.
            let left = try shell("hearth train --epochs 2 --out a 2>/dev/null | head -1 >/dev/null", in: folder)
            #expect(left != 0 && exists("\(folder)/a/model.pth"))
            let name = try shell("hearth predict a $'caf\\xe9.png' 2>err", in: folder)
            #expect(name != 0)
            #expect(try text(of: "\(folder)/err").contains("is not UTF-8"))
            guard access("/dev/full", W_OK) == 0 else { return }
            #expect(try shell("hearth info a/model.pth >/dev/full 2>/dev/null", in: folder) != 0)
        }
    }

    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143)), (SIGHUP, Int32(129))])
    func aSignalSavesACheckpoint(signal: Int32, status: Int32) throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            let program = try Program("train --epochs 100000 --out", [run], in: folder)
            program.waitForErrors(containing: "epoch 2/")
            program.send(signal)
            let result = try program.wait()
            #expect(result.status == status && exists("\(run)/checkpoint"), "\(result.errors.suffix(300))")
        }
    }
}
