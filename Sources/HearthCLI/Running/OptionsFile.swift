import Hearth
import Yams

/// A file of options in YAML, `batch_size: 128`, one to a line.
struct OptionsFile {
    let path: String
    private let entries: [(name: String, line: Int, value: JSON)]

    /// Reads a file. Throws `RunError` that names the line.
    init(contentsOf path: String) throws {
        self.path = path
        let text = String(decoding: try TextFile.read(path), as: UTF8.self)
        let node: Node?
        do { node = try Yams.compose(yaml: text) } catch { throw RunError("\(path): \(error)") }
        guard let mapping = node?.mapping else {
            throw RunError("\(path): expected options such as 'epochs: 5', one to a line")
        }
        entries = try mapping.map { key, value in
            let line = key.mark?.line ?? 0
            guard let name = key.string else { throw RunError("\(path): line \(line): expected the name of an option") }
            return (name, line, try Self.json(value, "\(path): line \(line)"))
        }
    }

    private static func json(_ node: Node, _ place: String) throws -> JSON {
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .plain else { return .string(scalar.string) }
            switch scalar.string.lowercased() {
            case "", "~", "null": return .null
            case "true": return .bool(true)
            case "false": return .bool(false)
            default: return Double(scalar.string).map { .number($0) } ?? .string(scalar.string)
            }
        case .sequence(let elements): return .array(try elements.map { try json($0, place) })
        default: throw RunError("\(place): expected a value or a list of values")
        }
    }

    /// Sets what the file says. Throws `RunError` for unknown options and values of another kind.
    func apply(to configuration: inout RunConfiguration) throws {
        for (name, line, value) in entries {
            guard let setting = Setting.named(name) else {
                let known = Setting.all.map(\.name).joined(separator: ", ")
                throw RunError("\(path): line \(line): unknown option '\(name)'; there are \(known)")
            }
            // A single value stands for a list of one.
            guard setting.set(&configuration, value) || setting.set(&configuration, .array([value])) else {
                throw RunError("\(path): line \(line): '\(name)' cannot be \(value)")
            }
        }
    }

    /// The options of a run as such a file: JSON's values are YAML's.
    static func text(_ configuration: RunConfiguration) -> String {
        Setting.all.map { "\($0.name): \($0.get(configuration))\n" }.joined()
    }
}
