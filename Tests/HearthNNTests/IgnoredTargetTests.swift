import HearthNN
import HearthTensor
import Testing

/// Rows that count for nothing: no gradient comes from them, also where no row counts and the mean is 0 / 0, as in PyTorch.
@Suite struct IgnoredTargetTests {
    private typealias Criterion = @Sendable (Tensor, Tensor) -> Tensor

    private static let weight = Tensor([0.5, 1.0, 2.0])

    private static func criteria(_ reduction: LossReduction) -> [(String, Criterion)] {
        [
            ("plain", CrossEntropyLoss(reduction: reduction).callAsFunction),
            ("weighted", CrossEntropyLoss(weight: weight, reduction: reduction).callAsFunction),
            ("smoothed", CrossEntropyLoss(labelSmoothing: 0.2, reduction: reduction).callAsFunction),
            ("both", CrossEntropyLoss(weight: weight, labelSmoothing: 0.2, reduction: reduction).callAsFunction),
            ("nll", NLLLoss(reduction: reduction).callAsFunction),
            ("weighted nll", NLLLoss(weight: weight, reduction: reduction).callAsFunction),
        ]
    }

    @Test(arguments: [DType.float32, .float64, .float16, .bfloat16], [[4, 3], [3], [2, 3, 5], [0, 3]] as [Shape])
    func nothingComesFromIgnoredRowsAlone(_ dtype: DType, _ shape: Shape) {
        var targetShape = shape
        targetShape.remove(at: shape.count > 1 ? 1 : 0)
        let target = Tensor.full(targetShape, -100)
        for (reduction, isDivided) in [(LossReduction.mean, true), (.sum, false), (.none, false)] {
            for (name, criterion) in Self.criteria(reduction) {
                let logits = Tensor.randn(shape, generator: Generator(seed: 1)).to(dtype).requiringGrad()
                let loss = criterion(logits, target)
                // As in PyTorch the mean of nothing is no number, while its gradient is 0.
                #expect(loss.isNaN().any().item(as: Bool.self) == isDivided, "\(name)")
                loss.sum().backward()
                #expect(logits.grad?.isEqual(to: Tensor.zeros(like: logits)) == true, "\(name) \(reduction)")
            }
        }
    }

    @Test func someIgnoredRowsChangeNothingOfTheOthers() {
        let logits = Tensor.randn([5, 3], dtype: .float64, generator: Generator(seed: 2))
        let kept = logits.indexSelect(0, Tensor([0, 2, 3]))
        for reduction in [LossReduction.mean, .sum] {
            for (name, criterion) in Self.criteria(reduction) {
                let (x, y) = (logits.requiringGrad(), kept.requiringGrad())
                let (some, all) = (criterion(x, Tensor([2, -100, 0, 1, -100])), criterion(y, Tensor([2, 0, 1])))
                #expect(some.allClose(to: all), "\(name)")
                some.backward()
                all.backward()
                let expected = Tensor.zeros(like: x).indexCopy(0, Tensor([0, 2, 3]), y.grad!)
                #expect(x.grad!.allClose(to: expected), "\(name)")
            }
        }
    }

    @Test(arguments: [DType.float16, .bfloat16])
    func meansOfHalvesStayInRange(_ dtype: DType) {
        // Each loss is 60 or more, and 4000 of them leave the range of float16.
        let logits = Tensor([60.0, 0.0, 0.0]).to(dtype).expand(to: [4000, 3])
        let target = Tensor.full([4000], 1)
        for (name, criterion) in Self.criteria(.mean) where !name.contains("nll") {
            let loss = criterion(logits, target).item()
            #expect(loss > 40 && loss < 61, "\(name): \(loss)")
        }
        #expect(abs(NLLLoss()(logits, target.maskedFill(target == 1, with: 0)).item() + 60) < 0.5)
        let far = Tensor.full([300], 300, dtype: dtype)
        #expect(L1Loss()(far, Tensor.zeros(like: far)).item() == 300)
    }

    private func rule(_ body: () -> Void) -> String? {
        do {
            try checkShapes(body)
            return nil
        } catch {
            return (error as? ShapeError)?.rule
        }
    }

    @Test func messagesKnowTheRemedy() {
        let logits = Tensor.zeros([4, 3])
        #expect(rule { _ = CrossEntropyLoss()(logits, Tensor.zeros([4])) }?.contains(".to(.int64)") == true)
        #expect(rule { _ = CrossEntropyLoss()(logits, Tensor.zeros([4, 1])) }?.contains(".to(.int64)") == true)
        #expect(rule { _ = NLLLoss()(logits, Tensor.zeros([4])) }?.contains(".to(.int64)") == true)
        #expect(
            rule { _ = CrossEntropyLoss()(logits, Tensor.zeros([4, 1], dtype: .int64)) }?.contains("reshape") == true)
        #expect(
            rule { _ = CrossEntropyLoss()(logits, Tensor.zeros([4, 3], dtype: .int64)) }?.contains("floating") == true)
        #expect(rule { _ = MSELoss()(Tensor.zeros([4, 1]), Tensor.zeros([4])) }?.contains("reshape([4, 1])") == true)
        #expect(rule { _ = CrossEntropyLoss()(Tensor(1.0), Tensor(0)) } != nil)
        #expect(rule { _ = CrossEntropyLoss()(logits, Tensor([0, 1, 2, 3])) }?.contains("outside") == true)
    }
}
