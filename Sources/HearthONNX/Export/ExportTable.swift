/// Adds the nodes that compute what an operation does, and gives the value of its result.
typealias ExportRule = @Sendable (ExportNode) throws -> ExportValue

/// How each operation is written in ONNX's operators: a row for each name, one family a file.
package enum ExportTable {
    /// The names of the operations that can be exported.
    package static var operations: Set<String> { Set(rules.keys).subtracting(controlFlow.keys) }

    static let rules: [String: ExportRule] = {
        let families = [
            unary, binary, conversions, reductions, orders, views, reshapes, indexing, joins, products, convolutions,
            pools, resampling, normalisations, softmaxes, attention, recurrent, sources, randomness, losses,
            controlFlow,
        ]
        return families.reduce(into: [:]) { rules, family in
            rules.merge(family) { _, _ in preconditionFailure("two rows for one operation") }
        }
    }()
}
