import HearthFormats
import HearthTensor
import Testing

/// The options of `hearth train` beyond the first network: models, schedules, penalties, tables and files of options.
@Suite(.needsProgram) struct TrainOptionTests {
    private func withPictures(_ body: (_ folder: String) throws -> Void) throws {
        try withTemporaryFolder { folder in
            try Pictures.write(to: "\(folder)/data")
            try body(folder)
        }
    }

    @Test(arguments: ["lenet", "cnn", "lstm", "vit-tiny"]) func trainsEveryKindOfNetwork(_ model: String) throws {
        try withPictures { folder in
            let run = "\(folder)/run"
            let options = "train mnist --epochs 12 --lr 0.003 --batch-size 16 --threads 1 --json --model \(model)"
            let result = try Program.run(options, ["--data", "\(folder)/data", "--out", run], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["model"]?.string == model)
            #expect(try result.json["test_accuracy"]?.double ?? 0 > 0.5, "\(result.output)")
            let evaluated = try Program.run("evaluate", [run, "--json"], in: folder)
            #expect(try evaluated.json["accuracy"]?.double == result.json["test_accuracy"]?.double)
        }
    }

    @Test(arguments: [
        "step", "exponential", "linear", "polynomial", "cosine", "warmup-cosine", "onecycle", "plateau",
    ])
    func takesEverySchedule(_ schedule: String) throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            let options = "train --epochs 4 --lr 0.01 --json --schedule \(schedule) --out"
            let result = try Program.run(options, [run], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["test_accuracy"]?.double ?? 0 > 0.7)
            let rates = try text(of: "\(run)/metrics.jsonl").split(separator: "\n")
                .map { try JSON(parsing: $0)["lr"]?.double ?? 0 }
            #expect(rates.count == 4 && (schedule == "plateau" || Set(rates).count > 1), "\(rates)")
            let more = try Program.run("train --resume --epochs 5 --json --out", [run], in: folder)
            let ends = !["step", "plateau"].contains(schedule)
            #expect((more.status != 0) == ends, "\(more.errors)")
            if ends { #expect(more.errors.contains("ends with epoch 4")) }
        }
    }

    @Test func penaltiesMakeWeightsSmall() throws {
        try withTemporaryFolder { folder in
            func weights(_ options: String, _ name: String) throws -> Double {
                let run = "\(folder)/\(name)"
                let result = try Program.run("train --epochs 5 --json \(options) --out", [run], in: folder)
                #expect(result.status == 0, "\(result.errors)")
                return try StateDict(contentsOf: "\(run)/model.pth")["1.weight"]!.abs().mean().item()
            }
            let plain = try weights("", "a")
            #expect(try weights("--weight-decay 0.05", "b") < plain)
            #expect(try weights("--l1 0.01", "c") < plain / 2)
            #expect(try weights("--clip 0.001 --optimizer sgd", "d") != plain)
        }
    }

    @Test func stopsEarly() throws {
        try withTemporaryFolder { folder in
            let options = "train --epochs 200 --lr 0.02 --early-stop 2 --json --out"
            let result = try Program.run(options, ["\(folder)/run"], in: folder)
            #expect(try result.status == 0 && result.json["epochs"]?.int ?? 200 < 200, "\(result.errors)")
        }
    }

    @Test func goesOnFromOtherWeights() throws {
        try withTemporaryFolder { folder in
            #expect(try Program.run("train --epochs 5 --json --out", ["\(folder)/a"], in: folder).status == 0)
            let before = try StateDict(contentsOf: "\(folder)/a/model.pth")
            let arguments = ["--pretrained", "\(folder)/a/model.pth", "--freeze", "1.*", "--out", "\(folder)/b"]
            let result = try Program.run("train --epochs 1 --seed 4 --hidden 128", arguments, in: folder)
            #expect(result.status == 0 && result.errors.contains("loaded 4 tensors"), "\(result.errors)")
            let after = try StateDict(contentsOf: "\(folder)/b/model.pth")
            #expect(before["1.weight"]!.array(of: Float.self) == after["1.weight"]!.array(of: Float.self))
            #expect(before["3.weight"]!.array(of: Float.self) != after["3.weight"]!.array(of: Float.self))
            for (arguments, words) in [
                (["--freeze", "nothing.*"], "'nothing.*' fits no parameter; there are 1.weight"),
                (["--freeze", "*"], "leaves nothing to train"), (["--pretrained", "absent.pth"], "absent.pth"),
                (["--pretrained", "\(folder)/a/model.pth", "--hidden", "7"], "1.weight"),
            ] {
                let refused = try Program.run("train --epochs 1", arguments + ["--out", "\(folder)/c"], in: folder)
                if words == "1.weight" {
                    #expect(refused.status == 0 && refused.errors.contains("of another shape: 1.weight"))
                } else {
                    #expect(refused.status == 1 && refused.errors.contains(words), "\(refused.errors)")
                }
            }
        }
    }

    // MARK: Files of options

    @Test func readsOptionsFromAFile() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder)/options.yaml"
            try write("# a comment\nepochs: 3\nbatch-size: 32\nhidden: 16\noptimizer: adamw\nlr: 1e-2\n", to: file)
            let result = try Program.run("train --config", [file, "--epochs", "2", "--out", "\(folder)/a"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            let config = try JSON(parsing: text(of: "\(folder)/a/config.json"))
            #expect(config["epochs"]?.int == 2 && config["batch_size"]?.int == 32)
            #expect(config["hidden"]?.array?.compactMap(\.int) == [16] && config["lr"]?.double == 0.01)
            // The run's own file makes the same run again.
            let again = try Program.run(
                "train --config", ["\(folder)/a/config.yaml", "--out", "\(folder)/b"], in: folder)
            #expect(again.status == 0, "\(again.errors)")
            #expect(try bytes(of: "\(folder)/a/model.pth") == bytes(of: "\(folder)/b/model.pth"))
        }
    }

    @Test func readsEveryFormOfAValue() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder)/options.yaml"
            let lines = [
                "---", "hidden: [16, 8]   # two layers", "split:", "  - 0.6", "  - 0.2", "  - 0.2",
                "out_of: 'it''s # no comment'", "schedule: \"cosine\"", "clip: ~", "epochs: 1",
                "freeze: ['1.w*', \"1.b*\"]",
            ]
            try write(lines.filter { !$0.hasPrefix("out_of") }.joined(separator: "\n"), to: file)
            let result = try Program.run("train --config", [file, "--out", "\(folder)/a"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            let config = try JSON(parsing: text(of: "\(folder)/a/config.json"))
            #expect(config["hidden"]?.array?.compactMap(\.int) == [16, 8])
            #expect(config["split"]?.array?.compactMap(\.double) == [0.6, 0.2, 0.2])
            #expect(config["schedule"]?.string == "cosine" && config["clip"]?.double == nil)
            #expect(config["freeze"]?.array?.compactMap(\.string) == ["1.w*", "1.b*"])
            try write(lines.joined(separator: "\n"), to: file)
            let unknown = try Program.run("train --config", [file, "--out", "\(folder)/b"], in: folder)
            #expect(unknown.status != 0 && unknown.errors.contains("line 7: unknown option 'out_of'"))
        }
    }

    @Test func namesTheLineOfAWrongOption() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder)/options.yaml"
            for (text, words) in [
                ("epochs: 2\nfoo: 3\n", "line 2: unknown option 'foo'; there are dataset"),
                ("epochs: abc\n", "line 1: 'epochs' cannot be \"abc\""), ("- 1\n", "expected options"),
                ("a: [\n", "options.yaml"), ("epochs: {a: 1}\n", "expected a value"), ("lr: -1\n", "'lr'"),
                ("lr: 1\nlr: 2\n", "line 2: the option 'lr' stands there twice"), ("lr:1\n", "expected a space"),
                ("lr: 1\n- 2\n", "has a value already"), ("hidden: [1,,2]\n", "between the commas"),
                ("data: \"a\n", "no text in quotes"), ("  lr: 1\n", "expected options"),
                ("model: foo\n", "unknown model 'foo'"), ("schedule: foo\n", "unknown schedule 'foo'"),
            ] {
                try write(text, to: file)
                let result = try Program.run("train --config", [file, "--out", "\(folder)/run"], in: folder)
                #expect(result.status != 0 && result.errors.contains(words), "\(words): \(result.errors)")
                #expect(!exists("\(folder)/run"))
            }
        }
    }

    // MARK: Tables

    @Test func tellsNumbersOfATable() throws {
        try withTemporaryFolder { folder in
            var random = SeededSource(state: 4)
            let rows = (0..<300).map { _ in
                let (x, colour) = (Double.random(in: 0...10, using: &random), Bool.random(using: &random))
                return "\(100 + 3 * x + (colour ? 20 : 0)),\(x),\(colour ? "\"dark, red\"" : "blue")"
            }
            let table = "\(folder)/table.csv"
            try write("price,size,colour\n130,?,blue\n" + rows.joined(separator: "\n") + "\n", to: table)
            let run = "\(folder)/run"
            let options = ["--target", "price", "--epochs", "60", "--lr", "0.02", "--out", run, "--json"]
            let result = try Program.run("train csv", [table] + options, in: folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try result.json["test_rmse"]?.double ?? 9 < 3 && result.json["test_r2"]?.double ?? 0 > 0.9)
            let evaluated = try Program.run("evaluate", [run, "--json"], in: folder)
            #expect(try evaluated.json["rmse"]?.double == result.json["test_rmse"]?.double)
            for (row, expected) in [("5,blue", 115.0), ("5,\"dark, red\"", 135)] {
                let told = try Program.run("predict", [run, "--row", row, "--json"], in: folder)
                #expect(try abs((told.json["value"]?.double ?? 0) - expected) < 6, "\(told.output) \(told.errors)")
            }
            let short = try Program.run("predict", [run, "--row", "5"], in: folder)
            #expect(short.status == 1 && short.errors.contains("size, colour"))
            let unknown = try Program.run("train csv", [table, "--target", "weight"], in: folder)
            #expect(unknown.status == 1 && unknown.errors.contains("there are price, size, colour"))
            let words = try Program.run("train csv", [table, "--target", "colour", "--task", "regression"], in: folder)
            #expect(words.status == 1 && words.errors.contains("is not a finite number"))
        }
    }

    @Test func aFirstRowOfCountsNamesNoColumns() throws {
        try withTemporaryFolder { folder in
            let rows = (0..<60).map { "\($0),\($0 % 7),\($0 < 30 ? 0 : 1)" }
            try write("60,2,small\n" + rows.joined(separator: "\n") + "\n", to: "\(folder)/table.csv")
            let result = try Program.run("train csv --out", ["\(folder)/run", "\(folder)/table.csv"], in: folder)
            #expect(result.status == 0, "\(result.errors)")
            let columns = try JSON(parsing: text(of: "\(folder)/run/config.json"))["columns"]?.array
            #expect(columns?.compactMap { $0["name"]?.string } == ["1", "2"])
        }
    }

    @Test func refusesPicturesForTablesAndRowsForPictures() throws {
        try withTemporaryFolder { folder in
            try Table.write(to: "\(folder)/table.csv")
            let table = try Program.run("train csv --model cnn", ["\(folder)/table.csv"], in: folder)
            #expect(table.status == 1 && table.errors.contains("takes pictures, not rows"))
            let small = try Program.run("train digits --model resnet18", [], in: folder)
            #expect(small.status == 1 && small.errors.contains("at least 32 × 32"))
        }
    }
}
