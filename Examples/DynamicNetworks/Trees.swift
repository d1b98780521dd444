import Hearth

/// A formula of true and false.
indirect enum Formula {
    case constant(Bool)
    case not(Formula)
    case and(Formula, Formula)
    case or(Formula, Formula)

    var value: Bool {
        switch self {
        case .constant(let value): value
        case .not(let x): !x.value
        case .and(let x, let y): x.value && y.value
        case .or(let x, let y): x.value || y.value
        }
    }

    static func random(depth: Int, _ generator: Generator) -> Formula {
        guard depth > 0 else { return .constant(generator.next(in: 0..<2) == 1) }
        func part() -> Formula { random(depth: depth - 1 - generator.next(in: 0..<depth), generator) }
        switch generator.next(in: 0..<3) {
        case 0: return .not(part())
        case 1: return .and(part(), part())
        default: return .or(part(), part())
        }
    }
}

/// Reads a formula from the leaves to the root, a layer for each operator.
final class FormulaNetwork: Module {
    let constants: Embedding
    let not, and, or, output: Linear

    init(features: Int, generator: Generator) {
        constants = Embedding(2, features, generator: generator)
        not = Linear(features, features, generator: generator)
        and = Linear(2 * features, features, generator: generator)
        or = Linear(2 * features, features, generator: generator)
        output = Linear(features, 2, generator: generator)
    }

    func callAsFunction(_ formula: Formula) -> Tensor { output(meaning(formula)) }

    private func meaning(_ formula: Formula) -> Tensor {
        switch formula {
        case .constant(let value): constants(Tensor(value ? 1 : 0))
        case .not(let x): not(meaning(x)).tanh()
        case .and(let x, let y): and(Tensor.cat([meaning(x), meaning(y)])).tanh()
        case .or(let x, let y): or(Tensor.cat([meaning(x), meaning(y)])).tanh()
        }
    }
}

package final class TreeExperiment {
    let network: FormulaNetwork
    private let generator: Generator

    package init(seed: UInt64) {
        generator = Generator(seed: seed)
        network = FormulaNetwork(features: 16, generator: generator)
    }

    package func train(steps: Int) -> [Double] {
        descend(Adam(network.parameters, lr: 0.01), steps: steps) {
            let (logits, labels) = batch(of: 16)
            return CrossEntropyLoss()(logits, labels)
        }
    }

    package func accuracy(on count: Int) -> Double {
        let (logits, labels) = noGrad { batch(of: count) }
        return (logits.argmax(dim: 1) == labels).to(.float32).mean().item()
    }

    private func batch(of count: Int) -> (logits: Tensor, labels: Tensor) {
        let formulas = (0..<count).map { _ in Formula.random(depth: 4, generator) }
        return (Tensor.stack(formulas.map { network($0) }), Tensor(formulas.map { $0.value ? 1 : 0 }))
    }
}
