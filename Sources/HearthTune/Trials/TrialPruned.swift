/// Thrown by `Trial.report` when the trial promises nothing. An objective lets it pass.
public struct TrialPruned: Error, Sendable, CustomStringConvertible {
    /// At which step.
    public let step: Int

    package init(step: Int) { self.step = step }

    /// What has happened.
    public var description: String { "pruned at step \(step)" }
}
