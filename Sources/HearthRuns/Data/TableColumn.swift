import Hearth

/// How a column of a table becomes features: a number is one, a category one for each of its values.
package struct TableColumn {
    let name: String
    /// The values of a category, sorted; nil for a column of numbers.
    let categories: [String]?

    /// More values than this are no categories.
    private static let limit = 100

    /// True for a cell that says nothing.
    static func isMissing(_ cell: String) -> Bool { CSV.isMissing(cell) }

    init(name: String, categories: [String]?) {
        self.name = name
        self.categories = categories
    }

    /// What the cells of a column are: numbers when at least half of them are. Throws `RunError` when they are neither
    /// numbers nor categories.
    init(name: String, cells: [String], file: String) throws {
        let known = cells.filter { !Self.isMissing($0) }
        self.name = name
        guard known.filter({ Double($0) == nil }).count * 2 > known.count else {
            categories = nil
            return
        }
        let values = Set(known).sorted()
        guard values.count <= Self.limit else {
            throw RunError(
                "\(file): column '\(name)' has \(values.count) different words; expected numbers, or at most "
                    + "\(Self.limit) categories")
        }
        categories = values
    }

    /// The number of features.
    var width: Int { categories?.count ?? 1 }

    /// The features of a cell: a number, NaN where it is missing; or a 1 among zeros, none for a value that is missing or
    /// was not known. Throws `RunError` for anything else.
    func features(_ cell: String, _ place: @autoclosure () -> String) throws -> [Float] {
        if let categories { return categories.map { $0 == cell ? 1 : 0 } }
        if Self.isMissing(cell) { return [.nan] }
        guard let value = Float(cell), value.isFinite else {
            throw RunError("\(place()): '\(cell)' is not a finite number")
        }
        return [value]
    }
}

extension TableColumn: SettingValue {
    package init?(_ json: JSON) {
        guard let name = json["name"]?.string else { return nil }
        guard let list = json["categories"] else {
            self.init(name: name, categories: nil)
            return
        }
        guard let categories = [String](list), !categories.isEmpty else { return nil }
        self.init(name: name, categories: categories)
    }

    package var json: JSON {
        .object([(key: "name", value: name.json)] + (categories.map { [(key: "categories", value: $0.json)] } ?? []))
    }
}
