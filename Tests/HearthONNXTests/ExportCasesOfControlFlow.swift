import HearthGraph
import HearthNN
import HearthTensor

/// Branches and loops: `If` and `Loop`.
let exportCasesOfControlFlow: [ExportCase] = [
    ExportCase("branches", [.normal("n", 4)]) { x in
        let (x, n) = (x[0], x[0].shape[0])
        // One predicate and its opposite, so that each run takes both branches.
        return [x.sum() > 0, x.sum() <= 0].flatMap { predicate in
            let y = Tensor.cond(predicate, x) {
                $0 * 2
            } else: {
                $0 - 1
            }
            let several = Tensor.cond(predicate.unsqueeze(0), [x, y]) { given in
                [given[0], given[1].argmax(dim: 1), given[0] > 0, x.reshape(n * 2, 2).sum(dim: 1)]
            } else: { given in
                [
                    given[1] + x.mean(), Tensor.arange(n), given[1] < given[0],
                    Tensor.zeros([n * 2]) + given[0].reshape(2, 2 * n)[1].flip(0).abs().min(),
                ]
            }
            return [y] + several + [several[0].matmul(x.transpose(0, 1))]
        }
    },
    ExportCase("loops", [.unit("n", 3)]) { x in
        let x = x[0]
        let w = Tensor([[0.5, 0.25, 0], [0.125, -0.5, 0.5], [0, 0.25, 0.75]])
        let state = Tensor.loop(x, Tensor(0)) {
            $0[1] < 4
        } do: {
            [($0[0].matmul(w) + x).tanh(), $0[1] + 1]
        }
        return state + [
            Tensor.loop(x) {
                $0.max() > 0.01
            } do: {
                $0 * 0.5
            },
            Tensor.loop(x, limit: 2) {
                $0.max(dim: 1).values.sum(dim: 0, keepDim: true) > 0
            } do: {
                $0 * 0.5
            },
            Tensor.loop(x, limit: x.shape[0]) { _ in
                Tensor(true)
            } do: {
                $0 + 1
            },
            Tensor.loop(x, limit: 3) {
                $0.sum() < 0
            } do: {
                $0 + 1
            },
        ]
    },
    ExportCase(
        "control_flow_inside", [.normal("n", 4)],
        module: {
            let generator = Generator(seed: 5)
            let model = Sequential {
                Linear(4, 8, generator: generator)
                ReLU()
                Linear(8, 4, generator: generator)
            }
            return ExportCase.Program(module: model) { given in
                let x = given[0]
                let y = Tensor.loop(x, Tensor(0)) {
                    $0[1] < 3
                } do: { state in
                    let inner = Tensor.cond(state[0].sum() > 0, state[0]) { z in
                        Tensor.loop(model(z), limit: 4) {
                            $0.abs().sum() > 2
                        } do: {
                            $0 * 0.5 - x * 0.01
                        }
                    } else: { z in
                        Tensor.cond(z.min() > -1, z) {
                            $0 + 1
                        } else: {
                            $0 - x.mean()
                        }
                    }
                    return [inner, state[1] + 1]
                }
                return [y[0], y[0] * x]
            }
        }),
]
