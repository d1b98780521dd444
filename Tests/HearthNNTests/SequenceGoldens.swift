import GoldenSupport
import HearthFormats
import HearthTensor
import Testing

import HearthNN

/// A file of cases that `Tests/Goldens/make_sequences.py` writes: several results for each,
/// computed in float64 and rounded to float32.
struct SequenceGoldens: Sendable {
    private let state: StateDict
    /// The names of all cases.
    let names: [String]

    static let recurrent = SequenceGoldens("sequences")
    static let attention = SequenceGoldens("attention")
    static let parametrized = SequenceGoldens("parametrized")

    init(_ file: String) {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        do {
            let bytes = try Gzip.decompress(
                contentsOf: "/\(folder)/Goldens/\(file).safetensors.gz", limit: 1 << 24)
            state = StateDict(
                try Safetensors.read(bytes: bytes).map { name, tensor in
                    (name: name, tensor: (tensor.dtype.isFloatingPoint ? tensor.to(.float64) : tensor).to(.default))
                })
        } catch {
            fatalError("the golden file cannot be read: \(error)")
        }
        names = state.keys.filter { $0.hasSuffix("/out0") }.map { String($0.dropLast(5)) }.sorted()
    }

    /// The case's inputs, which ask for gradients where they can.
    func inputs(_ name: String) -> [Tensor] {
        tensors(name, "in").map { $0.dtype.isFloatingPoint ? $0.requiringGrad() : $0 }
    }

    /// PyTorch's results.
    func results(_ name: String) -> [Tensor] { tensors(name, "out") }

    /// Gives a module PyTorch's weights.
    func load(_ module: Module, _ name: String) throws {
        let prefix = "\(Self.base(name))/state/"
        try module.to(.float64).loadStateDict(
            StateDict(
                state.filter { $0.name.hasPrefix(prefix) }
                    .map { (name: String($0.name.dropFirst(prefix.count)), tensor: $0.tensor) }))
    }

    /// What comes before ` # `: the module that several cases share.
    static func base(_ name: String) -> String {
        let end = name.firstIndex(of: "#").map { name.index(before: $0) } ?? name.endIndex
        return String(name[..<end])
    }

    /// Compares results, and the gradients of inputs and parameters, with PyTorch's.
    func compare(_ name: String, _ inputs: [Tensor], _ results: [Tensor], _ module: Module? = nil) {
        let tolerance = Tolerance(double: 1.5e-7)
        let expected = self.results(name)
        #expect(results.count == expected.count, "\(name)")
        for (i, (result, golden)) in zip(results, expected).enumerated() {
            #expect(tolerance.difference(result, golden) == nil, "\(name)/out\(i)")
        }
        var wanted: [(name: String, tensor: Tensor)] = []
        for (i, input) in inputs.enumerated() where input.requiresGrad { wanted.append(("\(name)/grad\(i)", input)) }
        for (key, parameter) in module?.namedParameters ?? [] {
            wanted.append(("\(name)/stategrad/\(key)", parameter.tensor))
        }
        let outputs = results.filter(\.requiresGrad)
        guard !wanted.isEmpty, !outputs.isEmpty else { return }
        let gradients = grad(of: outputs, wrt: wanted.map(\.tensor), gradients: outputs.map(goldenWeights))
        for (gradient, (key, _)) in zip(gradients, wanted) {
            #expect(state[key].map { tolerance.difference(gradient, $0) } == .some(nil), "\(key)")
        }
    }

    private func tensors(_ name: String, _ part: String) -> [Tensor] {
        (0...).lazy.map { state["\(name)/\(part)\($0)"] }.prefix { $0 != nil }.map { $0! }
    }
}
