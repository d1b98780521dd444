/// Which elements share a mean and a variance: a tensor seen as `[batches, count, length]`, where each of the `count`
/// groups takes all batches together.
///
/// Batch normalisation of `[N, C, H, W]` has N batches, C groups and length H W; layer normalisation of `[N, F]` has
/// one batch, N groups and length F.
struct Groups: Sendable, Hashable {
    let batches: Int
    let count: Int
    let length: Int
    /// True when weight and bias have an element for each place in a group, not for each group.
    let affineAlong: Bool

    /// The elements of a group.
    var size: Int { batches * length }

    /// The shape in which statistics lie along the groups of a tensor.
    var blocks: Shape { [batches, count, length] }
}
