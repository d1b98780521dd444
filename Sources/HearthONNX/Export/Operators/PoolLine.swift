import HearthGraph

/// One dimension of an operation that pools.
struct PoolLine {
    /// The attribute itself.
    let argument: GraphAttribute
    let size: Size
    /// How many pools cover the dimension, where they are made to; nil for windows and tables.
    let outputs: Int?
    private let rule: Rule?
    private let listed: (start: [Int], end: [Int], step: Int)?

    private struct Rule {
        let kernel, stride, padding, dilation, divisor: Int
        let ceil, countsPadding: Bool
    }

    static func lines(_ n: ExportNode) throws -> [PoolLine] {
        guard case .list(let arguments) = try n.arguments.record("pools").argument("lines") else {
            throw n.error("a list of dimensions", "another attribute")
        }
        return try arguments.map { argument in
            guard case .record(let fields) = argument else { throw n.error("a rule of pools", "\(argument)") }
            return try PoolLine(argument, ExportArguments(fields))
        }
    }

    private init(_ argument: GraphAttribute, _ fields: ExportArguments) throws {
        self.argument = argument
        size = try fields.size("size")
        outputs = fields.has("outputs") ? try fields.int("outputs") : nil
        listed =
            fields.has("start")
            ? (try fields.ints("start"), try fields.ints("end"), try fields.int("step")) : nil
        rule =
            fields.has("kernel")
            ? Rule(
                kernel: try fields.int("kernel"), stride: try fields.int("stride"), padding: try fields.int("padding"),
                dilation: try fields.int("dilation"), divisor: try fields.int("divisor"),
                ceil: try fields.bool("ceil"), countsPadding: try fields.bool("countsPadding")) : nil
    }

    /// True when one pool takes all elements.
    var isWhole: Bool { outputs == 1 }

    /// The windows of one size that the pools are, in ONNX's terms; nil when they are not.
    func window(isMax: Bool) -> PoolWindow? {
        if let outputs, let size = size.fixed, outputs > 0, size % outputs == 0 {
            return PoolWindow(kernel: size / outputs, stride: size / outputs)
        }
        guard let rule else { return nil }
        var window = PoolWindow(
            kernel: rule.kernel, stride: rule.stride, before: rule.padding, after: rule.padding,
            dilation: rule.dilation, countsPadding: rule.countsPadding && rule.padding > 0)
        if !isMax, rule.divisor > 0 {
            // Sums are means of as many elements everywhere only where all of a window counts.
            guard rule.padding == 0 || rule.countsPadding, !rule.ceil else { return nil }
            window.scale = Double(rule.kernel) / Double(rule.divisor)
        }
        guard rule.ceil else { return window }
        guard let size = size.fixed, let table else {
            window.ceil = true
            return isMax ? window : nil
        }
        // The padding that lets the last window fit, so that runtimes need not agree on rounding up.
        let reach = rule.dilation * (rule.kernel - 1) + 1
        let beyond = (table.count - 1) * rule.stride + reach - size - 2 * rule.padding
        window.after += max(beyond, 0)
        guard window.after < rule.kernel else { return nil }
        if beyond > 0, !isMax {
            guard rule.padding == 0 || !rule.countsPadding else { return nil }
            window.countsPadding = false
        }
        return window
    }

    /// Where each pool starts and ends; nil when it differs from run to run.
    var table: [(start: Int, end: Int, step: Int)]? {
        if let listed {
            return zip(listed.start, listed.end).map { (start: $0, end: $1, step: listed.step) }
        }
        guard let size = size.fixed else { return nil }
        if let outputs {
            return (0..<outputs).map { o in
                (start: o * size / outputs, end: ((o + 1) * size + outputs - 1) / outputs, step: 1)
            }
        }
        guard let rule else { return nil }
        let room = size + 2 * rule.padding - rule.dilation * (rule.kernel - 1) - 1
        var count = (rule.ceil ? room + rule.stride - 1 : room) / rule.stride + 1
        // The last window begins inside the plane or its padding before.
        if rule.ceil, (count - 1) * rule.stride >= size + rule.padding { count -= 1 }
        return (0..<max(count, 0)).map { o in
            let from = o * rule.stride - rule.padding
            let skipped = from < 0 ? (-from + rule.dilation - 1) / rule.dilation * rule.dilation : 0
            let end = min(from + (rule.kernel - 1) * rule.dilation + 1, size)
            return (start: from + skipped, end: end, step: rule.dilation)
        }
    }
}

/// A window that slides over one dimension, in the terms of ONNX's pools.
struct PoolWindow {
    let kernel: Int
    let stride: Int
    var before = 0
    var after = 0
    var dilation = 1
    var countsPadding = false
    var ceil = false
    /// What means are multiplied with.
    var scale = 1.0
}
