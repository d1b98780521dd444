import HearthData
import HearthFormats
import HearthNN
import HearthTensor
import HearthTrain
import Testing

import HearthReport

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite struct RecordFileTests {
    @Test func checksumsAreCastagnoli() {
        // RFC 3720, B.4.
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xe306_9283)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(CRC32C.checksum([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
        #expect(CRC32C.checksum([]) == 0)
    }

    @Test func messagesAreWrittenAsTheFormatSays() {
        let message = ProtocolBuffer { message in
            message.add(1, 150)
            message.add(2, "testing")
            message.add(3) { $0.add(1, true) }
            message.add(4, Float(1))
            message.add(5, [1.0, 2.0])
            message.add(16, -1)
        }
        var expected: [UInt8] = [0x08, 0x96, 0x01, 0x12, 0x07] + Array("testing".utf8) + [0x1a, 0x02, 0x08, 0x01]
        expected += [0x25, 0, 0, 0x80, 0x3f, 0x2a, 16] + [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0x40]
        expected += [0x80, 0x01] + [UInt8](repeating: 0xff, count: 9) + [1]
        #expect(message.bytes == expected)
    }

    @Test func aFolderThatCannotBeMadeIsAnError() {
        let error = #expect(throws: FileError.self) { try SummaryWriter("/proc/nothing/here") }
        #expect(error?.path.hasPrefix("/proc/nothing") == true)
    }
}

/// Writes event files for `Tests/Goldens/check_tensorboard.py` to read with TensorBoard, in the folder named by
/// `HEARTH_WRITTEN` where there is one, and looks at their records here.
@Suite struct SummaryWriterTests {
    private func withFolder(_ name: String, _ body: (String) async throws -> Void) async throws {
        if let root = getenv("HEARTH_WRITTEN").map({ String(cString: $0) }) {
            return try await body("\(root)/\(name)")
        }
        var template = Array("/tmp/hearth-report-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        defer {
            for file in events(in: folder) { unlink(file) }
            rmdir(folder)
        }
        try await body(folder)
    }

    private func events(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix("events.out.tfevents.") { names.append("\(folder)/\(name)") }
        }
        return names
    }

    /// The records of a file, each checked.
    private func records(_ path: String) throws -> [[UInt8]] {
        let source = try ByteSource(path: path)
        let bytes = try source.bytes(at: 0, count: source.byteCount)
        func word(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) } }
        var (records, position) = ([[UInt8]](), 0)
        while position < bytes.count {
            let length = Int(word(position))
            #expect(word(position + 8) == CRC32C.masked(Array(bytes[position..<(position + 8)])))
            let record = Array(bytes[(position + 12)..<(position + 12 + length)])
            #expect(word(position + 12 + length) == CRC32C.masked(record))
            records.append(record)
            position += 16 + length
        }
        return records
    }

    @Test func writesEveryKind() async throws {
        try await withFolder("tensorboard_kinds") { folder in
            let writer = try SummaryWriter(folder)
            for step in 0..<10 { writer.addScalar("loss/train", 1 / Double(step + 1), step: step) }
            writer.addScalars("both", [("a", 1), ("b", 2)], step: 3)
            writer.addText("note", "# Hearth\nwrote *this*", step: 1)
            writer.addHistogram("weights", Tensor.arange(-50, 50, dtype: .float32) / 10, step: 2)
            writer.addHistogram("empty", Tensor.zeros(0), step: 2)
            let picture = Tensor.arange(0, 3 * 5 * 7).to(.uint8).reshape([3, 5, 7])
            writer.addImage("picture", picture, step: 4)
            writer.addImages("sheet", Tensor.rand(5, 1, 4, 6, generator: Generator(seed: 1)), columns: 3, step: 4)
            let shares = Tensor([0.1, 0.4, 0.6, 0.8, 0.9])
            writer.addPRCurve("pr", labels: Tensor([0, 0, 1, 0, 1]), probabilities: shares, thresholds: 11, step: 5)
            writer.addHParams(
                [("lr", .number(0.1)), ("optimizer", .text("adam")), ("shuffle", .bool(true))],
                metrics: [("accuracy", 0.75)])
            let model = Sequential {
                Linear(4, 3); ReLU(); Linear(3, 2)
            }
            writer.addGraph(model, input: [1, 4])
            #expect(model.isTraining)
            try writer.close()
            let file = try #require(events(in: folder).first)
            #expect(try records(file).count == 1 + 10 + 2 + 1 + 2 + 2 + 1 + 4 + 1)
        }
    }

    @Test func whatWasFlushedIsThere() async throws {
        try await withFolder("tensorboard_flushed") { folder in
            let writer = try SummaryWriter(folder, flushSeconds: 1000)
            writer.addScalar("a", 1, step: 0)
            let file = try #require(events(in: folder).first)
            #expect(try records(file).count == 1)
            try writer.flush()
            #expect(try records(file).count == 2)
            // As a kill would leave it: the next record is not in the file, and those before it are whole.
            writer.addScalar("a", 2, step: 1)
            #expect(try records(file).count == 2)
            let often = try SummaryWriter(folder, flushSeconds: 0.01)
            often.addScalar("b", 1, step: 0)
            // Without another call it is in the file before long.
            try await Task.sleep(for: .milliseconds(500))
            let files = events(in: folder).sorted()
            #expect(files.count == 2 && files[0] != files[1])
            #expect(try files.map { try records($0).count } == [2, 2])
            try often.close()
        }
    }

    @Test func goesOnAfterAStop() async throws {
        try await withFolder("tensorboard_resumed") { folder in
            for (steps, purge) in [(1...4, nil), (3...5, 3)] as [(ClosedRange<Int>, Int?)] {
                let writer = try SummaryWriter(folder, purgeStep: purge)
                for step in steps { writer.addScalar("loss", Double(step * steps.lowerBound), step: step) }
                try writer.close()
                // TensorBoard reads the files by the seconds in their names.
                try await Task.sleep(for: .seconds(1))
            }
            #expect(try events(in: folder).map { try records($0).count }.sorted() == [1 + 4, 2 + 3])
        }
    }

    @Test func threadsMayWriteTogether() async throws {
        try await withFolder("tensorboard_threads") { folder in
            let writer = try SummaryWriter(folder)
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask { for step in 0..<100 { writer.addScalar("task \(task)", Double(step), step: step) } }
                }
            }
            try writer.close()
            #expect(try records(try #require(events(in: folder).first)).count == 401)
        }
    }

    @Test func followsTraining() async throws {
        try await withFolder("tensorboard_training") { folder in
            manualSeed(3)
            let data = TensorDataset(Tensor.randn(60, 4), Tensor.randint(0..<3, [60]))
            let model = Sequential {
                Linear(4, 8); ReLU(); Linear(8, 3)
            }
            let trainer = Trainer(
                model, loss: CrossEntropyLoss(), optimizer: SGD(model.parameters, lr: 0.1), metrics: [Accuracy()])
            let writer = try SummaryWriter(folder)
            let loader = DataLoader(data, batchSize: 10, shuffle: true, seed: 1)
            _ = try await trainer.fit(
                loader, validation: loader, epochs: 3, callbacks: [TensorBoardCallback(writer)])
            // Without a call by anyone but the callback, as after a kill.
            // Each epoch: the values, the speed, four weights and their gradients.
            let count = try records(try #require(events(in: folder).first)).count
            #expect(count == 1 + 3 * (trainer.history[0].values.count + 1 + 8))
            try writer.close()
            #expect(TensorBoardCallback.tag("val_loss") == "loss/val" && TensorBoardCallback.tag("lr") == "lr")
        }
    }
}
