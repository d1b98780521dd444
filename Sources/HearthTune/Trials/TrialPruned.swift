/// Thrown by `Trial.report` when the trial promises nothing. An objective lets it pass.
public struct TrialPruned: Error, Sendable, CustomStringConvertible {
    /// At which step.
    public let step: Int

    /// What has happened.
    public var description: String { "pruned at step \(step)" }
}
