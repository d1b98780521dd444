extension Study {
    /// What the trials say about the parameters; of several directions the one with this index. Throws `StudyError`.
    public func analysis(direction index: Int = 0) throws -> Analysis {
        Analysis(try trials(), directions, direction: index)
    }
}
