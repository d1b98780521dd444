import HearthFormats

/// A message of Protocol Buffers that says once which fields it has, to be read and written alike.
package protocol Message: Sendable {
    /// A message without any field.
    init()
    /// Hands each field with its number to `coder`, which reads or writes it.
    mutating func fields(_ coder: inout some FieldCoder) throws(FormatError)
}

/// What reads or writes the fields of a message.
///
/// Numbers of all widths are `Int`s, since their encoding is the same. A field that is not there is nil or empty.
package protocol FieldCoder {
    mutating func field(_ number: Int, _ value: inout Int?) throws(FormatError)
    mutating func field(_ number: Int, _ value: inout Float?) throws(FormatError)
    mutating func field(_ number: Int, _ value: inout String) throws(FormatError)
    mutating func field(_ number: Int, _ value: inout String?) throws(FormatError)
    mutating func field(_ number: Int, _ value: inout Bytes?) throws(FormatError)
    mutating func field(_ number: Int, _ values: inout [String]) throws(FormatError)
    mutating func field(_ number: Int, _ values: inout [Bytes]) throws(FormatError)
    mutating func field(_ number: Int, _ values: inout [Int], packed: Bool) throws(FormatError)
    mutating func field(_ number: Int, _ values: inout [Float], packed: Bool) throws(FormatError)
    mutating func field(_ number: Int, _ values: inout [Double], packed: Bool) throws(FormatError)
    mutating func field<M: Message>(_ number: Int, _ message: inout M?) throws(FormatError)
    mutating func field<M: Message>(_ number: Int, _ messages: inout [M]) throws(FormatError)
}
