/// The operators that Hearth computes. Adding one is adding a row to the table of its family, and its function.
enum OperatorTable {
    /// What computes an operator of a domain; nil for one that Hearth lacks.
    static func function(_ domain: String, _ name: String) -> OperatorFunction? { tables[domain]?[name] }

    private static let tables: [String: OperatorRows] = [
        "": merge(standard),
        "com.microsoft": merge(microsoft),
        "ai.onnx.preview": Attentions.previewRows,
    ]

    private static let standard: [OperatorRows] = [
        Arithmetic.rows, Functions.rows, Activations.rows, Conversions.rows, Reductions.rows, Shapes.rows,
        Constants.rows, Indexing.rows, Convolutions.rows, PoolOperators.rows, Normalisations.rows, Products.rows,
        RecurrentOperators.rows, Attentions.rows, Quantisation.rows, LossOperators.rows, Signals.rows, Resizing.rows,
        Regions.rows, ControlFlow.rows, Sequences.rows, RandomOperators.rows, Texts.rows, Pictures.rows,
        Microsoft.standardRows,
    ]

    private static let microsoft: [OperatorRows] = [Microsoft.rows, MicrosoftAttention.rows]

    private static func merge(_ families: [OperatorRows]) -> OperatorRows {
        families.reduce(into: [:]) { all, rows in all.merge(rows) { first, _ in first } }
    }
}
