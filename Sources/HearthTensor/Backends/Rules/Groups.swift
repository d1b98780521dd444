/// Which elements share a mean and a variance: a tensor seen as `[batches, count, length]`, where each of the `count`
/// groups takes all batches together; and which share an element of weight and bias.
///
/// Batch normalisation of `[N, C, H, W]` has N batches, C groups and length H W; layer normalisation of `[N, F]` has
/// one batch, N groups and length F; group normalisation has one batch, N G groups, and a weight for each channel in them.
package struct Groups: Sendable, Hashable {
    let batches: Int
    let count: Int
    let length: Int
    let affine: Affine

    /// Where weight and bias have their elements.
    enum Affine: Sendable, Hashable {
        /// For each place in a group, the same for all groups.
        case places
        /// For each of the `parts` that every group is divided into; after `cycle` groups they begin anew.
        case parts(Int, cycle: Int)
    }

    init(batches: Int, count: Int, length: Int, affine: Affine) {
        self.batches = batches
        self.count = count
        self.length = length
        self.affine = affine
    }

    /// The elements of a group.
    var size: Int { batches * length }

    /// The shape in which statistics lie along the groups of a tensor.
    var blocks: Shape { [batches, count, length] }

    /// The elements of weight and bias.
    var affineCount: Int {
        switch affine {
        case .places: length
        case .parts(let parts, let cycle): parts * cycle
        }
    }

    /// The shape in which the tensor's elements meet those of weight and bias, which have `affinePlaces`.
    var affineBlocks: Shape {
        switch affine {
        case .places: [batches, count, length]
        case .parts(let parts, let cycle):
            [batches, count / Swift.max(cycle, 1), cycle, parts, length / Swift.max(parts, 1)]
        }
    }

    /// Weight and bias along `affineBlocks`.
    var affinePlaces: Shape {
        switch affine {
        case .places: [1, 1, length]
        case .parts(let parts, let cycle): [1, 1, cycle, parts, 1]
        }
    }

    /// The dimensions of `affineBlocks` that share an element of weight and bias.
    var affineShared: [Int] {
        switch affine {
        case .places: [0, 1]
        case .parts: [0, 1, 4]
        }
    }
}

extension Groups: AttributeRecord {
    /// The parts and their cycle are 0 where weight and bias have an element for each place.
    var attributes: Attributes {
        var (parts, cycle) = (0, 0)
        if case .parts(let count, let length) = affine { (parts, cycle) = (count, length) }
        return ["batches": batches, "count": count, "length": length, "parts": parts, "cycle": cycle]
    }

    init(_ attributes: Attributes) throws(AttributeError) {
        let (parts, cycle): (Int, Int) = (try attributes["parts"], try attributes["cycle"])
        self.init(
            batches: try attributes["batches"], count: try attributes["count"], length: try attributes["length"],
            affine: parts == 0 && cycle == 0 ? .places : .parts(parts, cycle: cycle))
    }
}
