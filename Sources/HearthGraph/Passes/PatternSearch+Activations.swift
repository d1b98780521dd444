import HearthTensor

extension PatternSearch {
    /// An activation that was taken apart.
    func activation(_ id: Int) -> FoundPattern? {
        guard isWide(id) else { return nil }
        let (number, values) = product(id)
        guard values.count == 2 else { return nil }
        for (x, other) in [(values[0], values[1]), (values[1], values[0])] {
            if number == 1, operands(other, of: "sigmoid") == [x] {
                return FoundPattern(name: "silu", operands: [x]) { $0[0].silu() }
            }
            guard number.isNearly(0.5), let (one, inner) = self.number(other, of: "add"), one == 1 else { continue }
            if let argument = operands(inner, of: "erf")?.first, isScaled(argument, x, by: 0.5.squareRoot()) {
                return FoundPattern(name: "gelu", operands: [x]) { $0[0].gelu() }
            }
            if let argument = operands(inner, of: "tanh")?.first, isArgumentOfTanh(argument, x) {
                return FoundPattern(name: "gelu_tanh", operands: [x]) { $0[0].gelu(approximate: .tanh) }
            }
        }
        return nil
    }

    private func isScaled(_ id: Int, _ x: Int, by factor: Double) -> Bool {
        let (number, values) = product(id)
        return values == [x] && number.isNearly(factor)
    }

    /// `sqrt(2 / pi) * (x + 0.044715 * x³)`, or `sqrt(2 / pi) * x * (1 + 0.044715 * x²)`.
    ///
    /// Source: Hendrycks, Gimpel, "Gaussian Error Linear Units", 2016.
    private func isArgumentOfTanh(_ id: Int, _ x: Int) -> Bool {
        let (number, values) = product(id)
        guard number.isNearly((2 / Double.pi).squareRoot()) else { return false }
        if values.count == 1, let terms = operands(values[0], of: "add") {
            return terms == [x, terms[1]] && isCubic(terms[1], x, 3)
                || terms == [terms[0], x] && isCubic(terms[0], x, 3)
        }
        guard values.count == 2, let other = values.first(where: { $0 != x }), values.contains(x),
            let (one, square) = self.number(other, of: "add")
        else { return false }
        return one == 1 && isCubic(square, x, 2)
    }

    private func isCubic(_ id: Int, _ x: Int, _ power: Int) -> Bool {
        let (number, values) = product(id)
        return number.isNearly(0.044715) && values == Array(repeating: x, count: power)
    }
}
