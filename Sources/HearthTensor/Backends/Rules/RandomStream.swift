/// A place in a Philox 4x32-10 sequence: element `i` is drawn from counter `offset + i / 4`, word `i % 4`.
package struct RandomStream: Sendable, Hashable {
    package var seed: UInt64
    package var offset: UInt64

    package init(seed: UInt64, offset: UInt64) { (self.seed, self.offset) = (seed, offset) }
}

extension RandomStream: AttributeRecord {
    var attributes: Attributes { ["seed": seed, "offset": offset] }

    init(_ attributes: Attributes) throws(AttributeError) {
        self.init(seed: try attributes["seed"], offset: try attributes["offset"])
    }
}
