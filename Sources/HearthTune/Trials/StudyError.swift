/// An error of a study: a storage that cannot be used, a space that has no values, a name that is taken.
public struct StudyError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, with the name of the study or file.
    public let description: String
    /// Whether another program was in the way, so that a later try may do.
    var isBusy = false

    /// An error with this description.
    public init(_ description: String) { self.description = description }
}
