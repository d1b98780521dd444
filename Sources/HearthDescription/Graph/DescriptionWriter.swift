/// Writes parts of a graph as a description, under the names of the modules that computed them where they have any.
struct DescriptionWriter {
    /// A layer, or layers in one, under a name.
    private struct Entry {
        var name: String?
        let content: Content

        indirect enum Content {
            case layer(WrittenLayer)
            case sequence([Entry])
            case join(Branches.Joining, [(name: String, entries: [Entry])])
        }

        /// What it is called when nothing gives it a name.
        var kind: String {
            switch content {
            case .layer(let layer): layer.kind.lowercased()
            case .sequence: "layers"
            case .join(let joining, _): joining.word
            }
        }
    }

    private var lines: [String] = []

    static func text(_ parts: [GraphPart]) -> String {
        var writer = DescriptionWriter()
        writer.lines.append("layers:")
        writer.write(entries(parts.map { ($0, $0.path) }), depth: 1)
        return writer.lines.joined(separator: "\n") + "\n"
    }

    // MARK: Names

    /// Parts with what is left of their paths, gathered by the first of their names.
    private static func entries(_ parts: [(part: GraphPart, rest: [String])]) -> [Entry] {
        var entries: [Entry] = []
        var index = 0
        while index < parts.count {
            let name = parts[index].rest.first
            var end = index + 1
            while name != nil, end < parts.count, parts[end].rest.first == name { end += 1 }
            let run = parts[index..<end]
            if run.count == 1, parts[index].rest.count <= 1 {
                entries.append(Entry(name: name, content: content(parts[index].part)))
            } else {
                let inner = run.map { (part: $0.part, rest: Array($0.rest.dropFirst())) }
                entries.append(Entry(name: name, content: .sequence(Self.entries(inner))))
            }
            index = end
        }
        return named(entries)
    }

    private static func content(_ part: GraphPart) -> Entry.Content {
        switch part {
        case .layer(let layer, _): return .layer(layer)
        case .join(let joining, let branches, let path):
            var taken: Set<String> = []
            let named = branches.enumerated().map { number, branch in
                let rests = branch.map { part in
                    Array(part.path.starts(with: path) ? part.path.dropFirst(path.count) : part.path[...])
                }
                let shared = rests.first?.first.flatMap { name in
                    rests.allSatisfy { $0.count > 1 && $0[0] == name } ? name : nil
                }
                let isOnly = branches.count == 2 && branches.contains(where: \.isEmpty)
                let fallback = branch.isEmpty ? "skip" : isOnly ? "body" : "branch\(number)"
                let name = shared.flatMap { taken.contains($0) || $0 == "dim" ? nil : $0 } ?? fallback
                let unique = taken.insert(name).inserted ? name : "\(name)_\(number)"
                let inner = zip(branch, rests).map {
                    (part: $0, rest: name == shared ? Array($1.dropFirst()) : $1)
                }
                return (name: unique, entries: entries(inner))
            }
            return .join(joining, named)
        }
    }

    /// Entries without names when these are their positions; otherwise each has one of its own.
    private static func named(_ entries: [Entry]) -> [Entry] {
        var entries = entries
        if entries.enumerated().allSatisfy({ $1.name == nil || $1.name == "\($0)" }) {
            for index in entries.indices { entries[index].name = nil }
            return entries
        }
        var taken = Set(entries.compactMap(\.name))
        var given: Set<String> = []
        for index in entries.indices {
            if let name = entries[index].name, given.insert(name).inserted { continue }
            let base = entries[index].name ?? entries[index].kind
            let name = ([base] + (1...entries.count).map { "\(base)_\($0)" }).first { !taken.contains($0) } ?? base
            taken.insert(name)
            given.insert(name)
            entries[index].name = name
        }
        return entries
    }

    // MARK: Lines

    private mutating func write(_ entries: [Entry], depth: Int) {
        let indent = String(repeating: "  ", count: depth)
        for entry in entries {
            switch entry.content {
            case .layer(let layer): lines.append(indent + Self.line(entry.name, layer))
            case .sequence(let inner): open(entry, "Sequential", inner, depth) { $0.write(inner, depth: $1) }
            case .join(let joining, let branches):
                open(entry, joining.word, [], depth) { writer, depth in
                    if case .concatenation(let dim) = joining, dim != 1 { writer.line("dim: \(dim)", depth) }
                    for branch in branches {
                        let name = Self.quoted(branch.name)
                        if branch.entries.isEmpty {
                            writer.line("\(name): []", depth)
                        } else {
                            writer.line("\(name):", depth)
                            writer.write(branch.entries, depth: depth + 1)
                        }
                    }
                }
            }
        }
    }

    private mutating func line(_ text: String, _ depth: Int) {
        lines.append(String(repeating: "  ", count: depth) + text)
    }

    /// The line or the two lines before what stands in a layer.
    private mutating func open(
        _ entry: Entry, _ kind: String, _ inner: [Entry], _ depth: Int,
        _ body: (inout DescriptionWriter, Int) -> Void
    ) {
        if let name = entry.name {
            line("\(Self.quoted(name)):", depth)
            line("\(kind):", depth + 1)
        } else {
            line("- \(kind):", depth)
        }
        body(&self, depth + 2)
    }

    private static func line(_ name: String?, _ layer: WrittenLayer) -> String {
        let value = layer.value.map { ": \($0)" } ?? ""
        guard let name else { return "- \(layer.kind)\(value)" }
        return "\(quoted(name)): " + (value.isEmpty ? layer.kind : "{\(layer.kind)\(value)}")
    }

    private static func quoted(_ name: String) -> String {
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "0123456789_".unicodeScalars.contains($0))
        }
        return isPlain && !name.isEmpty ? name : "'\(name.replacing("'", with: "''"))'"
    }
}
