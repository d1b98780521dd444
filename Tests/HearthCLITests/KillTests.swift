import HearthFormats
import HearthTensor
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// What a signal at any moment leaves behind.
@Suite(.needsProgram, .serialized) struct KillTests {
    @Test func aKillLeavesAWholeCheckpoint() throws {
        var random = SeededSource(state: 3)
        try withTemporaryFolder { folder in
            var found = 0
            for number in 0..<10 {
                let run = "\(folder)/run\(number)"
                let program = try Program("train --epochs 200 --threads 1 --out", [run], in: folder)
                if number >= 2 {
                    program.waitForErrors(containing: "epoch \(number - 1)/200")
                    usleep(UInt32.random(in: 0...20_000, using: &random))
                } else {
                    // Perhaps before there is a folder.
                    usleep(UInt32.random(in: 5000...60_000, using: &random))
                }
                program.send(SIGKILL)
                #expect(try program.wait().status == 128 + SIGKILL)
                if exists("\(run)/checkpoint") {
                    found += 1
                    for name in ["checkpoint", "checkpoint-best"] where exists("\(run)/\(name)") {
                        #expect(try TorchFile.read("\(run)/\(name)")["format"]?.string == "hearth-checkpoint-1")
                    }
                }
                guard exists("\(run)/config.json") else { continue }
                // Some to their end, the others until it is seen that they go on.
                if number % 5 == 4 {
                    let resumed = try Program.run("train --resume --json --threads 1 --out", [run], in: folder)
                    #expect(resumed.status == 0, "\(resumed.errors)")
                    #expect(try resumed.json["epochs"]?.int == 200)
                    try expectHistory(run, epochs: 200)
                    #expect(!fileNames(in: run).contains { $0.hasSuffix(".part") })
                } else {
                    let resumed = try Program("train --resume --threads 1 --out", [run], in: folder)
                    resumed.waitForErrors(containing: "epoch ")
                    resumed.send(SIGKILL)
                    #expect(try resumed.wait().errors.contains("epoch "))
                }
            }
            #expect(found >= 7)
        }
    }

    @Test func aKillLeavesTensorBoardItsEpochs() throws {
        try withTemporaryFolder { folder in
            let run = "\(folder)/run"
            let program = try Program("train --epochs 200 --threads 1 --tensorboard --out", [run], in: folder)
            program.waitForErrors(containing: "epoch 6/200")
            program.send(SIGKILL)
            #expect(try program.wait().status == 128 + SIGKILL)
            // The last line may be of an epoch that TensorBoard was just to be told of.
            let epochs = try text(of: "\(run)/metrics.jsonl").split(separator: "\n").count
            let told = try toldEpochs(run)
            #expect(epochs >= 5 && told.count == 1 && told[0] >= epochs - 1, "\(epochs) epochs, \(told) told")
            let options = "train --resume --epochs 201 --json --threads 1 --tensorboard --out"
            #expect(try Program.run(options, [run], in: folder).status == 0)
            #expect(try toldEpochs(run).max() ?? 0 >= 201 - epochs - 1)
        }
    }

    /// How many validation losses each of the event files has.
    private func toldEpochs(_ run: String) throws -> [Int] {
        let folder = "\(run)/tensorboard"
        return try fileNames(in: folder).map { name in
            String(decoding: try bytes(of: "\(folder)/\(name)"), as: UTF8.self).ranges(of: "loss/val").count
        }
    }

    /// Every epoch once, in order.
    private func expectHistory(_ run: String, epochs: Int) throws {
        let lines = try text(of: "\(run)/metrics.jsonl").split(separator: "\n").map { try JSON(parsing: $0) }
        #expect(lines.map { $0["epoch"]?.int } == Array(1...epochs))
    }

    @Test(arguments: ["adam", "sgd"]) func anInterruptedRunEndsAsIfItHadNotBeen(optimizer: String) throws {
        try withTemporaryFolder { folder in
            let (whole, parts) = ("\(folder)/whole", "\(folder)/parts")
            let options = "train --epochs 60 --threads 1 --hidden 32 --seed 4 --lr 0.002 --optimizer \(optimizer) --out"
            #expect(try Program.run(options, [whole], in: folder).status == 0)
            let program = try Program(options, [parts], in: folder)
            program.waitForErrors(containing: "epoch 3/")
            program.send(SIGINT)
            let result = try program.wait()
            #expect(result.status == 130)
            #expect(result.errors.contains("train --resume --out \(parts)"))
            #expect(exists("\(parts)/checkpoint") && !exists("\(parts)/model.pth"))
            // Again in the resumed run, and on to the end.
            let second = try Program("train --resume --threads 1 --out", [parts], in: folder)
            second.waitForErrors(containing: "epoch ")
            second.send(SIGTERM)
            let again = try second.wait()
            #expect(again.status == 143 || again.status == 0)
            let last = try Program.run("train --resume --json --threads 1 --out", [parts], in: folder)
            #expect(last.status == 0, "\(last.errors)")
            #expect(try last.json["epochs"]?.int == 60)
            for name in ["model.safetensors", "model.pth"] {
                #expect(try bytes(of: "\(whole)/\(name)") == bytes(of: "\(parts)/\(name)"), "\(name)")
            }
            func values(_ run: String) throws -> [[Double?]] {
                try text(of: "\(run)/metrics.jsonl").split(separator: "\n").map { line in
                    let record = try JSON(parsing: line)
                    return ["epoch", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr"].map {
                        record[$0]?.double
                    }
                }
            }
            #expect(try values(whole) == values(parts))
        }
    }
}

/// Random numbers that are the same every time.
struct SeededSource: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
