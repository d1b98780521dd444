import HearthTensor

extension Module: CustomStringConvertible {
    /// The tree of modules with their options, in the words of PyTorch, so that the two can be compared line by line:
    ///
    ///     Sequential(
    ///       (0): Linear(in_features=784, out_features=128, bias=True)
    ///       (1): ReLU()
    ///     )
    ///
    /// A subclass says its options in `extraRepr`.
    public var description: String { description(inside: []) }

    /// The tree. A module that refers back to one of those it is `inside` of is left out there.
    private func description(inside owners: Set<ObjectIdentifier>) -> String {
        let owners = owners.union([ObjectIdentifier(self)])
        let computed = parametrizations.map { [(name: "parametrizations", module: $0 as Module)] } ?? []
        let children = (namedChildren + computed).filter { !owners.contains(ObjectIdentifier($0.module)) }
            .map { (name: $0.name, text: $0.module.description(inside: owners)) }
        let options = extraRepr.isEmpty ? [] : [extraRepr]
        if children.isEmpty { return "\(typeName)(\(extraRepr))" }
        let lines = options + (joinsEqualChildren ? Self.joined(children) : children.map { "(\($0.name)): \($0.text)" })
        return "\(typeName)(\n  " + lines.map { $0.replacing("\n", with: "\n  ") }.joined(separator: "\n  ") + "\n)"
    }

    /// The name of the type, without the types that it is generic over.
    private var typeName: String { String("\(type(of: self))".prefix { $0 != "<" }) }

    /// A line for each module, or for several equal ones in a row: `(0-5): 6 x Block(`.
    private static func joined(_ children: [(name: String, text: String)]) -> [String] {
        var lines: [String] = []
        var rest = children[...]
        while let first = rest.first {
            let run = rest.prefix { $0.text == first.text }
            rest = rest.dropFirst(run.count)
            lines.append(
                run.count == 1
                    ? "(\(first.name)): \(first.text)"
                    : "(\(first.name)-\(run[run.endIndex - 1].name)): \(run.count) x \(first.text)")
        }
        return lines
    }
}

/// How options look in PyTorch's descriptions: `"bias=\(py: true)"` is `bias=True`.
extension DefaultStringInterpolation {
    mutating func appendInterpolation(py value: Bool) { appendLiteral(value ? "True" : "False") }

    mutating func appendInterpolation(py value: (some Any)?) {
        if let value { appendInterpolation(value) } else { appendLiteral("None") }
    }

    /// `(3, 3)`, and `(3,)` for one number.
    mutating func appendInterpolation(tuple numbers: some Collection<Int>) {
        appendLiteral("(" + numbers.map(String.init).joined(separator: ", ") + (numbers.count == 1 ? ",)" : ")"))
    }

    /// One number that stands for all, `3`, or the numbers of each dimension, `(3, 5)`.
    mutating func appendInterpolation(sizes numbers: some Collection<Int>) {
        if let first = numbers.first, numbers.allSatisfy({ $0 == first }) {
            appendInterpolation(first)
        } else {
            appendInterpolation(tuple: numbers)
        }
    }
}

extension String {
    /// This text where the options are not PyTorch's default, nothing elsewhere.
    func unless(_ isDefault: Bool) -> String { isDefault ? "" : self }
}
