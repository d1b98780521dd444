import GoldenSupport
import HearthFormats
import HearthTensor

/// One case of a golden file: inputs, what PyTorch made of them, and the gradients of the inputs.
struct GoldenCase: Sendable {
    /// `softmax dim=1/f32 3x4`
    let name: String
    private(set) var inputs: [Tensor] = []
    private(set) var outputs: [Tensor] = []
    /// By the number of the input; nil where PyTorch has none.
    private(set) var gradients: [Int: Tensor] = [:]

    /// The cases of each operation that `make_operations.py` wrote.
    static let all = read("operations")
    /// Those that `make_windows.py` wrote.
    static let windows = read("windows")
    /// Those that `make_methods.py` wrote.
    static let methods = read("methods")
    /// Those that `make_edges.py` wrote.
    static let edges = read("edges")

    private static func read(_ file: String) -> [String: [GoldenCase]] {
        var cases: [String: GoldenCase] = [:]
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        do {
            let bytes = try Gzip.decompress(
                contentsOf: "/\(folder)/Goldens/\(file).safetensors.gz", limit: 1 << 24)
            for (name, tensor) in try Safetensors.read(bytes: bytes) {
                let parts = name.split(separator: "/")
                let id = parts.dropLast().joined(separator: "/")
                cases[id, default: GoldenCase(name: id)].add(String(parts.last!), tensor.to(.default))
            }
        } catch {
            fatalError("the golden file cannot be read: \(error)")
        }
        return Dictionary(grouping: cases.values) { String($0.name.split(separator: "/")[0]) }
    }

    private init(name: String) { self.name = name }

    private mutating func add(_ part: String, _ tensor: Tensor) {
        let number = Int(part.drop { $0.isLetter })!
        func put(_ list: inout [Tensor]) {
            while list.count <= number { list.append(tensor) }
            list[number] = tensor
        }
        switch part.prefix(while: \.isLetter) {
        case "in": put(&inputs)
        case "out": put(&outputs)
        default: gradients[number] = tensor
        }
    }
}

/// Ways in which the elements of one tensor may lie in memory.
enum MemoryLayoutOfInput: CaseIterable {
    /// One after another.
    case packed
    /// The first dimension fastest.
    case reversed
    /// With something else between any two.
    case stepped

    func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .packed: return x
        case .reversed:
            let order = Dimensions((0..<x.rank).reversed())
            return x.permute(order).contiguous().permute(order)
        case .stepped: return Tensor.stack([x, Tensor.ones(like: x)], dim: -1).select(-1, 0)
        }
    }
}

extension GoldenCase {
    /// What differs from PyTorch, in words; empty when nothing does.
    func differences(_ body: OperationTable.Body, _ layout: MemoryLayoutOfInput, _ allowed: Tolerance) -> [String] {
        let leaves = inputs.enumerated().map { position, x in
            gradients[position] == nil ? layout(x) : layout(x).detach().requiringGrad()
        }
        let results = body(leaves)
        guard results.count == outputs.count else {
            return ["\(name): \(results.count) results; expected \(outputs.count)"]
        }
        var found: [String] = []
        for (position, (result, expected)) in zip(results, outputs).enumerated() {
            found += allowed.difference(result, expected).map { ["\(name) \(layout) result \(position): \($0)"] } ?? []
        }
        guard !gradients.isEmpty, found.isEmpty else { return found }
        let wanted = gradients.keys.sorted()
        let differentiable = results.filter(\.requiresGrad)
        guard !differentiable.isEmpty else { return ["\(name): no result is differentiable"] }
        let computed = grad(
            of: differentiable, wrt: wanted.map { leaves[$0] }, gradients: differentiable.map { goldenWeights($0) })
        for (position, gradient) in zip(wanted, computed) {
            let difference = allowed.difference(gradient, gradients[position]!)
            found += difference.map { ["\(name) \(layout) gradient \(position): \($0)"] } ?? []
        }
        return found
    }
}
