import HearthFormats
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
            for part in ["<svg", "Curves", "learning rate", "precision", "Environment", "batch_size", "Linear"] {
                #expect(page.contains(part), "\(part)")
            }
            #expect(!exists("\(folder)/c/report.html"))
            let runs = ["\(folder)/a", "\(folder)/b", "\(folder)/c", "--out", "\(folder)/all.html"]
            let compared = try Program.run("report", runs, in: folder)
            #expect(compared.status == 0, "\(compared.errors)")
            let all = try text(of: "\(folder)/all.html")
            #expect(all.contains("Options that differ") && all.contains("★ best") && all.contains("<td>lr</td>"))
            #expect(!all.contains("<td>batch_size</td>"))
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
}
