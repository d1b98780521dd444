import HearthTensor

/// Where the random numbers of one run begin: what a traced program counts its draws from, generator by generator.
struct RandomBase {
    private let starts: [RandomStream]

    /// The next blocks of generators.
    init(drawing sources: [(generator: Generator, blocks: Int)]) {
        starts = sources.map { $0.generator.take(4 * max($0.blocks, 0)) }
    }

    /// The next blocks of the default generator.
    static func drawn(_ blocks: Int) -> RandomBase { RandomBase(drawing: [(.default, blocks)]) }

    /// A place in the numbers of the program's generator `source` as a place in this run's.
    func place(_ source: Int, _ offset: Int) -> AttributeValue {
        let start = starts.indices.contains(source) ? starts[source] : RandomStream(seed: 0, offset: 0)
        return .record(["seed": start.seed, "offset": start.offset &+ UInt64(bitPattern: Int64(offset))])
    }

    /// The seed by which a program calls its generator `source`.
    static func seed(_ source: Int) -> UInt64 { Trace.seed + UInt64(source) }

    /// The generator that a program calls by this seed; nil for the seed of no generator of a program.
    static func source(_ seed: Int) -> Int? {
        let source = seed &- Int(Trace.seed)
        return (0..<sourceLimit).contains(source) ? source : nil
    }

    /// More generators than any program has.
    private static let sourceLimit = 1 << 16
}

extension GraphAttribute {
    /// Where in the program's random numbers it stands, if it is a place there: of which generator, and how many blocks after
    /// its beginning.
    var drawnPlace: (source: Int, offset: Size)? {
        guard case .record(let fields) = self, fields.map(\.name) == ["seed", "offset"],
            case .size(.fixed(let seed)) = fields[0].value, let source = RandomBase.source(seed),
            case .size(let offset) = fields[1].value
        else { return nil }
        return (source, offset)
    }

    /// True when it is, or holds, a place in the program's random numbers.
    var isRandom: Bool {
        if drawnPlace != nil { return true }
        switch self {
        case .list(let values): return values.contains(where: \.isRandom)
        case .record(let fields): return fields.contains { $0.value.isRandom }
        default: return false
        }
    }
}
