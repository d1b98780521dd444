import HearthFormats

/// Something that a user asked for and cannot have.
package struct RunError: Error, CustomStringConvertible {
    package let description: String

    /// `description` may quote what comes from files: it is made safe to be shown.
    package init(_ description: String) { self.description = description.safeInMessages }
}
