/// Makes layers of the values of a file.
struct DescriptionReader {
    let file: String

    /// The layers of a whole file.
    func network(_ yaml: YAML) throws(DescriptionError) -> [LayerNode] {
        guard case .mapping(let members) = yaml.content else {
            throw error("expected 'layers:' and a list of layers, found \(yaml)", yaml.place)
        }
        if let other = members.first(where: { $0.name != "layers" }) {
            throw error("expected 'layers:', found '\(other.name)'", other.place)
        }
        let nodes = try layers(members[0].value)
        guard !nodes.isEmpty else { throw error("expected a list of layers, found none", members[0].place) }
        return nodes
    }

    private func error(_ rule: String, _ place: YAML.Place) -> DescriptionError {
        DescriptionError(file: file, place: place, rule: rule)
    }

    /// A list of layers, or layers by name.
    private func layers(_ yaml: YAML) throws(DescriptionError) -> [LayerNode] {
        switch yaml.content {
        case .empty: return []
        case .list(let elements):
            return try elements.map { element throws(DescriptionError) in try node(element, name: nil) }
        case .mapping(let members):
            return try members.map { member throws(DescriptionError) in
                try checkName(member)
                return try node(member.value, name: member.name)
            }
        case .scalar: throw error("expected a list of layers, found \(yaml)", yaml.place)
        }
    }

    /// Parts of names are divided by dots, so a name has none.
    private func checkName(_ member: YAML.Member) throws(DescriptionError) {
        guard !member.name.isEmpty, !member.name.contains(".") else {
            throw error("expected a name without dots, found '\(member.name)'", member.place)
        }
    }

    /// A layer: its kind alone, or its kind with what belongs to it.
    private func node(_ yaml: YAML, name: String?) throws(DescriptionError) -> LayerNode {
        let (kind, place, value): (String, YAML.Place, YAML)
        switch yaml.content {
        case .scalar(let text, _): (kind, place, value) = (text, yaml.place, YAML(content: .empty, place: yaml.place))
        case .mapping(let members):
            if members.count > 1 {
                throw error(
                    "expected one layer, found '\(members[1].name)' beside '\(members[0].name)'; options of a layer "
                        + "are indented further than its name", members[1].place)
            }
            guard let member = members.first else { throw error("expected a layer, found nothing", yaml.place) }
            (kind, place, value) = (member.name, member.place, member.value)
        case .empty, .list: throw error("expected a layer, found \(yaml)", yaml.place)
        }
        return LayerNode(name: name, place: place, content: try content(kind, place, value))
    }

    private func content(
        _ kind: String, _ place: YAML.Place, _ value: YAML
    ) throws(DescriptionError) -> LayerNode.Content {
        switch kind {
        case "Sequential": return .sequence(try layers(value))
        case "add", "mul", "cat": return try branches(kind, place, value)
        case "repeat": return try repetition(place, value)
        default:
            guard let row = LayerKind.named(kind) else {
                throw error(unknown("layer", kind, among: LayerKind.names + Self.words), place)
            }
            return .layer(row, options: try options(of: row, value))
        }
    }

    /// What stands in the place of a layer without being one of the table.
    private static let words = ["Sequential", "add", "mul", "cat", "repeat"]

    private func branches(
        _ kind: String, _ place: YAML.Place, _ value: YAML
    ) throws(DescriptionError) -> LayerNode.Content {
        guard case .mapping(var members) = value.content else {
            throw error("expected branches of '\(kind)' by name, found \(value)", value.place)
        }
        var dim = 1
        if kind == "cat", let index = members.firstIndex(where: { $0.name == "dim" }) {
            dim = try number(members.remove(at: index), in: -8...8)
        }
        guard members.count > 1 else { throw error("expected two or more branches, found \(members.count)", place) }
        let parts = try members.map { member throws(DescriptionError) in
            try checkName(member)
            return LayerNode.Branch(name: member.name, layers: try layers(member.value))
        }
        let joining: Branches.Joining = kind == "add" ? .sum : kind == "mul" ? .product : .concatenation(dim: dim)
        return .branches(joining, parts)
    }

    private func repetition(_ place: YAML.Place, _ value: YAML) throws(DescriptionError) -> LayerNode.Content {
        guard case .mapping(let members) = value.content, members.count == 2,
            let times = members.first(where: { $0.name == "times" }),
            let list = members.first(where: { $0.name == "layers" })
        else { throw error("expected 'times' and 'layers' of 'repeat', found \(value)", place) }
        let nodes = try layers(list.value)
        if let name = nodes.first(where: { $0.name != nil })?.name {
            throw error("layers that are repeated have no names; this one is called '\(name)'", list.value.place)
        }
        return .repeated(try number(times, in: 1...NetworkPlanner.mostLayers), nodes)
    }

    private func number(_ member: YAML.Member, in range: ClosedRange<Int>) throws(DescriptionError) -> Int {
        guard case .scalar(let text, false) = member.value.content, let number = Int(text), range.contains(number)
        else {
            throw error(
                "expected '\(member.name)' from \(range.lowerBound) to \(range.upperBound), found \(member.value)",
                member.value.place)
        }
        return number
    }

    /// The options of a layer by their names; a value alone is the first one.
    private func options(of kind: LayerKind, _ value: YAML) throws(DescriptionError) -> [String: YAML] {
        switch value.content {
        case .empty: return [:]
        case .scalar, .list:
            guard let first = kind.options.first else {
                throw error("\(kind.name) has no options; found \(value)", value.place)
            }
            return [first: value]
        case .mapping(let members):
            var options: [String: YAML] = [:]
            for member in members {
                guard kind.options.contains(member.name) else {
                    guard !kind.options.isEmpty else {
                        throw error("\(kind.name) has no options; found '\(member.name)'", member.place)
                    }
                    throw error(unknown("option of \(kind.name)", member.name, among: kind.options), member.place)
                }
                options[member.name] = member.value
            }
            return options
        }
    }
}
