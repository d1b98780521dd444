/// How text is written down in bytes.
package enum TextEncoding {
    /// The text of bytes: UTF-16 where its mark stands in front, UTF-8 where they are that, else Latin-1. Throws
    /// `FormatError` for bytes that are no text.
    package static func decode(_ bytes: [UInt8], file: String) throws(FormatError) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) { return try utf16(bytes, isBig: false, file) }
        if bytes.starts(with: [0xFE, 0xFF]) { return try utf16(bytes, isBig: true, file) }
        if let zero = bytes.firstIndex(of: 0) {
            throw FormatError(file: file, expected: "text", found: "a byte 0, as other files have", offset: zero)
        }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
        return String(scalars)
    }

    private static func utf16(_ bytes: [UInt8], isBig: Bool, _ file: String) throws(FormatError) -> String {
        let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
            let (first, second) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
            return isBig ? first << 8 | second : second << 8 | first
        }
        guard bytes.count % 2 == 0, let text = String(validating: units, as: UTF16.self) else {
            throw FormatError(file: file, expected: "text in UTF-16", found: "a mark of it, and bytes that are not")
        }
        return text
    }
}
