extension Tensor {
    /// What one of two branches gives, chosen by a tensor: a choice that depends on data and is part of a traced program.
    ///
    ///     let y = Tensor.cond(x.sum() > 0, x) { x in
    ///         x * 2
    ///     } else: { x in
    ///         x - 1
    ///     }
    ///
    /// Outside of a trace the predicate is read and the branch runs as ordinary code, gradients included. A traced program
    /// (`Graph(of:inputs:)`) holds both branches, each as a program of its own, and chooses in every run; ONNX calls this
    /// `If`. Where there are no elements, on `meta`, both branches are followed.
    ///
    /// Branches may use tensors from around them: parameters, values computed before. What they compute gets out as their
    /// result alone. To choose element by element, use `where(_:_:_:)`. PyTorch's `torch.cond`, JAX's `lax.cond`.
    /// - Parameters:
    ///   - predicate: One element of dtype `bool`.
    ///   - x: What the branches are given.
    ///   - then: The branch for `true`.
    ///   - else: The branch for `false`; it must give the shape and dtype that `then` gives.
    public static func cond(
        _ predicate: Tensor, _ x: Tensor, then: (Tensor) throws -> Tensor, else: (Tensor) throws -> Tensor
    ) rethrows -> Tensor {
        try cond(predicate, [x]) {
            [try then($0[0])]
        } else: {
            [try `else`($0[0])]
        }[0]
    }

    /// What one of two branches gives, chosen by a tensor, for any number of tensors.
    ///
    ///     let results = Tensor.cond(loss < best, [loss, best]) { [$0[0], $0[1] - $0[0]] } else: { [$0[1], $0[1] * 0] }
    ///
    /// Both branches must give as many tensors, at least one, with the same shapes and dtypes.
    /// See `cond(_:_:then:else:)` for one tensor.
    public static func cond(
        _ predicate: Tensor, _ x: [Tensor] = [], then: ([Tensor]) throws -> [Tensor],
        else: ([Tensor]) throws -> [Tensor]
    ) rethrows -> [Tensor] {
        guard predicate.isPredicate("cond") else { return try then(x) }
        if let trace = Trace.following {
            var captures: [TraceCapture] = []
            let (specs, operands) = (x.map(\.spec), [predicate] + x)
            let (first, results) = try trace.part("then", specs, &captures, then)
            let (second, others) = try trace.part("else", specs, &captures, `else`)
            requireSame("cond", "the branches", results, others)
            return trace.note(.cond, operands, captures, [first, second], results: results.map(\.spec))
        }
        if predicate.hasElements {
            Trace.noteChoice(.cond)
            let results = try predicate.item(as: Bool.self) ? then(x) : `else`(x)
            requireSame("cond", "the branches", results, results)
            return results
        }
        let (results, others) = (try then(x), try `else`(x))
        requireSame("cond", "the branches", results, others)
        return results.map { .meta($0.spec) }
    }

    /// True for one element of dtype `bool`; stops otherwise.
    func isPredicate(_ operation: String) -> Bool {
        if dtype == .bool, count == 1 { return true }
        stop(
            operation, [spec],
            "the predicate must be one element of bool; it is \(spec). Compare (x > 0), or reduce with any() or all()")
        return false
    }

    /// Stops unless what was given two times has the same types, and at least one tensor.
    static func requireSame(_ operation: String, _ what: String, _ a: [Tensor], _ b: [Tensor]) {
        require(!a.isEmpty, operation, "\(what) must give at least one tensor")
        require(
            a.map(\.spec) == b.map(\.spec), operation,
            "\(what) must give tensors of the same number, shapes and dtypes; they give "
                + "[\(a.map(\.spec.description).joined(separator: ", "))] and "
                + "[\(b.map(\.spec.description).joined(separator: ", "))]")
    }
}
