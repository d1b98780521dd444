import Hearth

/// How far the results of two programs are apart on the same inputs.
package struct ProgramComparison {
    /// One result of both.
    package struct Row {
        package let name: String
        package let type: String
        /// The largest difference of two elements; infinite where only one of them is a number.
        package let largest: Double
        /// The largest element of the first, to hold the difference against.
        package let scale: Double
    }

    package let rows: [Row]

    /// Runs both on the same inputs: by name, or where the names differ in their order. Results are compared in the same
    /// way. Throws `RunError` when they have other numbers or shapes of inputs or results.
    package init(_ a: Program, _ b: Program, _ inputs: [String: Tensor]) throws {
        guard a.inputs.count == b.inputs.count, a.outputs.count == b.outputs.count else {
            throw RunError(
                "'\(a.path)' takes \(a.inputs.count) and gives \(a.outputs.count) tensors, '\(b.path)' "
                    + "\(b.inputs.count) and \(b.outputs.count)")
        }
        let hasSameNames = Set(a.inputs.map(\.name)) == Set(b.inputs.map(\.name))
        let others =
            hasSameNames
            ? inputs
            : Dictionary(
                zip(a.inputs, b.inputs).compactMap { first, second in inputs[first.name].map { (second.name, $0) } }
            ) { first, _ in first }
        let (x, y) = (try a.run(inputs), try b.run(others))
        let byName = Dictionary(y.map { ($0.name, $0.value) }) { first, _ in first }
        let matches = x.allSatisfy { byName[$0.name] != nil }
        rows = try x.enumerated().map { i, result in
            try Row(result.name, result.value.tensor, (matches ? byName[result.name]! : y[i].value).tensor)
        }
    }

    /// True when no difference is larger than `tolerance`, and that part of the largest element.
    package func isWithin(_ tolerance: Double) -> Bool {
        rows.allSatisfy { $0.largest <= tolerance * max(1, $0.scale) }
    }
}

extension ProgramComparison.Row {
    fileprivate init(_ name: String, _ a: Tensor?, _ b: Tensor?) throws {
        guard let a, let b, a.shape == b.shape else {
            throw RunError(
                "'\(name)' is \(a.map { "\($0.spec)" } ?? "no tensor") in the one and \(b.map { "\($0.spec)" } ?? "no tensor") in the other"
            )
        }
        let (x, y) = (a.to(.float64).reshape([-1]), b.to(.float64).reshape([-1]))
        var (largest, scale) = (0.0, 0.0)
        for (first, second) in zip(x.array(of: Double.self), y.array(of: Double.self)) {
            scale = max(scale, first.isFinite ? abs(first) : 0)
            if first == second || first.isNaN && second.isNaN { continue }
            let difference = abs(first - second)
            largest = difference.isNaN ? .infinity : max(largest, difference)
        }
        self.init(name: name, type: "\(a.spec)", largest: largest, scale: scale)
    }
}
