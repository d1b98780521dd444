/// A value of a YAML file, with the place where it begins.
///
/// What is read is what descriptions need: lists and mappings in both styles, plain and quoted words, comments. Anchors,
/// tags, texts of several lines and several documents are refused by name.
package struct YAML: Sendable {
    package typealias Place = DescriptionError.Place

    /// What the value is.
    package enum Content: Sendable {
        /// Nothing stands there.
        case empty
        /// A word, a number or a text in quotation marks.
        case scalar(String, isQuoted: Bool)
        /// Values one after another.
        case list([YAML])
        /// Values by name, in order; no name stands there twice.
        case mapping([Member])
    }

    /// A name and its value.
    package struct Member: Sendable {
        package let name: String
        package let place: Place
        package let value: YAML
    }

    package let content: Content
    package let place: Place
}

extension YAML: CustomStringConvertible {
    /// What stands there, for messages.
    package var description: String {
        switch content {
        case .empty: "nothing"
        case .scalar(let text, _): "'\(text)'"
        case .list: "a list"
        case .mapping: "names with values"
        }
    }
}
