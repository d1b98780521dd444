import HearthTensor
import Testing

/// Every mistake that depends on the arguments is thrown inside `checkShapes`, with the same words that stop the program
/// elsewhere.
@Suite struct CheckShapesTests {
    /// Mistakes, each with a part of its rule.
    private static let mistakes: [(rule: String, body: @Sendable () -> Void)] = [
        ("comes after", { _ = Tensor.ones([2, 3, 4]).flatten(from: 2, to: 1) }),
        ("must be positive", { _ = Tensor.ones([4]).split(0) }),
        ("do not sum", { _ = Tensor.ones([4]).split([1, 2]) }),
        ("must be positive", { _ = Tensor.ones([4]).chunk(0) }),
        ("must be positive", { _ = Tensor.ones([4]).tensorSplit(0) }),
        ("both", { _ = Tensor.ones([2, 2]).diagonal(dim1: 1, dim2: 1) }),
        ("out of range", { _ = Tensor.ones([2, 2]).shape[3] }),
        ("out of range", { _ = Tensor.ones([2, 2]).shape[-3] }),
        ("at most 8 dimensions", { _ = Shape(repeating: 1, count: 9) }),
        ("at most 8 dimensions", { _ = Shape(0..<12) }),
        ("at most 8 dimensions", { _ = Tensor.ones([1, 1, 1, 1, 1, 1, 1, 1]).unsqueeze(0) }),
        ("expected one number", { _ = Tensor.ones([1, 1, 4, 4]).maxPool(rank: 2, [1, 2, 3]) }),
        ("class 9 is outside 0..<4", { _ = Tensor.ones([2, 4]).crossEntropyRows(Tensor([9, 0])) }),
        ("index 5 is out of range", { _ = Tensor.ones([3]).indexSelect(0, Tensor([0, 5])) }),
        ("index -1 is out of range", { _ = Tensor.ones([3]).gather(0, Tensor([-1])) }),
        ("index 3 is out of range", { _ = Tensor.ones([3]).scatter(0, Tensor([3]), 1.0) }),
        ("index 7 is out of range", { _ = Tensor.ones([3]).indexAdd(0, Tensor([7]), Tensor.ones([1])) }),
        ("index -4 is out of range", { _ = Tensor.ones([3])[Tensor([0, -4])] }),
        ("outside dimension 0", { _ = Tensor.ones([3])[3] }),
        ("'...' can stand only once", { _ = Tensor.ones([3])[.ellipsis, .ellipsis] }),
        ("does not fit", { _ = Tensor.ones([3])[Tensor([true, false])] }),
        ("integer division by zero", { _ = Tensor([1, 2]) % Tensor([1, 0]) }),
        ("integer division by zero", { _ = Tensor([1, 2]).floorDivide(0) }),
        ("singular", { _ = Tensor.zeros([2, 2]).inverse() }),
        ("not positive definite", { _ = Tensor.zeros([2, 2]).cholesky() }),
        ("must not be 0", { _ = Tensor.arange(0, 4, step: 0) }),
        ("no number of steps", { _ = Tensor.arange(0.0, 1, step: 0) }),
        ("is negative", { _ = Tensor.zeros([2, -1]) }),
        ("too large", { _ = Tensor.zeros([1 << 40, 1 << 40]) }),
        ("too large", { _ = Tensor.rand([1 << 40, 1 << 40]) }),
        ("is negative", { _ = Tensor.randn([-1, 2]) }),
        ("is empty", { _ = Tensor.randint(3..<3, [2]) }),
        ("not in 0...1", { _ = Tensor.bernoulli([2], probability: 1.5) }),
        ("not in 0...1", { _ = Tensor.ones([2]).dropout(-0.1) }),
        ("negative or not finite", { _ = Tensor.multinomial(Tensor([1, -1.0]), count: 1) }),
        ("all weights are 0", { _ = Tensor.multinomial(Tensor([0.0, 0]), count: 1) }),
        ("3 draws", { _ = Tensor.multinomial(Tensor([1.0, 1, 0]), count: 3) }),
        ("must lie in 0.0...1.0", { _ = Tensor.ones([3]).quantile(1.5) }),
        ("at least one tensor", { _ = Tensor.cat([]) }),
        ("at least one tensor", { _ = Tensor.stack([]) }),
        ("names 2 operands", { _ = Tensor.einsum("ij,jk->ik", Tensor.ones([2, 2])) }),
        ("names 3 dimensions", { _ = Tensor.einsum("ijk->i", Tensor.ones([2, 2])) }),
        ("right side", { _ = Tensor.einsum("ij->k", Tensor.ones([2, 2])) }),
        ("only floating-point", { _ = Tensor([1, 2]).requiringGrad() }),
        ("only one element has a default", { Tensor.ones([2]).requiringGrad().exp().backward() }),
        ("was not recorded", { Tensor.ones([]).backward() }),
        ("does not require a gradient", { _ = grad(of: Tensor(1.0).requiringGrad().exp(), wrt: Tensor(1.0)) }),
        ("do not fill", { _ = Tensor([1.0, 2], shape: [3]) }),
        ("one shape", { _ = Tensor([[1], [1, 2]]) }),
        ("one element is expected", { _ = Tensor.ones([2]).item() }),
        ("would read", { _ = Tensor.ones([2]).array(of: Int.self) }),
        ("no elements to read", { _ = Tensor.meta([1]).item() == 0 ? 1 : 2 }),
        ("no elements to read", { _ = Tensor.meta([3]).floatArray.map { $0 + 1 } }),
        ("depends on elements", { _ = Tensor.meta([3]).nonzero() }),
        ("no layout", { _ = Tensor.strided([2], strides: [1, 1], of: .ones([4])) }),
        ("of a storage of 4", { _ = Tensor.strided([5], strides: [1], of: .ones([4])) }),
        ("reads elements -1..<1", { _ = Tensor.strided([2], strides: [-1], of: .ones([4])) }),
        ("of a storage of 4", { _ = Tensor.strided([0], strides: [1], offset: 5, of: .ones([4])) }),
        ("than can be counted", { _ = Tensor.strided([1 << 40], strides: [1 << 40], of: .ones([4])) }),
        ("not defined for bool", { _ = Tensor([[true]]).matmul(Tensor([[true]])) }),
        ("not defined for bool", { _ = -Tensor([true]) }),
        ("shifts", { _ = Tensor.ones([3]).roll([1, 2], dims: [0]) }),
        ("counted from 1", { _ = Tensor.ones([3]).kthValue(0) }),
        ("element -1 is negative", { _ = Tensor([-1]).bincount() }),
    ]

    @Test(arguments: mistakes.indices)
    func throwsWithTheRule(_ index: Int) {
        let mistake = Self.mistakes[index]
        let error = #expect(throws: ShapeError.self) { try checkShapes { mistake.body() } }
        #expect(error?.rule.contains(mistake.rule) == true, "\(mistake.rule): \(error.map { "\($0)" } ?? "nothing")")
    }

    @Test func theFirstMistakeIsTheOneThatIsThrown() {
        let error = #expect(throws: ShapeError.self) {
            try checkShapes {
                let x = Tensor.ones([2, 3]).matmul(Tensor.ones([2, 3]))
                _ = x.reshape([7]).split(0)
            }
        }
        #expect(error?.operation == "matmul")
    }

    /// What adds a dimension and calls itself comes to an end after a mistake, too.
    @Test func nothingGoesOnForEver() {
        let error = #expect(throws: ShapeError.self) {
            try checkShapes {
                let x = Tensor.ones([3]) + Tensor.ones([4])
                _ = x.matmul(Tensor.ones([3, 2]))
                _ = x.reshape([1, 3]).conv(Tensor.ones([1, 1, 2]))
            }
        }
        #expect(error?.operation == "add")
    }

    @Test func outsideTheSameWordsStopTheProgram() async {
        await #expect(processExitsWith: .failure) { _ = Tensor.ones([4]).chunk(0) }
        await #expect(processExitsWith: .failure) { _ = Tensor.ones([2, 4]).crossEntropyRows(Tensor([9, 0])) }
        await #expect(processExitsWith: .failure) { _ = Tensor.meta([1]).item() }
        await #expect(processExitsWith: .failure) { _ = Tensor.ones([2]).shape[4] }
    }

    @Test func messagesShowAttributes() {
        let error = #expect(throws: ShapeError.self) {
            try checkShapes { Tensor.ones([2, 0]).amax(dims: [1]) }
        }
        #expect(
            "\(error!)" == "amax(dims: [1], source: [2, 0]) on float32[2, 0]: dimension 1 is empty and has no extreme")
    }

    @Test func metaKeepsStrides() throws {
        for device in [Device.cpu, .meta] {
            let x = Tensor.zeros([2, 3], device: device)
            let error = #expect(throws: ShapeError.self) { try checkShapes { x.t().view(-1) } }
            #expect(error?.rule == "the elements are laid out so that [6] needs a copy")
            #expect(try checkShapes { x.t().reshape([-1]) }.shape == [6])
            #expect(x.t().strides == [1, 3] && !x.t().isContiguous)
            #expect(x.expand(4, 2, 3).strides == [0, 3, 1])
            #expect(x[0..<2, .range(step: 2)].strides == [3, 2])
            #expect(x.t().contiguous().strides == [2, 1])
            #expect(throws: ShapeError.self) { try checkShapes { x.expand(4, 2, 3).view(8, 3) } }
        }
    }

    @Test func productsNeedOneDType() throws {
        let (x, w) = (Tensor.ones([2, 3], dtype: .float64), Tensor.ones([3, 3]))
        for product in [{ _ = x.matmul(w) }, { _ = x.linear(w) }, { _ = w.matmul(x.t()) }, { _ = x.mv(.ones([3])) }] {
            let error = #expect(throws: ShapeError.self) { try checkShapes(product) }
            #expect(error?.rule.contains("float64") == true && error?.rule.contains("float32") == true)
        }
        #expect(Tensor([[1, 2]]).matmul(Tensor([[3], [4]])).item() == 11)
    }
}
