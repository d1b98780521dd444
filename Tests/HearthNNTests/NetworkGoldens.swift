import GoldenSupport
import HearthFormats
import HearthTensor
import Testing

import HearthNN

/// The files that `Tests/Goldens/make_networks.py` writes.
enum NetworkGoldens {
    static let losses = read("losses")
    static let layers = read("layers")
    static let optimizers = read("optimizers")

    static func read(_ name: String) -> StateDict {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        do {
            return try StateDict(contentsOf: "/\(folder)/Goldens/\(name).safetensors").to(.default)
        } catch {
            fatalError("the golden file cannot be read: \(error)")
        }
    }

    /// The names of the cases in a file.
    static func cases(_ state: StateDict) -> [String] {
        state.keys.filter { $0.hasSuffix("/out0") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// The tensors `name/part0`, `name/part1`, ….
    static func tensors(_ state: StateDict, _ name: String, _ part: String) -> [Tensor] {
        (0...).lazy.map { state["\(name)/\(part)\($0)"] }.prefix { $0 != nil }.map { $0! }
    }

    /// Compares a result and its gradients with a case.
    static func compare(
        _ state: StateDict, _ name: String, _ inputs: [Tensor], _ result: Tensor, parameters: [String: Tensor] = [:],
        _ tolerance: Tolerance = Tolerance()
    ) {
        #expect(tolerance.difference(result, state["\(name)/out0"]!) == nil, "\(name)")
        var wanted: [(name: String, tensor: Tensor)] = []
        for (position, input) in inputs.enumerated() where input.requiresGrad {
            wanted.append(("\(name)/grad\(position)", input))
        }
        for (key, parameter) in parameters { wanted.append(("\(name)/stategrad/\(key)", parameter)) }
        guard !wanted.isEmpty else { return }
        let gradients = grad(of: [result], wrt: wanted.map(\.tensor), gradients: [goldenWeights(result)])
        for (gradient, (key, _)) in zip(gradients, wanted) {
            #expect(tolerance.difference(gradient, state[key]!) == nil, "\(key)")
        }
    }
}
