import HearthData
import HearthNN
import HearthTensor
import HearthTrain
import Testing

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

@Suite struct ProgressBarTests {
    /// Trains for two epochs, the second stopped after its first batch.
    @Sendable private static func train(isTerminal: Bool, panel: ProgressBar.Panel? = nil) async throws {
        // Processes of exit tests are told to be without colours.
        unsetenv("NO_COLOR")
        let model = classifier()
        let trainer = Trainer(
            model, loss: CrossEntropyLoss(), optimizer: Adam(model.parameters, lr: 0.02), metrics: [Accuracy()])
        let watcher = Watcher()
        watcher.batch = { trainer in
            // Longer than the time between two drawings.
            usleep(110_000)
            if trainer.position.epoch == 1 { trainer.stop() }
        }
        let loader = DataLoader(points(30), batchSize: 10, seed: 1)
        let callbacks: [any TrainerCallback] = [watcher, ProgressBar(isTerminal: isTerminal, panel: panel)]
        try await trainer.fit(loader, validation: loader, epochs: 2, callbacks: callbacks)
    }

    @Test func writesALineAnEpoch() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try await ProgressBarTests.train(isTerminal: false)
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(!text.contains("\u{1B}") && !text.contains("\r"))
        let lines = text.split(separator: "\n").filter { $0.hasPrefix("epoch") || $0.hasPrefix("stopped") }
        #expect(lines.count == 2)
        let pattern =
            #/epoch 1/2  train_loss \d\.\d{4}  train_accuracy [01]\.\d{4}  val_loss \d\.\d{4}  val_accuracy [01]\.\d{4}  \[\d\.\d{2}s, [\d,]+/s\]/#
        #expect(lines.first?.wholeMatch(of: pattern) != nil, "\(lines)")
        #expect(lines.last == "stopped in epoch 2 after batch 1/3")
    }

    @Test func movesOnATerminal() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try await ProgressBarTests.train(isTerminal: true)
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("\repoch 1/2 \u{1B}[32m━"))
        #expect(text.contains("33% 1/3 ["))
        #expect(text.contains("\nstopped in epoch 2 after batch 1/3\n"))
    }

    @Test func keepsAPanelBelowTheLines() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try await ProgressBarTests.train(isTerminal: true) { trainer, _, terminal in
                ["a panel", "epochs \(trainer.history.count) of \(terminal.columns)"]
            }
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("\ra panel\u{1B}[K\nepochs 0 of 80\u{1B}[K\nepoch 1/2 \u{1B}[32m━"))
        // From the bar two lines up, where the next drawing begins, or the line that stays.
        #expect(
            text.contains("\r\u{1B}[2Aa panel\u{1B}[K") && text.contains("\r\u{1B}[2A\u{1B}[Jepoch 1/2  train_loss"))
        #expect(text.contains("epochs 1 of 80\u{1B}[K\u{1B}[J"))
        let plain = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try await ProgressBarTests.train(isTerminal: false) { _, _, _ in ["a panel"] }
        }
        let lines = String(decoding: plain?.standardErrorContent ?? [], as: UTF8.self)
        #expect(!lines.contains("a panel"))
    }
}
