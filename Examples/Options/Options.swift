/// What an example's command line asks for: `--name value`, for names that have a value when they are left out.
///
///     let options = Options(["data": "data", "epochs": "5"])
///     for epoch in 1...options.count("epochs") { … }
public struct Options {
    private var values: [String: String]

    /// Reads the program's arguments. Stops the program at an unknown option or a missing value.
    public init(_ defaults: KeyValuePairs<String, String>) {
        values = Dictionary(uniqueKeysWithValues: defaults.map { ($0, $1) })
        var rest = CommandLine.arguments.dropFirst()
        while let option = rest.popFirst() {
            let name = String(option.drop { $0 == "-" })
            guard option.hasPrefix("--"), values[name] != nil, let value = rest.popFirst() else {
                let known = defaults.map { "--\($0.key)" }.joined(separator: ", ")
                fatalError("unknown option '\(option)', or its value is missing; there are \(known)")
            }
            values[name] = value
        }
    }

    /// The value of an option.
    public subscript(name: String) -> String { values[name]! }

    /// The value of an option that counts something. Stops the program unless it is a positive number.
    public func count(_ name: String) -> Int {
        guard let count = Int(self[name]), count > 0 else {
            fatalError("--\(name) '\(self[name])' must be a positive number")
        }
        return count
    }
}
