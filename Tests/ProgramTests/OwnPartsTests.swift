import Foundation
import Hearth
import HearthVision
import Testing

// Everything that a program may bring of its own, each written as from outside the package, with Foundation beside.

/// x³, with its derivative.
struct Cube: TensorOperation {
    static let name = "cube"
    func result(of x: Operands) -> Spec { x[0].spec }
    func run(_ x: Operands, _ result: Spec, keeping kept: inout Kept) -> Tensor {
        kept.append(x[0])
        return x[0] * x[0] * x[0]
    }
    func gradient(_ g: Tensor, _ kept: Kept) -> Gradients { Gradients(g * 3 * kept[0] * kept[0]) }
}

/// Rows of a text, read when they are asked for.
struct TextRows: Dataset {
    struct BadRow: Error { let row: Int }
    let rows: [String]
    var count: Int { rows.count }

    func sample(at index: Int, random: Generator) throws(BadRow) -> (Tensor, Tensor) {
        let numbers = rows[index].split(separator: ",").compactMap { Float($0) }
        guard numbers.count == 3 else { throw BadRow(row: index) }
        return (Tensor(Array(numbers.prefix(2))), Tensor([numbers[2]]))
    }
}

/// The logarithm of the hyperbolic cosine.
struct LogCosh: Loss {
    func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor { (prediction - target).cosh().log().mean() }
}

/// The share of predictions that are near.
final class Near: Metric {
    let name = "near"
    private var (hits, count) = (0.0, 0.0)
    func update(_ output: Tensor, _ target: Tensor) {
        hits += ((output - target).abs() < 0.5).to(.float32).sum().item()
        count += Double(output.shape[0])
    }
    func compute() -> Double { hits / count }
    func reset() { (hits, count) = (0, 0) }
    var state: [Double] {
        get { [hits, count] }
        set { (hits, count) = (newValue[0], newValue[1]) }
    }
}

final class HalveEvery: LRScheduler {
    let epochs: Int
    init(_ optimizer: any Optimizer, epochs: Int) {
        self.epochs = epochs
        super.init(optimizer)
    }
    override func rates(isInitial: Bool) -> [Double] { baseLearningRates.map { $0 / Double(1 << (epoch / epochs)) } }
}

struct SignSGDOptions: GroupOptions {
    var lr = 0.01
    var maximize = false
    static let rows: [OptionRow<Self>] = [.init("lr", \.lr, .notNegative), .init("maximize", \.maximize)]
    func stateNames(for shape: Shape) -> [String] { ["steps"] }
}

final class SignSGD: GroupOptimizer<SignSGDOptions> {
    override func update(
        _ parameters: [Parameter], _ gradients: [Tensor], state: inout [[Tensor]], _ progress: inout Progress,
        _ options: SignSGDOptions
    ) {
        for (index, (parameter, gradient)) in zip(parameters, gradients).enumerated() {
            state[index][0] = state[index][0] + 1
            parameter.tensor = parameter.tensor.detach() - options.lr * gradient.sign()
        }
    }
}

final class Diary: TrainerCallback {
    private(set) var lines: [String] = []
    func epochEnds(_ trainer: Trainer, _ record: EpochRecord) {
        lines.append("epoch \(record.epoch): \(record.values.map(\.name))")
        if record.epoch == 4 { trainer.stop() }
    }
}

struct Invert: Transform {
    var isPixelwise: Bool { true }
    func callAsFunction(_ image: Tensor, random: Hearth.Generator) -> Tensor { 1 - image }
}

struct EverySecond: Sampler {
    let count: Int
    func order(_ generator: Generator) -> [Int] { (0..<count).map { 2 * $0 } }
}

/// A layer that is a function, with parameters in a structure.
final class Scaling: Module, Layer {
    struct Factors {
        @Param var gain = Tensor.ones(2)
        @Param var shift = Tensor.zeros(2)
    }
    let factors = Factors()
    func callAsFunction(_ x: Tensor) -> Tensor { x * factors.gain + factors.shift }
}

@Suite struct OwnPartsTests {
    @Test func anOperation() throws {
        let x = Tensor([2.0, -1.0], dtype: .float64).requiringGrad()
        let y = apply(Cube(), to: x)
        y.sum().backward()
        #expect(x.grad?.array(of: Double.self) == [12, 3])
        try gradientCheck([x.detach()], order: 2) { apply(Cube(), to: $0[0]) }
    }

    @Test func everythingElseInOneTraining() async throws {
        let rows = (0..<64).map { "\($0 % 8),\($0 / 8),\(0.5 * Double($0 % 8) - 0.25 * Double($0 / 8))" }
        let model = Sequential {
            Scaling()
            Linear(2, 1, generator: Hearth.Generator(seed: 12))
        }
        let optimizer = SignSGD(groups: [ParameterGroup(model.parameters, SignSGDOptions())])
        let schedule = HalveEvery(optimizer, epochs: 2)
        let diary = Diary()
        let trainer = Trainer(
            model, loss: LogCosh(), optimizer: optimizer, scheduler: schedule, metrics: [Near()])
        let loader = DataLoader(TextRows(rows: rows), batchSize: 8, sampler: EverySecond(count: 32))
        let history = try await trainer.fit(loader, epochs: 9, callbacks: [diary])
        #expect(diary.lines.count == 4 && history.count == 4)
        #expect(history.map { $0["lr"]! } == [0.01, 0.01, 0.005, 0.005])
        #expect(history[3]["train_loss"]! < history[0]["train_loss"]!)
        #expect(model.namedParameters.map(\.name).prefix(2) == ["0.factors.gain", "0.factors.shift"])
        #expect(try model.summary(input: [8, 2]).parameters == 7)
        #expect(optimizer.state.parameters[0]?.tensors["steps"]?.max().item() == 16)
        await #expect(throws: TextRows.BadRow.self) {
            try await trainer.fit(DataLoader(TextRows(rows: ["1,2,3", "1,2"]), batchSize: 2), epochs: 10)
        }
    }

    @Test func aTransform() {
        let picture = Tensor([[[0, 255]]], dtype: .uint8)
        #expect(Compose(ToTensor(), Invert())(picture).array(of: Float.self) == [1, 0])
    }
}
