import HearthFormats
import HearthTensor
import Testing

/// `--model net.yaml`: networks that a file of layers describes.
@Suite(.needsProgram) struct DescribedNetworkTests {
    private static let layers = """
        layers:
          - Conv2d: {out_channels: 8, kernel_size: 3, padding: 1}
          - ReLU
          - add:
              body: [Conv2d: {out_channels: 8, kernel_size: 3, padding: 1}, ReLU]
              skip: []
          - MaxPool2d: 2
          - Flatten
          - Linear: outputs

        """

    @Test func aRunKeepsTheDescription() throws {
        try withTemporaryFolder { folder in
            let (file, run) = ("\(folder)/net.yaml", "\(folder)/run")
            try AtomicFile.write(Array(Self.layers.utf8), to: file)
            let trained = try Program.run("train --epochs 3 --json --model \(file) --out", [run], in: folder)
            #expect(trained.status == 0)
            #expect(try trained.json["test_accuracy"]?.double ?? 0 > 0.7)
            #expect(
                try StateDict(contentsOf: "\(run)/model.pth").keys == [
                    "0.weight", "0.bias", "2.body.0.weight", "2.body.0.bias", "5.weight", "5.bias",
                ])
            // What the file says now is nothing to the run.
            try AtomicFile.write(Array("layers: [Flatten, Linear: outputs]\n".utf8), to: file)
            let evaluated = try Program.run("evaluate --json", [run], in: folder)
            #expect(evaluated.status == 0)
            let resumed = try Program.run("train --resume --epochs 4 --json --out", [run], in: folder)
            #expect(resumed.status == 0)
            #expect(try resumed.json["epochs"]?.int == 4)
            #expect(try resumed.json["parameters"]?.int == 80 + 584 + 1290)
            let program = "\(folder)/net.hearth"
            #expect(try Program.run("export --hearth \(program)", [run], in: folder).status == 0)
            let written = try Program.run("graph --yaml", [program], in: folder)
            #expect(written.output.contains("- Conv2d: {out_channels: 8, kernel_size: 3, padding: 1}\n"))
            #expect(written.output.hasSuffix("- Linear: 10\n"))
        }
    }

    @Test func mistakesAreToldWithTheirPlace() throws {
        try withTemporaryFolder { folder in
            let file = "\(folder)/net.yaml"
            try AtomicFile.write(Array("layers:\n  - Flaten\n".utf8), to: file)
            let unknown = try Program.run("train --model", [file], in: folder)
            #expect(unknown.status != 0)
            #expect(unknown.errors.contains("\(file):2:5: unknown layer 'Flaten'; did you mean 'Flatten'?"))
            try AtomicFile.write(Array("layers:\n  - Flatten\n  - Linear: 3\n".utf8), to: file)
            let wrong = try Program.run("train --out \(folder)/run --model", [file], in: folder)
            #expect(wrong.errors.contains("\(file):3:5: the last layer must give [n, 10]; it gives [n, 3]"))
            let option = try Program.run("train --hidden 4 --model", [file], in: folder)
            #expect(option.errors.contains("has no 'hidden'"))
        }
    }
}
