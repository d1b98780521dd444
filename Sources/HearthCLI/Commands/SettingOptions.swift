import ArgumentParser
import Hearth
import HearthRuns

/// The settings of one section as options of a command: one for each row of `Settings`, so that a new row is a new option.
///
/// ArgumentParser finds the options of a type by reflection and fills them with `Decodable`. Properties would have to be
/// written out beside the table; instead this type shows the rows to both, the options to reflection and their values to
/// the decoder.
struct SettingOptions<Section: SectionOfSettings>: ParsableArguments, CustomReflectable {
    /// What was given, under the names in files of options.
    private(set) var given: [(name: String, value: JSON)] = []

    private static var rows: [any AnySetting] { Settings.all.filter { $0.section == Section.section } }

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: RowKey.self)
        for row in Self.rows {
            let key = RowKey(stringValue: row.name)
            if row.isRepeated {
                let lists = try container.decode(Option<[JSON]>.self, forKey: key).wrappedValue
                if !lists.isEmpty { given.append((row.name, .array(lists.flatMap { $0.array ?? [$0] }))) }
            } else if let value = try container.decode(Option<JSON?>.self, forKey: key).wrappedValue {
                given.append((row.name, value))
            }
        }
    }

    var customMirror: Mirror {
        Mirror(self, children: Self.rows.map { (label: "_" + $0.name, value: Self.declaration($0)) })
    }

    /// What `@Option var name` would declare.
    private static func declaration(_ row: any AnySetting) -> Any {
        let name = NameSpecification.customLong(String(row.option.dropFirst(2)))
        let fallback = shown(row.fallbackJSON).map { " (default: \($0))" } ?? ""
        let help = ArgumentHelp(row.help.text + fallback, valueName: row.help.valueName)
        return row.isRepeated
            ? Option<[JSON]>(
                wrappedValue: [], name: name, parsing: .unconditionalSingleValue, help: help,
                transform: { try row.value(written: $0) })
            // What follows is the value even where it begins with a dash, so that '--lr -1' is told that rates are positive.
            : Option<JSON?>(name: name, parsing: .unconditional, help: help, transform: { try row.value(written: $0) })
    }

    /// A value that a setting has when it is left out; nil where that is nothing.
    private static func shown(_ value: JSON) -> String? {
        if case .null = value { return nil }
        let text = value.written
        return text.isEmpty ? nil : text
    }
}

/// Names a section for `SettingOptions`.
protocol SectionOfSettings: Sendable {
    static var section: SettingSection { get }
}

enum DataSettings: SectionOfSettings { static let section = SettingSection.data }
enum NetworkSettings: SectionOfSettings { static let section = SettingSection.network }
enum TrainingSettings: SectionOfSettings { static let section = SettingSection.training }

/// The name of a row, for a decoder.
private struct RowKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension JSON {
    /// The value as it is written on the command line.
    var written: String { array?.map(\.written).joined(separator: ",") ?? string ?? description }
}
