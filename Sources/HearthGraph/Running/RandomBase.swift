import HearthTensor

/// Where the random numbers of one run begin: what a traced program counts its draws from.
struct RandomBase {
    let seed: UInt64
    let offset: UInt64

    /// The next blocks of the default generator.
    static func drawn(_ blocks: Int) -> RandomBase {
        let stream = Generator.default.take(4 * max(blocks, 0))
        return RandomBase(seed: stream.seed, offset: stream.offset)
    }

    /// The fields of a place in the program's sequence as a place in this run's.
    func place(_ offset: Int) -> AttributeValue {
        .record(["seed": seed, "offset": self.offset &+ UInt64(offset)])
    }
}

extension GraphAttribute {
    /// Where in the program's random numbers it stands, if it is a place there.
    var drawnOffset: Size? {
        guard case .record(let fields) = self, fields.map(\.name) == ["seed", "offset"],
            fields[0].value == .size(.fixed(Int(Trace.seed))), case .size(let offset) = fields[1].value
        else { return nil }
        return offset
    }

    /// True when it is, or holds, a place in the program's random numbers.
    var isRandom: Bool {
        if drawnOffset != nil { return true }
        switch self {
        case .list(let values): return values.contains(where: \.isRandom)
        case .record(let fields): return fields.contains { $0.value.isRandom }
        default: return false
        }
    }
}
