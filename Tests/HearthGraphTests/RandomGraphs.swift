import HearthGraph
import HearthTensor

/// Programs of random operations on matrices, for what must hold of all graphs.
struct RandomProgram {
    /// The operations: functions of one or two earlier values, all of one shape.
    private enum Step {
        case unary(Int, of: Int)
        case binary(Int, of: Int, Int)
        case constant(Tensor)
    }

    private var steps: [Step] = []

    /// A program of `count` steps; the same for the same seed.
    init(seed: UInt64, count: Int) {
        let generator = Generator(seed: seed)
        for i in 0..<count {
            let values = i + 1
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
            }
        }
        return Array(values.suffix(2))
    }
}
