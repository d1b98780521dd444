import HearthTensor
import Testing

/// Branches and loops outside of a trace are ordinary code.
@Suite struct ControlFlowTests {
    private let generator = Generator(seed: 11)

    private func chosen(_ x: Tensor) -> Tensor {
        Tensor.cond(x.sum() > 0, x) { x in
            x * 2
        } else: { x in
            x - 1
        }
    }

    @Test func thePredicateChooses() {
        #expect(chosen(Tensor([1.0, 2.0])).floatArray == [2, 4])
        #expect(chosen(Tensor([-1.0, -2.0])).floatArray == [-2, -3])
        let both = Tensor.cond(Tensor([false]), [Tensor(1), Tensor(2.5)]) {
            $0
        } else: {
            [$0[0] * 3, $0[1] * 2]
        }
        #expect(both[0].item(as: Int.self) == 3 && both[1].item() == 5)
    }

    @Test func onlyTheChosenBranchRuns() {
        var runs: [String] = []
        _ = Tensor.cond(Tensor(true)) {
            runs.append("then")
            return $0 + [Tensor(1)]
        } else: {
            runs.append("else")
            return $0 + [Tensor(2)]
        }
        #expect(runs == ["then"])
    }

    @Test func aLoopEndsWhenItsConditionDoes() {
        let w = Tensor([[0.5, 1], [0, 2]])
        let results = Tensor.loop(Tensor([[1.0, 1]]), Tensor(0)) { state in
            state[1] < 5
        } do: { state in
            [state[0].matmul(w), state[1] + 1]
        }
        var expected = Tensor([[1.0, 1]])
        for _ in 0..<5 { expected = expected.matmul(w) }
        #expect(results[0].isEqual(to: expected) && results[1].item(as: Int.self) == 5)
        #expect(
            Tensor.loop(Tensor(100.0)) {
                $0 > 1
            } do: {
                $0 / 2
            }.item() == 0.78125)
        #expect(
            Tensor.loop(Tensor(100.0), limit: 2) {
                $0 > 1
            } do: {
                $0 / 2
            }.item() == 25)
        #expect(
            Tensor.loop(Tensor(0.5)) {
                $0 > 1
            } do: {
                $0 / 2
            }.item() == 0.5)
        #expect(
            Tensor.loop(Tensor(100.0), limit: 0) {
                $0 > 1
            } do: {
                $0 / 2
            }.item() == 100)
    }

    @Test func gradientsAreThoseOfTheBranchAndOfEveryTurn() throws {
        for sign in [1.0, -1.0] {
            let x = Tensor.randn([3], dtype: .float64, generator: generator).abs() * sign
            let w = Tensor.randn([3], dtype: .float64, generator: generator)
            try gradientCheck([x, w], order: 2) { given in
                Tensor.cond(given[0].sum() > 0, given[0]) {
                    ($0 * given[1]).tanh()
                } else: {
                    $0 * $0 * given[1].exp()
                }
            }
        }
        for turns in [0, 1, 4] {
            let x = Tensor.randn([2, 3], dtype: .float64, generator: generator)
            let w = Tensor.randn([3, 3], dtype: .float64, generator: generator) * 0.5
            try gradientCheck([x, w], order: 2) { given in
                Tensor.loop(given[0], Tensor(0)) {
                    $0[1] < turns
                } do: {
                    [$0[0].matmul(given[1]).tanh(), $0[1] + 1]
                }[0]
            }
        }
    }

    @Test func errorsOfClosuresComeThrough() {
        struct Stopped: Error {}
        #expect(throws: Stopped.self) {
            try Tensor.loop(Tensor(0)) {
                $0 < 3
            } do: { x in
                if x.item() == 2 { throw Stopped() }
                return x + 1
            }
        }
        #expect(throws: Stopped.self) {
            try Tensor.cond(Tensor(false), Tensor(1)) {
                $0
            } else: { _ in
                throw Stopped()
            }
        }
    }

    // MARK: Shapes alone

    @Test func bothBranchesAreFollowedWhereThereAreNoElements() throws {
        #expect(chosen(.meta([4, 5])).spec == Spec([4, 5], .float32))
        let state = Tensor.loop(.meta([2, 3]), Tensor(0)) {
            $0[0].sum() > 0
        } do: {
            [$0[0] * 2, $0[1] + 1]
        }
        #expect(state.map(\.spec) == [Spec([2, 3], .float32), Spec([], .int64)])
    }

    private func rule(_ body: () -> Tensor) -> String {
        let error = #expect(throws: ShapeError.self) { try checkShapes(body) }
        return error?.description ?? ""
    }

    @Test func whatDoesNotFitIsAnError() {
        let x = Tensor([1.0, 2])
        #expect(
            rule {
                Tensor.cond(x > 0, x) {
                    $0
                } else: {
                    $0
                }
            }
                == "cond on bool[2]: the predicate must be one element of bool; it is bool[2]. Compare (x > 0), or "
                + "reduce with any() or all()")
        #expect(
            rule {
                Tensor.cond(x.sum(), x) {
                    $0
                } else: {
                    $0
                }
            }.hasPrefix("cond on float32[]: the predicate must"))
        #expect(
            rule {
                Tensor.cond(Tensor.meta([2]).sum() > 0, x) {
                    $0
                } else: {
                    $0[0]
                }
            }
                == "cond: the branches must give tensors of the same number, shapes and dtypes; they give "
                + "[float32[2]] and [float32[]]")
        #expect(
            rule {
                Tensor.cond(Tensor(true)) {
                    $0
                } else: {
                    $0
                }.first ?? x
            }.contains("at least one tensor"))
        #expect(
            rule {
                Tensor.loop(x) {
                    $0.sum() > 0
                } do: {
                    $0.unsqueeze(0)
                }
            }
                == "loop: the body and the state before it must give tensors of the same number, shapes and dtypes; "
                + "they give [float32[1, 2]] and [float32[2]]")
        #expect(
            rule {
                Tensor.loop(x) {
                    $0 > 0
                } do: {
                    $0
                }
            }.contains("it is bool[2]"))
        #expect(
            rule {
                Tensor.loop(x, limit: -1) {
                    $0.sum() > 0
                } do: {
                    $0
                }
            }.contains("not -1"))
    }
}
