import HearthTensor
import Testing

/// What PyTorch raises as an exception is thrown inside `checkShapes`, with real elements and values too.
@Suite struct CaughtMistakesTests {
    private static func rule(_ body: () -> Void) -> String? {
        do {
            try checkShapes(body)
            return nil
        } catch {
            return (error as? ShapeError)?.rule
        }
    }

    @Test(arguments: DType.allCases.filter(\.isInteger), [3, 100_000])
    func integersDividedByZero(_ dtype: DType, _ count: Int) {
        let x = Tensor.ones([count], dtype: dtype)
        let y = (Tensor.arange(count) - (count - 1)).to(dtype).clamp(max: 0)
        let divisions: [@Sendable (Tensor, Tensor) -> Tensor] = [
            { $0.floorDivide($1) }, { $0 % $1 }, { $0.fmod($1) }, { $0.remainder($1) },
        ]
        for divide in divisions {
            #expect(Self.rule { _ = divide(x, y) } == "integer division by zero")
            #expect(Self.rule { _ = divide(x, Tensor.zeros([1], dtype: dtype)) } == "integer division by zero")
            #expect(Self.rule { _ = divide(x, x) } == nil)
        }
        #expect(Self.rule { _ = x.floorDivide(0) } == "integer division by zero")
        #expect(Self.rule { _ = x % 0 } == "integer division by zero")
        #expect(Self.rule { _ = x.fmod(0) } == "integer division by zero")
    }

    @Test(arguments: [3, -4, 1_000_000, Int.min])
    func positionsOutOfRange(_ position: Int) {
        let x = Tensor.ones([3, 4])
        let index = Tensor([0, position])
        let reads: [(Tensor) -> Tensor] = [
            { x.indexSelect(0, $0) }, { x.gather(0, $0.unsqueeze(1)) }, { x[$0] }, { x[0..<3, 1][$0] },
            { x.embedding($0) }, { x.scatter(0, $0.unsqueeze(1), 1) }, { x.indexAdd(0, $0, Tensor.ones([2, 4])) },
            { x.indexFill(0, $0, 0) }, { x.scatterAdd(0, $0.unsqueeze(1), Tensor.ones([2, 1])) },
            { x.narrow(1, start: 0, length: 1).reshape([-1]).take($0) },
        ]
        for read in reads { #expect(Self.rule { _ = read(index) }?.contains("out of range") == true) }
        #expect(Self.rule { _ = x[position] } != nil)
        #expect(Self.rule { _ = x.select(0, position) } != nil)
        #expect(Self.rule { _ = x.narrow(0, start: 0, length: Swift.max(position, 4)) } != nil)
        #expect(Self.rule { _ = x[Tensor([0, -3])] } == nil)
    }

    @Test func matricesWithoutAnInverse() {
        let singular = Tensor([[1.0, 2.0], [2.0, 4.0]])
        let indefinite = Tensor([[1.0, 2.0], [2.0, 1.0]])
        for dtype in [DType.float32, .float64] {
            let (a, b) = (singular.to(dtype), indefinite.to(dtype))
            #expect(Self.rule { _ = a.inverse() }?.contains("singular") == true)
            #expect(Self.rule { _ = a.solve(Tensor.ones([2], dtype: dtype)) }?.contains("singular") == true)
            #expect(Self.rule { _ = Tensor.stack([b, a]).inverse() }?.contains("singular") == true)
            #expect(Self.rule { _ = a.matrixPower(-2) }?.contains("singular") == true)
            #expect(Self.rule { _ = b.cholesky() }?.contains("positive definite") == true)
            #expect(Self.rule { _ = Tensor.full([2, 2], .nan, dtype: dtype).cholesky() } != nil)
            #expect(Self.rule { _ = b.inverse() } == nil)
        }
    }

    @Test func theProgramGoesOnAfterwards() throws {
        #expect(Self.rule { _ = Tensor([1]).floorDivide(0) } != nil)
        #expect((Tensor([6]).floorDivide(3)).item() == 2)
        #expect(try checkShapes { Tensor([[2.0]]).inverse() }.item() == 0.5)
    }

    @Test func messagesKnowTheRemedy() {
        let frozen = Tensor([1.0, 2.0])
        #expect(Self.rule { (frozen * 2).sum().backward() }?.contains("frozen parameters") == true)
        #expect(Self.rule { (frozen.requiringGrad() * 2).backward() }?.contains("mean() or sum()") == true)
        #expect(Self.rule { _ = Tensor([1, 2]).mean() }?.contains(".to(.float32)") == true)
        #expect(Self.rule { _ = Tensor([[4.0, 2.0], [2.0, 1.0]]).inverse() }?.contains("solveEx") == true)
        #expect(Self.rule { _ = Bool(frozen > 0) }?.contains("any() or all()") == true)
    }
}
