/// A place in a Philox 4x32-10 sequence: element `i` is drawn from counter `offset + i / 4`, word `i % 4`.
package struct RandomStream: Sendable, Hashable {
    package var seed: UInt64
    package var offset: UInt64
    /// Which draw of a program that is traced it is, from 1; 0 for all others.
    package var draw = 0

    package init(seed: UInt64, offset: UInt64, draw: Int = 0) {
        (self.seed, self.offset, self.draw) = (seed, offset, draw)
    }
}

extension RandomStream: AttributeRecord {
    var attributes: Attributes {
        let place: Attributes = ["seed": seed, "offset": offset]
        return draw == 0 ? place : place.with("draw", draw)
    }

    package init(_ attributes: Attributes) throws(AttributeError) {
        self.init(seed: try attributes["seed"], offset: try attributes["offset"])
        if attributes.entries.count > 2 { draw = try attributes["draw"] }
    }
}
