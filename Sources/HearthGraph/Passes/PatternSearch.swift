import HearthTensor

/// A graph in which patterns are sought.
package struct PatternSearch {
    let graph: Graph
    private let uses: [Int: Int]

    /// What is sought in a graph as it is now.
    package init(_ graph: Graph) { (self.graph, uses) = (graph, graph.useCounts) }

    /// The operands of a node's operation if it has this name.
    func operands(_ id: Int, of name: String) -> [Int]? {
        guard let (operation, operands) = graph.node(id)?.operation, operation.name == name else { return nil }
        return operands
    }

    /// The number and the other operand of a function that has this name with a number behind.
    func number(_ id: Int, of name: String) -> (number: Double, value: Int)? {
        guard let (operation, operands) = graph.node(id)?.operation, operation.name == name + ".scalar",
            operation["scalarFirst"] != .bool(true) || name == "add" || name == "mul",
            let number = operation["scalar"]?.double
        else { return nil }
        return (number, operands[0])
    }

    /// The value that is shown here, maybe many times.
    func shown(_ id: Int) -> Int { operands(id, of: "expand")?.first ?? id }

    /// What a value is the product of: a number, and other values, each as often as it is a factor. Products that are used
    /// elsewhere are factors themselves.
    func product(_ id: Int) -> (number: Double, values: [Int]) {
        var (number, values) = (1.0, [Int]())
        collect(id, &number, &values, depth: 0)
        return (number, values)
    }

    private static let deepestProduct = 8

    private func collect(_ id: Int, _ number: inout Double, _ values: inout [Int], depth: Int) {
        guard depth < Self.deepestProduct, depth == 0 || uses[id] == 1 else { return values.append(id) }
        if let factors = operands(id, of: "mul") {
            for factor in factors { collect(factor, &number, &values, depth: depth + 1) }
        } else if let (factor, value) = self.number(id, of: "mul") {
            number *= factor
            collect(value, &number, &values, depth: depth + 1)
        } else if let (divisor, value) = self.number(id, of: "div") {
            number /= divisor
            collect(value, &number, &values, depth: depth + 1)
        } else if let (exponent, value) = self.number(id, of: "pow"), exponent == 2 || exponent == 3 {
            values += Array(repeating: value, count: Int(exponent))
        } else if let value = operands(id, of: "square")?.first {
            values += [value, value]
        } else {
            values.append(id)
        }
    }

    /// The type of a value with 32 or 64 bits, in which patterns and what takes their place differ by rounding alone.
    func isWide(_ id: Int) -> Bool { [.float32, .float64].contains(graph.node(id)?.dtype) }
}

extension GraphAttribute {
    fileprivate var double: Double? {
        switch self {
        case .number(let number): number
        case .size(.fixed(let number)): Double(number)
        default: nil
        }
    }
}

extension Double {
    /// True when both are the same number to the precision in which files hold it.
    func isNearly(_ other: Double) -> Bool { abs(self - other) <= 1e-6 * abs(other) }
}
