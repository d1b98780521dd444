import HearthTensor

/// Collects what a graph inside a node gives while it becomes a part of a traced program.
final class TracedResults {
    private let n: NodeContext
    /// The declared types of what it gave last.
    private(set) var types: [ElementType] = []

    init(_ n: NodeContext) { self.n = n }

    /// The tensors in these values.
    func tensors(_ values: [Value]) throws -> [Tensor] {
        types = values.map(\.elementType)
        return try values.map { value in
            guard let tensor = value.tensor else {
                throw n.error("tensors from a branch that depends on data", "others")
            }
            return tensor
        }
    }
}

/// A loop of a model that becomes a loop of the program that is traced: its state has the same types in every turn. What
/// turns give one by one is written into a tensor that is made before, so their number must be known then.
struct TracedLoop {
    private let n: NodeContext

    init(_ n: NodeContext) { self.n = n }

    /// What one turn gives.
    private struct Turn {
        /// Whether another one follows; nil when it always does.
        let goesOn: Tensor?
        let states: [Value]
        /// What is put beside the same of other turns.
        let scanned: [Value]
    }

    /// The operator `Loop`.
    func loop(_ body: Graph, _ start: [Value?]) throws -> [Value] {
        let (count, first) = (try n.optional(0), try n.optional(1)?.asPredicate)
        let states = try values(start)
        let isConditional = first != nil
        return try run(
            states, count: count.map { try Count($0, n) } ?? .unknown, goesOn: first
        ) { number, goesOn, states in
            let given = [Value.tensor(number, .int64), .tensor(goesOn, .bool)] + states
            let results = try n.run(body, given)
            let flag = isConditional ? try TracedResults(n).tensors([results[0]])[0].asPredicate : nil
            return Turn(
                goesOn: flag, states: Array(results[1..<(states.count + 1)]),
                scanned: Array(results.dropFirst(states.count + 1)))
        }
    }

    /// The operator `Scan`.
    /// - Parameters:
    ///   - sources: What each turn is given a piece of, along an axis.
    ///   - outputs: Where the pieces of turns stand in the results.
    func scan(
        _ body: Graph, _ start: [Value?], _ sources: [(tensor: Tensor, axis: Int, type: ElementType)],
        outputs: [(axis: Int, isReversed: Bool)]
    ) throws -> [Value] {
        let length = sources.first.map { $0.tensor.shape[$0.axis] } ?? 0
        let states = try values(start)
        let results = try run(states, count: .known(length), goesOn: nil) { number, _, states in
            let pieces = sources.map { source -> Value in
                let piece = source.tensor.indexSelect(source.axis, number.reshape([1])).squeeze(source.axis)
                return .tensor(piece, source.type)
            }
            let results = try n.run(body, states + pieces)
            return Turn(
                goesOn: nil, states: Array(results.prefix(states.count)),
                scanned: Array(results.dropFirst(states.count)))
        }
        return try results.enumerated().map { i, value in
            guard i >= states.count, case .tensor(let tensor, let type) = value else { return value }
            let (axis, isReversed) = outputs[i - states.count]
            let ordered = isReversed ? tensor.flip(0) : tensor
            return .tensor(ordered.moveDim(0, to: try n.axis(axis, rank: tensor.rank)), type)
        }
    }

    // MARK: Turns

    /// How many turns there are at most.
    private enum Count {
        case unknown
        case known(Int)
        case data(Tensor)

        init(_ tensor: Tensor, _ n: NodeContext) throws {
            try n.check(tensor.count == 1 && tensor.dtype.isInteger, "one integer", "\(tensor.spec)")
            self = tensor.hasElements ? .known(Int(tensor)) : .data(tensor.reshape([]))
        }
    }

    private func values(_ states: [Value?]) throws -> [Value] {
        try states.map { state in
            guard let state, state.tensor != nil else { throw n.error("tensors as the state", "others") }
            return state
        }
    }

    private func run(
        _ states: [Value], count: Count, goesOn first: Tensor?,
        turn: (_ number: Tensor, _ goesOn: Tensor, _ states: [Value]) throws -> Turn
    ) throws -> [Value] {
        let (zero, yes) = (Tensor(0, device: .cpu), Tensor(true, device: .cpu))
        // One turn of which nothing is known tells the types, and whether the body computes its condition.
        let unknown = try TracedResults(n).tensors(states).map { Tensor.placeholder($0.spec) }
        let trial = try turn(
            .placeholder(zero.spec), yes, zip(unknown, states).map { .tensor($0, $1.elementType) })
        let isConditional = [first, trial.goesOn].contains { $0.map { !$0.hasElements || $0.item() == 0 } ?? false }
        let lists = try trial.scanned.map { try list(of: $0, count, isConditional) }
        let types = states.map(\.elementType)
        let flags = isConditional ? [first ?? yes] : []
        let (stateEnd, flagEnd) = (1 + flags.count + states.count, 1 + flags.count)
        let tensors = try TracedResults(n).tensors(states)
        var limit: Int?
        if case .known(let number) = count { limit = max(number, 0) }
        let results = try Tensor.loop([zero] + flags + tensors + lists, limit: limit) { all in
            let goesOn = isConditional ? all[1] : yes
            if case .data(let number) = count { return (all[0] < number.to(.int64)).logicalAnd(goesOn) }
            return goesOn
        } do: { all in
            let given = zip(all[flagEnd..<stateEnd], types).map { Value.tensor($0, $1) }
            let next = try turn(all[0], isConditional ? all[1] : yes, given)
            let scanned = zip(all[stateEnd...], try TracedResults(n).tensors(next.scanned)).map { list, piece in
                list.indexCopy(0, all[0].reshape([1]), piece.unsqueeze(0))
            }
            return try [all[0] + 1] + (isConditional ? [next.goesOn ?? yes] : [])
                + TracedResults(n).tensors(next.states) + scanned
        }
        return zip(results[flagEnd...], types + trial.scanned.map(\.elementType)).map { .tensor($0, $1) }
    }

    /// The tensor that the pieces of all turns are written into.
    private func list(of piece: Value, _ count: Count, _ isConditional: Bool) throws -> Tensor {
        guard case .known(let number) = count, !isConditional else {
            throw n.error("a number of turns that is known before the model runs", "one that depends on data")
        }
        guard let tensor = piece.tensor else { throw n.error("tensors from a turn", "others") }
        let shape = try n.shape([max(number, 0)] + Array(tensor.shape), tensor.dtype)
        return Tensor.zeros(shape, dtype: tensor.dtype, device: .cpu)
    }
}

extension Tensor {
    /// One truth value of any shape and type as a predicate.
    var asPredicate: Tensor { (dtype == .bool ? self : self != 0).reshape([]) }
}
