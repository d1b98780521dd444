import HearthTensor

/// The layers of a model with their output shapes and parameters.
public struct ModelSummary: CustomStringConvertible {
    /// One line of the table.
    public struct Row: Sendable {
        /// The layer's path and type: `fc1 (Linear)`.
        public let layer: String
        /// The shape of the result, with the batch dimension first.
        public let output: Shape
        /// The elements of the layer's own parameters, counted where the layer is used first.
        public let parameters: Int
    }

    /// The model's type.
    public let model: String
    /// The layers in the order in which they were called.
    public let rows: [Row]
    /// The elements of all parameters.
    public let parameters: Int
    /// The elements of the parameters that require a gradient.
    public let trainable: Int
    /// The bytes that the parameters take.
    public let byteCount: Int

    /// Keras's table, as wide as it needs to be.
    public var description: String { table(columns: .max) }

    /// Keras's table in lines of at most `columns` characters: long names are shortened, and where that is not enough each
    /// layer takes two lines.
    public func table(columns: Int) -> String {
        let cells = rows.map { ($0.layer, Self.shape($0.output), Self.grouped($0.parameters)) }
        let header = ("Layer (type)", "Output shape", "Param #")
        let all = [header] + cells
        let (shapes, counts) = (all.map(\.1.count).max() ?? 0, all.map(\.2.count).max() ?? 0)
        // Four bars and the spaces at their sides.
        let room = columns == .max ? Int.max : columns - shapes - counts - 10
        let lines =
            room < min(all.map(\.0.count).max() ?? 0, 16)
            ? cells.flatMap { [Self.shortened($0.0, columns), Self.shortened("  \($0.1)  \($0.2)", columns)] }
            : Self.table(all.map { (Self.shortened($0.0, room), $0.1, $0.2) }, shapes, counts)
        let totals = [
            " Total params: \(Self.grouped(parameters)) (\(Self.size(byteCount)))",
            " Trainable params: \(Self.grouped(trainable))",
            " Non-trainable params: \(Self.grouped(parameters - trainable))",
        ]
        return (["Model: \(model)"] + lines + totals).joined(separator: "\n")
    }

    /// The lines of the table; the first row is its header.
    private static func table(_ rows: [(String, String, String)], _ shapes: Int, _ counts: Int) -> [String] {
        let names = rows.map(\.0.count).max() ?? 0
        func line(_ left: String, _ middle: String, _ right: String) -> String {
            left + [names, shapes, counts].map { String(repeating: "─", count: $0 + 2) }.joined(separator: middle)
                + right
        }
        let texts = rows.map {
            "│ \(padded($0.0, names)) │ \(padded($0.1, shapes)) │ \(padded($0.2, counts, right: true)) │"
        }
        return [line("┌", "┬", "┐"), texts[0], line("├", "┼", "┤")] + texts.dropFirst() + [line("└", "┴", "┘")]
    }

    /// Text that is not longer, with the end kept, where the type stands.
    private static func shortened(_ text: String, _ length: Int) -> String {
        text.count <= length ? text : "…" + text.suffix(max(length - 1, 0))
    }

    private static func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: width - text.count)
        return right ? space + text : text + space
    }

    private static func shape(_ shape: Shape) -> String {
        "(" + (["None"] + shape.dropFirst().map(String.init)).joined(separator: ", ") + ")"
    }

    /// 101770 as `101,770`.
    package static func grouped(_ number: Int) -> String {
        var digits = String(number)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }

    private static func size(_ bytes: Int) -> String {
        func tenths(_ unit: Int) -> String {
            let value = (bytes * 100 + unit / 2) / unit
            return "\(value / 100).\(value % 100 < 10 ? "0" : "")\(value % 100)"
        }
        if bytes >= 1 << 20 { return tenths(1 << 20) + " MB" }
        return bytes >= 1 << 10 ? tenths(1 << 10) + " KB" : "\(bytes) B"
    }
}

extension Layer {
    /// The layers with their output shapes and parameters, for an input of `shape` (batch dimension first).
    ///
    /// The model is run on the `meta` device: nothing is computed and nothing changes. Throws a `ShapeError` when the
    /// input does not fit.
    public func summary(input shape: Shape, dtype: DType = .float32) throws -> ModelSummary {
        var rows: [ModelSummary.Row] = []
        var counted: Set<ObjectIdentifier> = []
        let parts = namedModules.filter { $0.module is any Layer && $0.module.namedChildren.isEmpty }
        let hooks = parts.map { path, module in
            module.registerForwardHook { module, _, y in
                let own = module.trainedParameters.filter { counted.insert(ObjectIdentifier($0.parameter)).inserted }
                let type = String(describing: Swift.type(of: module))
                rows.append(
                    ModelSummary.Row(
                        layer: path.isEmpty ? type : "\(path) (\(type))", output: y.shape,
                        parameters: own.reduce(0) { $0 + $1.parameter.count }))
            }
        }
        defer { for (part, hook) in zip(parts, hooks) { part.module.removeForwardHook(hook) } }
        try checkShapes { _ = observed(Tensor.meta(shape, dtype: dtype)) }
        return ModelSummary(
            model: String(describing: type(of: self)), rows: rows, parameters: parameterCount(),
            trainable: parameterCount(trainableOnly: true),
            byteCount: parameters.reduce(0) { $0 + $1.count * $1.dtype.byteCount })
    }
}
