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

@Suite struct TrainingPageTests {
    private let scores = Tensor([[4.0, 0, 0], [0, 1, 3], [0, 2, 0], [3, 0, 1], [0, 0, 5], [1, 0, 0]])
    private let targets = Tensor([0, 1, 1, 2, 2, 1])

    private var predictions: ClassPredictions {
        ClassPredictions(scores: scores, targets: targets, names: ["a", "b", "c"])
    }

    private func matrix(_ predictions: ClassPredictions) -> ConfusionMatrix {
        var matrix = ConfusionMatrix(classes: predictions.names.count)
        matrix.update(Tensor(predictions.predicted), Tensor(predictions.targets))
        return matrix
    }

    private func history(_ epochs: Int, lr: (Int) -> Double, loss: (Int) -> Double) -> History {
        (1...epochs).map { epoch in
            EpochRecord(
                epoch: epoch,
                values: [(name: "train_loss", value: loss(epoch)), (name: "lr", value: lr(epoch))], seconds: 1,
                samplesPerSecond: 1)
        }
    }

    @Test func aRateThatNeverChangesIsText() {
        var page = Page("test")
        page.curves(history(3, lr: { _ in 0.001 }, loss: { 1 / Double($0) }))
        #expect(page.html.contains("Learning rate throughout: 0.001") && !page.html.contains("learning rate<"))
        var other = Page("test")
        other.curves(history(3, lr: { 0.1 / Double($0) }, loss: { 1 / Double($0) }))
        #expect(!other.html.contains("throughout") && other.html.contains("learning rate"))
        var both = Page("test")
        both.curves(comparing: [
            ("a", history(2, lr: { _ in 0.1 }, loss: { _ in 1 })),
            ("b", history(2, lr: { _ in 0.2 }, loss: { _ in 1 })),
        ])
        #expect(both.html.contains("Learning rate throughout: a 0.1, b 0.2"))
    }

    @Test func aCurveThatHugsTheFrameIsEnlarged() {
        var page = Page("test")
        page.curves(history(20, lr: { _ in 1 }, loss: { $0 < 3 ? 100 : 1 + 1 / Double($0) }))
        #expect(page.html.contains("loss after epoch 5"))
        var steady = Page("test")
        steady.curves(history(20, lr: { _ in 1 }, loss: { 20 - Double($0) }))
        #expect(!steady.html.contains("after epoch"))
        var short = Page("test")
        short.curves(history(4, lr: { _ in 1 }, loss: { $0 < 2 ? 100 : 1 }))
        #expect(!short.html.contains("after epoch"))
    }

    @Test func mistakesComeWorstFirst() {
        #expect(predictions.predicted == [0, 2, 1, 0, 2, 0])
        // Their own class has 0.114, 0.114 and 0.212.
        #expect(Set(predictions.mistakes.prefix(2)) == [1, 3] && predictions.mistakes.last == 5)
        #expect(abs(predictions.probability(sample: 5, class: 1) - 1 / (exp(1.0) + 2)) < 1e-12)
        #expect(predictions.ranking(of: 2).rocAUC == 0.75)
    }

    @Test func classesHaveCurvesAndMistakes() {
        var page = Page("test")
        page.classification(predictions, matrix: matrix(predictions)) { Tensor.full([1, 4, 4], Double($0) / 6) }
        let html = page.html
        for part in ["ROC", "Precision and recall", "Worst mistakes", "a taken for a", "<td>b</td>"] {
            #expect(html.contains(part), "\(part)")
        }
        #expect(html.split(separator: "data:image/png;base64,").count - 1 == 3)
        var right = Page("right")
        let perfect = ClassPredictions(scores: scores, targets: Tensor([0, 2, 1, 0, 2, 0]), names: ["a", "b", "c"])
        right.classification(perfect, matrix: matrix(perfect)) { _ in Tensor.zeros(1, 4, 4) }
        #expect(!right.html.contains("Worst mistakes"))
    }

    @Test func onlyOneClassHasNoCurves() {
        let single = ClassPredictions(scores: scores, targets: Tensor([0, 0, 0, 0, 0, 0]), names: ["a", "b", "c"])
        var page = Page("single")
        page.classification(single, matrix: matrix(single))
        #expect(!page.html.contains("ROC"))
    }

    @Test func numbersAreComparedWithTheTruth() {
        var page = Page("numbers")
        page.regression(predicted: [1.1, 2.2, 2.9], targets: [1, 2, 3])
        #expect(page.html.contains("Predicted and true") && page.html.contains("Predicted less true"))
    }

    @Test func placesToPointAtAreJSON() throws {
        var page = Page("spots")
        page.charts([
            LineChart("l", x: "epoch", series: [.init("a \"quoted\" <name>", [1, 2, 3]), .init("b", [3, .nan, 1])])
        ])
        let attribute = try #require(page.html.split(separator: "data-spots=\"").last?.prefix { $0 != "\"" })
        let text = attribute.replacing("&quot;", with: "\"").replacing("&lt;", with: "<").replacing("&gt;", with: ">")
        let spots = try #require(try JSON(parsing: text).array)
        #expect(spots.count == 3)
        #expect(spots[0].array?.last?.string == "epoch 1\na \"quoted\" <name> 1\nb 3")
        #expect(spots[1].array?.last?.string == "epoch 2\na \"quoted\" <name> 2")
    }

    @Test func aPageIsThereAfterEveryEpoch() async throws {
        var template = Array("/tmp/hearth-page-XXXXXX".utf8CString)
        let folder = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
        let file = "\(folder)/report.html"
        defer {
            unlink(file)
            rmdir(folder)
        }
        manualSeed(0)
        let data = TensorDataset(Tensor.randn(60, 4), Tensor.randint(0..<3, [60]))
        let model = Sequential {
            Linear(4, 8); ReLU(); Linear(8, 3)
        }
        let trainer = Trainer(
            model, loss: CrossEntropyLoss(), optimizer: SGD(model.parameters, lr: 0.1), metrics: [Accuracy()])
        let loader = DataLoader(data, batchSize: 10)
        var pages: [String] = []
        for epochs in 1...2 {
            let callback = ReportCallback(file, title: "points", input: [1, 4])
            _ = try await trainer.fit(loader, validation: loader, epochs: epochs, callbacks: [callback])
            let source = try ByteSource(path: file)
            pages.append(String(decoding: try source.bytes(at: 0, count: source.byteCount), as: UTF8.self))
        }
        for part in ["points", "validation", "Weights", "Gradients of the last step", "0.weight", "Linear", "threads"] {
            #expect(pages[0].contains(part), "\(part)")
        }
        #expect(pages[1].contains("<b>2</b><span>epochs</span>"))
    }
}
