extension Tensor {
    /// The state after a body has run on it as long as a condition holds: a loop that depends on data and is part of a
    /// traced program.
    ///
    ///     let results = Tensor.loop(x, Tensor(0)) { state in
    ///         state[1] < 10
    ///     } do: { state in
    ///         [state[0].matmul(w), state[1] + 1]
    ///     }
    ///
    /// Outside of a trace the condition is read before every turn, and both run as ordinary code: gradients flow through
    /// every turn, also to tensors from around the loop. A traced program (`Graph(of:inputs:)`) holds condition and body,
    /// each as a program of its own; ONNX calls this `Loop`. Where there are no elements, on `meta`, both are followed once.
    ///
    /// A condition that always holds makes a loop without an end, unless `limit` is given. PyTorch's
    /// `torch.while_loop`, JAX's `lax.while_loop`.
    /// - Parameters:
    ///   - state: What the loop begins with, at least one tensor.
    ///   - limit: The largest number of turns.
    ///   - condition: One element of dtype `bool`, for the state.
    ///   - body: The next state: as many tensors, with the shapes and dtypes of the state.
    public static func loop(
        _ state: Tensor..., limit: Int? = nil, while condition: ([Tensor]) throws -> Tensor,
        do body: ([Tensor]) throws -> [Tensor]
    ) rethrows -> [Tensor] { try loop(state, limit: limit, while: condition, do: body) }

    /// The same loop for one tensor.
    ///
    ///     let y = Tensor.loop(x) { x in x.norm() > 1 } do: { x in x / 2 }
    public static func loop(
        _ state: Tensor, limit: Int? = nil, while condition: (Tensor) throws -> Tensor,
        do body: (Tensor) throws -> Tensor
    ) rethrows -> Tensor {
        let results = try loop([state], limit: limit) {
            try condition($0[0])
        } do: {
            [try body($0[0])]
        }
        return results.first ?? state
    }

    /// The same loop for a list of tensors.
    public static func loop(
        _ state: [Tensor], limit: Int? = nil, while condition: ([Tensor]) throws -> Tensor,
        do body: ([Tensor]) throws -> [Tensor]
    ) rethrows -> [Tensor] {
        require(limit ?? 0 >= 0, "loop", "the limit is a number of turns, not \(limit ?? 0)")
        if let trace = Trace.following { return try traced(trace, state, limit, condition, body) }
        Trace.noteChoice(.loop(limit: limit))
        var (state, turns) = (state, 0)
        while turns < limit ?? .max {
            let holds = try condition(state)
            guard holds.isPredicate("loop") else { return state }
            if holds.hasElements, !holds.item(as: Bool.self) { break }
            let next = try body(state)
            requireSame("loop", "the body and the state before it", next, state)
            // Nothing is known on meta; and what does not fit must not go on for ever.
            if !holds.hasElements { return state.map { .meta($0.spec) } }
            guard next.map(\.spec) == state.map(\.spec) else { return state }
            (state, turns) = (next, turns + 1)
        }
        return state
    }

    private static func traced(
        _ trace: Trace, _ state: [Tensor], _ limit: Int?, _ condition: ([Tensor]) throws -> Tensor,
        _ body: ([Tensor]) throws -> [Tensor]
    ) rethrows -> [Tensor] {
        var captures: [TraceCapture] = []
        let specs = state.map(\.spec)
        let (first, holds) = try trace.part("while", specs, &captures) { [try condition($0)] }
        let (second, results) = try trace.part("do", specs, &captures, body)
        if holds[0].isPredicate("loop") { requireSame("loop", "the body and the state before it", results, state) }
        return trace.note(.loop(limit: limit), state, captures, [first, second], results: specs)
    }
}
