import HearthGraph
import HearthTensor

/// Programs of random operations on matrices, for what must hold of all graphs.
struct RandomProgram {
    /// The operations: functions of one or two earlier values, all of one shape.
    private enum Step {
        case unary(Int, of: Int)
        case binary(Int, of: Int, Int)
        case constant(Tensor)
        /// One of two programs on a value, and another value from outside.
        case choice(RandomProgram, RandomProgram, of: Int, Int)
        /// A program some times on a value, and another value from outside.
        case loop(RandomProgram, turns: Int, of: Int, Int)
    }

    private var steps: [Step] = []

    /// A program of `count` steps; the same for the same seed.
    /// - Parameter depth: How deep branches and loops lie inside each other.
    init(seed: UInt64, count: Int, depth: Int = 0) {
        let generator = Generator(seed: seed)
        for i in 0..<count {
            let values = i + 1
            if depth > 0, generator.next(in: 0..<4) == 0 {
                func inner() -> RandomProgram {
                    RandomProgram(seed: UInt64(generator.next(in: 0..<1_000_000)), count: 5, depth: depth - 1)
                }
                let operands = (generator.next(in: 0..<values), generator.next(in: 0..<values))
                steps.append(
                    generator.next(in: 0..<2) == 0
                        ? .choice(inner(), inner(), of: operands.0, operands.1)
                        : .loop(inner(), turns: generator.next(in: 0..<4), of: operands.0, operands.1))
                continue
            }
            switch generator.next(in: 0..<10) {
            case 0: steps.append(.constant(Tensor.randn([1, 6], dtype: .float64, generator: generator)))
            case 1...5:
                steps.append(.unary(generator.next(in: 0..<Self.unary.count), of: generator.next(in: 0..<values)))
            default:
                let operands = (generator.next(in: 0..<values), generator.next(in: 0..<values))
                steps.append(.binary(generator.next(in: 0..<Self.binary.count), of: operands.0, operands.1))
            }
        }
    }

    private static let unary: [@Sendable (Tensor) -> Tensor] = [
        { $0.relu() }, { $0.tanh() }, { $0.sigmoid() }, { -$0 }, { $0 * 1 }, { $0 + 0 }, { $0 * 0.5 + 0.25 },
        { $0.transpose(0, 1).transpose(0, 1) }, { $0.reshape([-1]).reshape($0.shape) }, { $0.softmax(dim: 1) },
        { $0 - $0.mean(dim: 1, keepDim: true) }, { $0.clamp(min: -1, max: 1) }, { $0.flip([1]) },
        { $0.unsqueeze(0).squeeze(0) }, { $0.expand(to: $0.shape).contiguous() }, { $0.gelu() },
    ]

    private static let binary: [@Sendable (Tensor, Tensor) -> Tensor] = [
        { $0 + $1 }, { $0 * $1 * 0.5 }, { $0 - $1 }, { Tensor.where($0 > $1, $0, $1) }, { $0.minimum($1) },
        { x, _ in x.maximum(Tensor(-0.5, dtype: .float64)).minimum(Tensor(0.75, dtype: .float64)) },
        { x, y in x.matmul(y.transpose(0, 1)).matmul(y) * 0.1 },
    ]

    /// The last values of the program, for a matrix of six columns.
    func callAsFunction(_ x: Tensor) -> [Tensor] {
        var values = [x]
        for step in steps {
            switch step {
            case .constant(let row): values.append(row.expand(to: x.shape))
            case .unary(let function, let operand): values.append(Self.unary[function](values[operand]))
            case .binary(let function, let a, let b): values.append(Self.binary[function](values[a], values[b]))
            case .choice(let first, let second, let a, let b):
                // A number that no rounding comes near.
                let results = Tensor.cond(values[a].mean() > 0.01371, [values[a]]) { given in
                    let all = first(given[0])
                    return [all[0] + values[b], all[1]]
                } else: { given in
                    let all = second(given[0])
                    return [all[1] * values[b] * 0.5, all[0]]
                }
                values += [results[0] - results[1] * 0.5]
            case .loop(let body, let turns, let a, let b):
                let results = Tensor.loop(values[a], Tensor(0)) { state in
                    state[1] < turns
                } do: { state in
                    [(body(state[0])[1] + values[b] * 0.25).tanh(), state[1] + 1]
                }
                values.append(results[0])
            }
        }
        return Array(values.suffix(2))
    }
}
