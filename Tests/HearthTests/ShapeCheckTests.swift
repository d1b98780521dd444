import Hearth
import Testing

/// Operands that do not fit throw inside `checkShapes`, wherever the mistake is found: in an operation's rule, before
/// it, or in a loss.
@Suite struct ShapeCheckTests {
    private func mistake(_ body: () -> Tensor) -> String? {
        do {
            try checkShapes { _ = body() }
            return nil
        } catch { return "\(error)" }
    }

    @Test func everyMistakeIsThrown() {
        let x = Tensor.meta([4, 3])
        #expect(mistake { x.split([1, 1], dim: 0)[0] }?.hasPrefix("split on float32[4, 3]") == true)
        #expect(mistake { x.topK(9).values }?.hasPrefix("topK on float32[4, 3]") == true)
        #expect(mistake { x.repeat(2) }?.hasPrefix("repeat on ") == true)
        #expect(mistake { Tensor.cat([Tensor.meta([]), Tensor.meta([])]) }?.hasPrefix("cat on ") == true)
        #expect(mistake { Tensor.broadcast([x, Tensor.meta([2, 3])])[0] }?.hasPrefix("broadcast on ") == true)
        #expect(mistake { MSELoss()(x, Tensor.meta([4, 1])) }?.hasPrefix("MSELoss on ") == true)
        #expect(mistake { x.reshape(5, 5) }?.hasPrefix("reshape on ") == true)
        #expect(mistake { x[7] }?.hasPrefix("index(source: [4, 3], items: [7, ...]) on ") == true)
        #expect(mistake { x.transpose(0, 2) } != nil)
        let writing = mistake {
            var y = x
            y[7] = Tensor.meta([3])
            return y
        }
        #expect(writing?.hasPrefix("index_put on float32[4, 3], ") == true)
        #expect(mistake { Linear(5, 2)(x) }?.hasPrefix("linear on ") == true)
        #expect(mistake { x.flatten() } == nil)
    }

    @Test func classesOfAnotherShapeAreThrown() {
        let logits = Tensor.meta([4, 3])
        let classes = Tensor.meta([5], dtype: .int64)
        #expect(mistake { CrossEntropyLoss()(logits, classes) }?.hasPrefix("CrossEntropyLoss on ") == true)
    }

    @Test func whatWasPrintedBeforeAMistakeIsNotLost() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            print("printed before")
            _ = Tensor.ones(2, 3).matmul(Tensor.ones(2, 3))
        }
        let printed = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(printed.contains("printed before") && errors.contains("matmul"), "\(printed) \(errors)")
    }
}
