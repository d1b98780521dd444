/// Something that a user asked for and cannot have.
package struct RunError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
