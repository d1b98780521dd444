import HearthFormats
import HearthTune
import Testing

/// `hearth report`, and the page of each run.
@Suite(.needsProgram) struct ReportTests {
    @Test func everyRunHasAPageAndRunsCompare() throws {
        try withTemporaryFolder { folder in
            for (name, options) in [
                ("a", "--epochs 3"), ("b", "--epochs 2 --lr 0.01"), ("c", "--epochs 1 --no-report"),
            ] {
                let result = try Program.run("train --json \(options) --out", ["\(folder)/\(name)"], in: folder)
                #expect(result.status == 0, "\(result.errors)")
            }
            let page = try text(of: "\(folder)/a/report.html")
            for part in [
                "<svg", "Curves", "Learning rate throughout: 0.001", "precision", "Environment", "batch_size", "Linear",
            ] {
                #expect(page.contains(part), "\(part)")
            }
            #expect(!exists("\(folder)/c/report.html"))
            let runs = ["\(folder)/a", "\(folder)/b", "\(folder)/c", "--out", "\(folder)/all.html"]
            let compared = try Program.run("report", runs, in: folder)
            #expect(compared.status == 0, "\(compared.errors)")
            let all = try text(of: "\(folder)/all.html")
            #expect(all.contains("Options that differ") && all.contains("★ best") && all.contains("<td>lr</td>"))
            #expect(!all.contains("<td>batch_size</td>"))
            // A regression has no accuracy to be ranked by.
            let rows = (0..<60).map { "\($0),\(Double($0) / 7)\n" }.joined()
            try write("x,y\n" + rows, to: "\(folder)/table.csv")
            let options = ["\(folder)/table.csv", "--out", "\(folder)/r", "--epochs", "2", "--quiet"]
            #expect(try Program.run("train csv", options, in: folder).status == 0)
            let mixed = ["\(folder)/a", "\(folder)/r", "\(folder)/b", "--out", "\(folder)/mixed.html"]
            #expect(try Program.run("report", mixed, in: folder).status == 0)
            let ranked = try text(of: "\(folder)/mixed.html")
            #expect(
                ranked.contains("Results of regressions") && ranked.contains("Curves of classifiers")
                    && ranked.contains("best val_rmse"))
            #expect(ranked.contains("best val_accuracy") && ranked.split(separator: "★ best").count == 2)
        }
    }

    @Test func whatIsNoRunIsNamed() throws {
        try withTemporaryFolder { folder in
            let missing = try Program.run("report", ["\(folder)/nothing"], in: folder)
            #expect(missing.status != 0 && missing.errors.contains("nothing' holds no run"))
            let trained = try Program.run("train --json --epochs 1 --out", ["\(folder)/run"], in: folder)
            #expect(trained.status == 0)
            try AtomicFile.write(Array("{\"epoch\": 1\n".utf8), to: "\(folder)/run/metrics.jsonl")
            let damaged = try Program.run("report", ["\(folder)/run"], in: folder)
            #expect(damaged.status != 0 && damaged.errors.contains("metrics.jsonl: line 1"))
        }
    }

    @Test func studiesOfSeveralValuesHaveAFront() async throws {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/two.sqlite"
            let study = try Study("two", storage: file, directions: [.minimize, .maximize], sampler: .tpe(seed: 0))
            try await study.optimize(
                trials: 30,
                values: { trial in
                    let (x, kind) = (trial.suggestFloat("x", 0...1), trial.suggestCategorical("kind", ["a", "b"]))
                    return [x * x, kind == "a" ? x : x - 0.5]
                })
            let page = try Program.run("report --study", [file, "--out", "\(folder)/two.html"], in: folder)
            #expect(page.status == 0, "\(page.errors)")
            let html = try text(of: "\(folder)/two.html")
            for part in ["The trade between values", "Trials that none surpasses", "second value", "What matters"] {
                #expect(html.contains(part), "\(part)")
            }
            if let written = environment("HEARTH_WRITTEN") { try write(html, to: "\(written)/two.html") }
        }
    }
}
