import HearthTensor

/// What the tests run for each operation of the golden file, by the operation's name there.
///
/// The families fill it in files of their own: `OperationTable+Elementwise.swift` and so on.
struct OperationTable: Sendable {
    typealias Body = @Sendable ([Tensor]) -> [Tensor]

    private(set) var bodies: [String: Body] = [:]

    /// Every operation.
    static let all = {
        var table = OperationTable()
        table.addFunctions()
        table.addActivations()
        table.addArithmetic()
        table.addScalars()
        table.addComparisons()
        table.addReductions()
        table.addNorms()
        table.addContractions()
        table.addViews()
        table.addSubscripts()
        table.addIndexing()
        table.addOrders()
        table.addCreation()
        return table
    }()

    /// Operations that need their operands one after another in memory.
    static let packedOnly: Set<String> = ["view 4,3"]

    mutating func many(_ name: String, _ body: @escaping Body) {
        precondition(bodies[name] == nil, "two closures for '\(name)'")
        bodies[name] = body
    }

    mutating func list(_ name: String, _ body: @escaping @Sendable (Tensor) -> [Tensor]) { many(name) { body($0[0]) } }

    mutating func pair(_ name: String, _ body: @escaping @Sendable (Tensor) -> (Tensor, Tensor)) {
        many(name) {
            let (x, y) = body($0[0])
            return [x, y]
        }
    }

    mutating func one(_ name: String, _ body: @escaping @Sendable ([Tensor]) -> Tensor) { many(name) { [body($0)] } }

    mutating func unary(_ name: String, _ body: @escaping @Sendable (Tensor) -> Tensor) { one(name) { body($0[0]) } }

    mutating func binary(_ name: String, _ body: @escaping @Sendable (Tensor, Tensor) -> Tensor) {
        one(name) { body($0[0], $0[1]) }
    }

    mutating func ternary(_ name: String, _ body: @escaping @Sendable (Tensor, Tensor, Tensor) -> Tensor) {
        one(name) { body($0[0], $0[1], $0[2]) }
    }
}
