/// What one epoch has shown.
public struct EpochRecord: Sendable, Hashable {
    /// From 1.
    public var epoch: Int
    /// Values by name, in the order in which they are shown: `train_loss`, `val_loss`, `val_accuracy`.
    public var values: [(name: String, value: Double)]
    /// How long the epoch took, validation included.
    public var seconds: Double
    /// Training samples per second of training.
    public var samplesPerSecond: Double

    /// What one epoch has shown.
    public init(epoch: Int, values: [(name: String, value: Double)], seconds: Double, samplesPerSecond: Double) {
        (self.epoch, self.values) = (epoch, values)
        (self.seconds, self.samplesPerSecond) = (seconds, samplesPerSecond)
    }

    /// The value with this name.
    public subscript(name: String) -> Double? { values.first { $0.name == name }?.value }

    /// True when all values are equal.
    public static func == (a: Self, b: Self) -> Bool {
        a.epoch == b.epoch && a.values.elementsEqual(b.values, by: ==) && a.seconds == b.seconds
    }

    /// Feeds the epoch to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(epoch) }
}

/// The records of all epochs so far.
public typealias History = [EpochRecord]
