import HearthTensor
import Testing

/// What somebody who comes from PyTorch writes first.
@Suite struct HabitTests {
    @Test(arguments: DType.allCases)
    func oneElementIsANumber(_ dtype: DType) {
        for shape in [[], [1], [1, 1]] as [Shape] {
            let x = Tensor.ones(shape, dtype: dtype)
            #expect(Double(x) == 1 && Float(x) == 1 && Int(x) == 1 && Bool(x))
            #expect(!Bool(Tensor.zeros(shape, dtype: dtype)))
        }
        let x = Tensor.arange(6).reshape(2, 3)
        if Bool(x[1, 2] > 4) { #expect(Int(x[1, 2]) == 5) } else { Issue.record("5 is larger than 4") }
        #expect(!Bool(x[0, 0] > 0))
    }

    @Test func numbersKeepWhatTheyCan() {
        #expect(Int(Tensor(Int.max)) == Int.max)
        #expect(Int(Tensor(-2.7)) == -2 && Int(Tensor(2.7)) == 2)
        #expect(Double(Tensor(0.1, dtype: .float64)) == 0.1)
        #expect(Bool(Tensor(Double.nan)))
        #expect(throws: ShapeError.self) { try checkShapes { _ = Int(Tensor(Double.nan)) } }
        #expect(throws: ShapeError.self) { try checkShapes { _ = Int(Tensor(1e30)) } }
        #expect(throws: ShapeError.self) { try checkShapes { _ = Double(Tensor([1.0, 2.0])) } }
        #expect(throws: ShapeError.self) { try checkShapes { _ = Bool(Tensor.zeros([0])) } }
    }

    @Test func comparisonsStayMasks() {
        let mask = Tensor([1.0, -1.0]) > 0
        #expect(mask.dtype == .bool && mask.array(of: Bool.self) == [true, false])
    }

    @Test func rowsInALoop() {
        let x = Tensor.arange(6).reshape(3, 2)
        var sums: [Int] = []
        for row in x { sums.append(Int(row.sum())) }
        #expect(sums == [1, 5, 9])
        #expect(Tensor.arange(3).map { Int($0) } == [0, 1, 2])
        #expect(Array(x).count == 3 && x.enumerated().map(\.offset) == [0, 1, 2])
        #expect(Array(Tensor.zeros([0, 2])).isEmpty)
        let leaf = Tensor([[1.0, 2.0], [3.0, 4.0]]).requiringGrad()
        var total = Tensor(0.0)
        for (i, row) in leaf.enumerated() { total = total + row.sum() * Double(i + 1) }
        total.backward()
        #expect(leaf.grad?.floatArray == [1, 1, 2, 2])
        #expect(throws: ShapeError.self) { try checkShapes { for _ in Tensor(1) {} } }
    }

    @Test func dimensionsWithoutTheirLabel() {
        let x = Tensor([[3.0, 1.0, 2.0], [6.0, 5.0, 4.0]])
        func same(_ a: Tensor, _ b: Tensor) -> Bool { a.shape == b.shape && a.isEqual(to: b) }
        #expect(same(x.sum(0), x.sum(dim: 0)) && same(x.mean(1, keepDim: true), x.mean(dim: 1, keepDim: true)))
        #expect(same(x.prod(0), x.prod(dim: 0)) && same(x.std(1), x.std(dim: 1)))
        #expect(same(x.variance(1), x.variance(dim: 1)) && same(x.amax(-1), x.amax(dims: [-1])))
        #expect(same(x.max(1).values, x.max(dim: 1).values) && same(x.min(0).indices, x.min(dim: 0).indices))
        #expect(same(x.argmax(1), x.argmax(dim: 1)) && same(x.argmin(0), x.argmin(dim: 0)))
        #expect(same(x.cumsum(1), x.cumsum(dim: 1)) && same(x.softmax(1), x.softmax(dim: 1)))
        #expect(same(x.sort(1).values, x.sort(dim: 1).values) && same(x.argsort(1), x.argsort(dim: 1)))
        #expect(same((x > 2).any(0), (x > 2).any(dim: 0)) && same((x > 2).all(1), (x > 2).all(dim: 1)))
        #expect(same(x.logSumExp(0), x.logSumExp(dim: 0)) && same(x.median(1).value, x.median(dim: 1).value))
        #expect(same(x.flatten(0), x.flatten(from: 0)) && same(x.clamp(2, 4), x.clamp(min: 2, max: 4)))
        #expect(same((x * 20).remainder(50), (x * 20) % 50) && x.unbind(1).count == 3)
        #expect(x.size() == [2, 3] && x.size(0) == 2 && x.size(-1) == 3)
        #expect(throws: ShapeError.self) { try checkShapes { _ = x.size(2) } }
    }

    @Test func numbersByTheirNames() {
        let x = Tensor.ones([2], dtype: .float16)
        let full = Tensor.full(like: x, .nan)
        #expect(full.dtype == .float16 && full.isNaN().all().item(as: Bool.self))
        #expect(Tensor.full([2], .infinity).isPositiveInfinity().all().item(as: Bool.self))
        #expect(x.maskedFill(x > 0, with: .infinity).isInfinite().all().item(as: Bool.self))
        #expect((Tensor(1.0, dtype: .float64) * .pi).item() == Double.pi)
        #expect(Tensor.full([1], 1).dtype == .int64 && Tensor.full([1], 1.0).dtype == .float32)
    }
}
