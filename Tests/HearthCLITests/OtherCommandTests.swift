import HearthFormats
import HearthTensor
import HearthVision
import Testing

@Suite(.needsProgram) struct OtherCommandTests {
    /// A trained run on digits or on a table.
    private func withRun(_ options: String = "digits", _ body: (_ folder: String, _ run: String) throws -> Void) throws
    {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            let result = try Program.run("train \(options) --epochs 8 --json --out", [run], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            try body(folder, run)
        }
    }

    @Test func evaluatesTheTestSamples() throws {
        try withTemporaryFolder { folder in
            let trained = try Program.run("train --epochs 8 --json --out", ["\(folder)/a"], in: folder)
            let json = try Program.run("evaluate", ["\(folder)/a", "--json"], in: folder)
            #expect(json.status == 0 && json.output.split(separator: "\n").count == 1)
            guard case .object(let members) = try json.json else { throw NoFile(path: "object") }
            #expect(members.map(\.key) == ["samples", "accuracy", "precision", "recall", "f1"])
            #expect(try json.json["samples"]?.int == 269)
            #expect(try json.json["accuracy"]?.double == trained.json["test_accuracy"]?.double)
            #expect(try json.json["f1"]?.double == trained.json["test_f1"]?.double)
            let report = try Program.run("evaluate", ["\(folder)/a", "digits"], in: folder)
            #expect(report.status == 0 && report.output.contains("macro avg") && report.output.contains("1797"))
        }
    }

    @Test func evaluatesAnotherTable() throws {
        try withTemporaryFolder { folder in
            let (table, other) = ("\(folder)/a.csv", "\(folder)/b.csv")
            try Table.write(to: table)
            try write("0.9,88,high\n\n-0.9,55,low\n-0.8,51,low\n", to: other)
            let run = "\(folder)/run"
            #expect(
                try Program.run("train csv", [table, "--epochs", "30", "--lr", "0.02", "--out", run], in: folder).status
                    == 0)
            let own = try Program.run("evaluate", [run, "--json"], in: folder)
            #expect(try own.json["samples"]?.int == 60)
            let result = try Program.run("evaluate", [run, "csv", other, "--json"], in: folder)
            #expect(try result.json["samples"]?.int == 3 && result.json["accuracy"]?.double == 1)
            for (text, words) in [
                ("1,2,other\n1,2,low\n", "line 1: class 'other' was not trained"),
                ("1,2,3,low\n1,2,3,high\n", "the model takes 2"),
            ] {
                try write(text, to: other)
                let refused = try Program.run("evaluate", [run, "csv", other], in: folder)
                #expect(refused.status != 0 && refused.errors.contains(words), "\(refused.errors)")
            }
            let digits = try Program.run("evaluate", [run, "digits"], in: folder)
            #expect(digits.status != 0 && digits.errors.contains("[1, 8, 8]"))
            let row = try Program.run("predict", [run, "--row", " 0.9, 88", "--json"], in: folder)
            #expect(try row.json["class"]?.string == "high", "\(row.errors)")
            let picture = try Program.run("predict", [run, "a.png"], in: folder)
            #expect(picture.status != 0 && picture.errors.contains("--row"))
        }
    }

    @Test func predicts() throws {
        try withRun { folder, run in
            let digits = Digits()
            var right = 0
            for index in 0..<6 {
                let (_, label) = digits[index]
                let pixels = digits.imageSet.images[index]
                let picture = "\(folder)/\(index).png"
                try Image.write(pixels, to: picture)
                let byPicture = try Program.run("predict", [run, picture, "--json"], in: folder)
                let numbers = pixels.reshape([-1]).array(of: UInt8.self).map(String.init).joined(separator: ",")
                let byRow = try Program.run("predict", [run, "--row", numbers, "--json"], in: folder)
                #expect(byPicture.status == 0 && byPicture.output == byRow.output, "\(byPicture.errors)")
                guard case .object(let members)? = try byRow.json["probabilities"] else { throw NoFile(path: "object") }
                #expect(members.map(\.key) == (0..<10).map(String.init))
                #expect(abs(members.compactMap(\.value.double).reduce(0, +) - 1) < 1e-5)
                if try byRow.json["class"]?.string == "\(label.item(as: Int.self))" { right += 1 }
                try Image.write(255 - pixels, to: picture)
                let inverted = try Program.run("predict", [run, picture, "--invert", "--json"], in: folder)
                #expect(inverted.output == byRow.output)
            }
            #expect(right >= 5)
            let table = try Program.run("predict", [run, "\(folder)/0.png"], in: folder)
            #expect(table.output.split(separator: "\n").count == 10 && table.output.contains("▶"))
        }
    }

    @Test func refusesBadInputs() throws {
        try withRun { folder, run in
            try write("no picture", to: "\(folder)/a.png")
            for (arguments, words) in [
                (["--row", "1,2"], "2 numbers; the model takes 64"), (["--row", "1,x"], "'x' is not a finite number"),
                (["--row", "nan"], "'nan' is not a finite number"),
                ([], "give pictures, folders or CSV files, or --row"),
                (["\(folder)/a.png"], "a.png"), (["\(folder)/absent.png"], "absent.png"),
                (["a.png", "--row", "1"], "not both"),
            ] {
                let result = try Program.run("predict", [run] + arguments, in: folder)
                #expect(result.status != 0 && result.errors.contains(words), "\(result.errors)")
                #expect(result.output.isEmpty)
            }
            for (arguments, words) in [
                (["nonsense"], "unknown dataset 'nonsense'"), (["csv"], "csv needs a file"),
                (["digits", "x"], "takes no file 'x'"), (["csv", "\(folder)/absent.csv"], "absent.csv"),
            ] {
                let result = try Program.run("evaluate", [run] + arguments, in: folder)
                #expect(result.status != 0 && result.errors.contains(words), "\(result.errors)")
            }
        }
    }

    @Test func refusesDamagedRuns() throws {
        try withRun { folder, run in
            let model = try bytes(of: "\(run)/model.pth")
            for count in [0, 10, model.count / 2, model.count - 1] {
                try AtomicFile.write(Array(model[..<count]), to: "\(run)/model.pth")
                let result = try Program.run("evaluate", [run], in: folder)
                #expect(result.status == 1 && result.errors.contains("model.pth"), "\(result.errors)")
            }
            try AtomicFile.write(model, to: "\(run)/model.pth")
            let path = "\(run)/config.json"
            let config = try text(of: path)
            func replacing(_ old: String, _ new: String) -> String { config.replacingFirst(old, with: new) }
            for (text, words) in [
                ("", "config.json"), ("{", "config.json"), ("[]", "'dataset'"), ("{}", "'dataset'"),
                (replacing("[128]", "[128, \"a\"]"), "'hidden'"), (replacing("[128]", "[-1]"), "-1"),
                (replacing("[128]", "[1e15]"), "million"), (replacing("[1, 8, 8]", "[]"), "'input_shape'"),
                (replacing("[1, 8, 8]", "[1, 1e6, 1e6]"), "'input_shape'"), (replacing("\"adam\"", "\"x\""), "'x'"),
                (replacing("\"mlp\"", "\"xyz\""), "'xyz'"), (replacing("\"std\": [", "\"std\": [1, "), "'std'"),
                (replacing("\"std\": [", "\"std\": [-"), "'std'"), (replacing("\"lr\"", "\"ir\""), "'lr'"),
                (replacing("[128]", "[127]"), "shape of 1.weight"), (replacing("[0.7, ", "[0.6, "), "'split'"),
                (replacing("\"1\", ", "\"0\", "), "'classes'"),
            ] {
                try write(text, to: path)
                let result = try Program.run("evaluate", [run], in: folder)
                #expect(result.status == 1 && result.errors.contains(words), "'\(words)': \(result.errors)")
            }
            try write(config, to: path)
            #expect(try Program.run("evaluate", [run], in: folder).status == 0)
            let checkpoint = try bytes(of: "\(run)/checkpoint")
            try AtomicFile.write(Array(checkpoint.dropLast(100)), to: "\(run)/checkpoint")
            let resumed = try Program.run("train --resume --epochs 9 --out", [run], in: folder)
            #expect(resumed.status == 1 && resumed.errors.contains("checkpoint"), "\(resumed.errors)")
            #expect(try bytes(of: "\(run)/model.pth") == model && text(of: path) == config)
        }
    }

    @Test func refusesBadOptionsBeforeAnyWork() throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            for (options, words) in [
                ("foo", "unknown dataset 'foo'"), ("csv", "csv needs a file"),
                ("digits x.csv", "takes no file 'x.csv'"),
                ("--optimizer foo", "unknown optimizer 'foo'; there are adam"), ("--model foo", "unknown model 'foo'"),
                ("--split 0.5,0.2,0.2", "sum to 1"), ("--split 0.7,x,0.15,0.15", "three shares"),
                ("--split 1,0,0", "above 0"), ("--split nan,0.5,0.5", "three shares"), ("--hidden 0", "--hidden"),
                ("--hidden 12,,3", "--hidden"), ("--hidden 99999999999", "--hidden"), ("--epochs 0", "'epochs'"),
                ("--batch-size -1", "--batch-size"), ("--batch-size 0", "it is 0"), ("--lr 0", "'lr'"),
                ("--lr inf", "--lr"), ("--lr x", "lr"),
                ("--threads 0", "--threads"), ("--seed -1", "seed"), ("--unknown", "--unknown"),
                ("csv \(folder)/absent.csv", "absent.csv"), ("mnist --data /dev/null/x", "/dev/null/x"),
            ] {
                let result = try Program.run("train \(options) --out", [run], in: folder)
                #expect(result.status != 0 && result.errors.contains(words), "\(options): \(result.errors)")
                #expect(result.output.isEmpty && !exists(run), "\(options)")
            }
            let nowhere = try Program.run("train --resume", [], in: folder)
            #expect(nowhere.status != 0 && nowhere.errors.contains("--resume needs --out"))
            let absent = try Program.run("train --resume --out", [run], in: folder)
            #expect(absent.status != 0 && absent.errors.contains("holds no run"))
            let unwritable = try Program.run("train --out /proc/hearth/run", [], in: folder)
            #expect(unwritable.status != 0 && unwritable.errors.contains("/proc/hearth"))
            try write("", to: "\(folder)/file")
            let file = try Program.run("train --out", ["\(folder)/file/run"], in: folder)
            #expect(file.status != 0 && file.errors.contains("\(folder)/file"))
        }
    }

    @Test func keepsAnExistingRun() throws {
        try withRun { folder, run in
            let before = try bytes(of: "\(run)/model.pth")
            let result = try Program.run("train --seed 5 --out", [run], in: folder)
            #expect(result.status != 0 && result.errors.contains("already holds a run"))
            #expect(try bytes(of: "\(run)/model.pth") == before)
        }
    }

    @Test func namesTheLineOfAMalformedTable() throws {
        try withTemporaryFolder { folder in
            let path = "\(folder)/a.csv"
            for (text, words) in [
                ("", "expected rows"), ("a,b,c\n", "expected rows"), ("1\n2\n", "expected rows"),
                ("x,y,c\n1,2,a\n\n1,b,b\n", "line 4: 'b' is not"),
                ("x,y,c\n1,2,a\n1,b\n", "3 columns, found 2 in line 3"),
                ("x,y,c\r\n1,2,a\r\n1,inf,b\r\n", "line 3: 'inf'"), ("1,2,a\n1,\"3,b\n", "the mark in line 2"),
                ("1,2,a\n1,3,a\n", "1 different"), ("1,2,a\n1,3,b\n", "leaves a part empty"),
            ] {
                try write(text, to: path)
                let result = try Program.run("train csv", [path, "--out", "\(folder)/run"], in: folder)
                #expect(result.status == 1 && result.errors.contains(words), "\(words): \(result.errors)")
                #expect(result.errors.contains(words == "leaves a part empty" ? "split" : "a.csv"))
                #expect(!exists("\(folder)/run"))
            }
        }
    }

    @Test func tellsAboutTheMachine() throws {
        try withTemporaryFolder { folder in
            let plain = try Program.run("doctor", in: folder)
            #expect(plain.status == 0 && plain.errors.isEmpty)
            for words in ["Hearth 0.", "processor", "threads", "devices", "oneDNN"] {
                #expect(plain.output.contains(words), "\(words)")
            }
            let verified = try Program.run("doctor --verify --device cpu", in: folder)
            #expect(verified.status == 0, "\(verified.output)")
            let last = verified.output.split(separator: "\n").last ?? ""
            let counts = last.split(separator: " ").compactMap { Int($0) }
            #expect(counts.count == 2 && counts[0] == counts[1] && counts[0] > 100, "\(last)")
            #expect(try Program.run("doctor --device nonsense", in: folder).status != 0)
        }
    }

    @Test func measures() throws {
        try withTemporaryFolder { folder in
            let result = try Program.run("bench --filter op-8x8 --json", in: folder)
            #expect(result.status == 0 && result.output.split(separator: "\n").count == 1)
            guard case .object(let members) = try result.json else { throw NoFile(path: "object") }
            #expect(members.map(\.key) == ["op-8x8-recorded"] && members[0].value.double ?? 0 > 0)
            let table = try Program.run("bench --filter op-8x8", in: folder)
            #expect(table.output.hasPrefix("op-8x8-recorded") && table.output.contains("µs"))
            let none = try Program.run("bench --filter nonsense", in: folder)
            #expect(none.status != 0 && none.errors.contains("'nonsense'"))
        }
    }

    @Test func tellsHowItIsUsed() throws {
        try withTemporaryFolder { folder in
            for command in ["", "train", "evaluate", "predict", "doctor", "bench"] {
                let result = try Program.run("\(command) --help", in: folder)
                #expect(result.status == 0 && result.output.contains("USAGE"))
            }
            #expect(try Program.run("--version", in: folder).output == "0.1.0\n")
            let unknown = try Program.run("nonsense", in: folder)
            #expect(unknown.status != 0 && !unknown.errors.isEmpty)
        }
    }
}
