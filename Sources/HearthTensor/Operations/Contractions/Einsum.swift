extension Tensor {
    /// Sums of products named by index letters, as in PyTorch and NumPy: `einsum("bij,bjk->bik", a, b)`.
    ///
    /// Letters that the right side leaves out are summed over; without `->` the letters that occur once are kept, in
    /// alphabetical order. `...` stands for dimensions that are broadcast. Operands are contracted from left to right,
    /// two at a time, each as one batched matrix product.
    public static func einsum(_ equation: String, _ operands: Tensor...) -> Tensor { einsum(equation, operands) }

    /// Sums of products of the tensors of an array; see `einsum(_:_:)`.
    public static func einsum(_ equation: String, _ operands: [Tensor]) -> Tensor {
        guard let first = operands.first else {
            stop("einsum", "at least one tensor is needed")
            return .meta([0])
        }
        let notation: EinsumNotation
        do {
            notation = try EinsumNotation(equation, ranks: operands.map(\.rank))
        } catch {
            return stop("einsum", operands.map(\.spec), error.rule, fallback: first)
        }
        var result = Labelled(first, notation.inputs[0])
        for i in 1..<Swift.max(operands.count, 1) where i < operands.count {
            let later = Set(notation.inputs[(i + 1)...].joined()).union(notation.output)
            result = result.contracted(with: Labelled(operands[i], notation.inputs[i]), keeping: later)
        }
        return result.arranged(as: notation.output)
    }
}

/// The letters of an einsum equation; the dimensions under `...` become letters of their own.
private struct EinsumNotation {
    var inputs: [[Character]] = []
    var output: [Character] = []

    init(_ equation: String, ranks: [Int]) throws(ShapeError) {
        let text = equation.filter { $0 != " " }
        let sides = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard terms.count == ranks.count, sides.count == 1 || sides[1].first == ">" else {
            throw ShapeError("'\(equation)' names \(terms.count) operands; \(ranks.count) were given")
        }
        var dots = 0
        for (term, rank) in zip(terms, ranks) {
            let letters = term.filter { $0 != "." }.count
            let hidden = term.contains("...") ? rank - letters : 0
            guard hidden >= 0, letters + hidden == rank else {
                throw ShapeError("'\(term)' in '\(equation)' names \(letters) dimensions of a tensor with \(rank)")
            }
            dots = max(dots, hidden)
            inputs.append(Self.letters(term, hidden: hidden))
        }
        if sides.count > 1 {
            output = Self.letters(String(sides[1].dropFirst()), hidden: sides[1].contains("...") ? dots : 0)
        } else {
            let all = inputs.joined()
            let once = Set(all.filter { $0.isLetter }).filter { letter in all.filter { $0 == letter }.count == 1 }
            output = Self.letters("...", hidden: dots) + once.sorted()
        }
        let known = Set(inputs.joined())
        guard output.allSatisfy(known.contains), Set(output).count == output.count else {
            throw ShapeError("the right side of '\(equation)' must name each of its letters once, all from the left")
        }
    }

    /// The dimensions under `...` are numbered from the last, so that operands of different rank are aligned.
    private static func letters(_ term: String, hidden: Int) -> [Character] {
        guard let start = term.firstIndex(of: ".") else { return Array(term) }
        let digits = stride(from: hidden, to: 0, by: -1).map { Character(String($0)) }
        return Array(term[..<start]) + digits + Array(term[start...].drop { $0 == "." })
    }
}

/// A tensor whose dimensions have letters.
private struct Labelled {
    var tensor: Tensor
    var labels: [Character]

    init(_ tensor: Tensor, _ labels: [Character]) {
        self.tensor = tensor
        self.labels = labels
        // A letter twice in one operand means its diagonal.
        while let (i, j) = repeated() {
            let letter = self.labels[i]
            self.tensor = self.tensor.diagonal(dim1: i, dim2: j)
            self.labels.remove(at: j)
            self.labels.remove(at: i)
            self.labels.append(letter)
        }
    }

    private func repeated() -> (Int, Int)? {
        for i in labels.indices {
            if let j = labels[(i + 1)...].firstIndex(of: labels[i]) { return (i, j) }
        }
        return nil
    }

    private func size(_ letter: Character) -> Int { labels.firstIndex(of: letter).map { tensor.shape[$0] } ?? 1 }

    /// This tensor with its dimensions in the order of `order`, all others summed, missing ones of size 1.
    func arranged(as order: [Character]) -> Tensor {
        let extra = labels.indices.filter { !order.contains(labels[$0]) }
        let x = extra.isEmpty ? tensor : tensor.sum(dims: extra)
        let left = labels.filter(order.contains)
        let present = order.filter(left.contains)
        let y = x.permute(Dimensions(present.map { left.firstIndex(of: $0)! }))
        return y.reshape(Shape(order.map { size($0) }))
    }

    /// The product with another operand, summed over the letters that neither later operands nor the result have.
    func contracted(with other: Labelled, keeping later: Set<Character>) -> Labelled {
        let shared = labels.filter { other.labels.contains($0) }
        let batch = shared.filter(later.contains)
        // A size of 1 against another is broadcast, so it cannot be an inner size of a matrix product.
        let inner = shared.filter { !later.contains($0) && size($0) == other.size($0) }
        let odd = shared.filter { !later.contains($0) && size($0) != other.size($0) }
        let mine = labels.filter { !shared.contains($0) && later.contains($0) }
        let theirs = other.labels.filter { !shared.contains($0) && later.contains($0) }
        let left = arranged(as: batch + odd + mine + inner)
        let right = other.arranged(as: batch + odd + inner + theirs)
        let lead = batch.count + odd.count
        func fold(_ x: Tensor, _ first: Int, _ second: Int) -> Tensor {
            let sizes = Array(x.shape)
            let rows = sizes[lead..<(lead + first)].reduce(1, *)
            let columns = sizes[(lead + first)..<(lead + first + second)].reduce(1, *)
            return x.reshape(Shape(sizes[..<lead] + [rows, columns]))
        }
        let product = fold(left, mine.count, inner.count).matmul(fold(right, inner.count, theirs.count))
        let sizes =
            Array(product.shape.prefix(lead)) + mine.map { size($0) } + theirs.map { other.size($0) }
        let result = product.reshape(Shape(sizes))
        let summed = odd.isEmpty ? result : result.sum(dims: Array(batch.count..<lead))
        return Labelled(summed, batch + mine + theirs)
    }
}
