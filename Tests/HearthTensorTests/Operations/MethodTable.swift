import HearthTensor

extension OperationTable {
    /// What the tests run for each operation of the golden file of methods, by the operation's name there.
    static let methods = {
        var table = OperationTable()
        table.addSpecialFunctions()
        table.addNumbers()
        table.addRunning()
        table.addQuantiles()
        table.addStatistics()
        table.addPlaces()
        table.addArrangements()
        table.addParts()
        table.addProducts()
        table.addSystems()
        table.addDecompositions()
        table.addMatrixFunctions()
        table.addSampling()
        return table
    }()
}
