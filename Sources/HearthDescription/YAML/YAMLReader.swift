import HearthFormats

/// Reads a text as YAML. Time and memory grow with the length of the text; how deep values lie in each other is bounded.
struct YAMLReader {
    let file: String
    let text: [Unicode.Scalar]
    var position = 0
    var line = 1
    private var lineStart = 0
    private var depth = 0

    /// The longest text, in bytes.
    static let longest = 1 << 20
    /// How deep values may lie in each other.
    static let deepest = 48

    /// The value of a whole text. Throws `DescriptionError`.
    static func read(_ text: String, file: String) throws(DescriptionError) -> YAML {
        var reader = YAMLReader(file: file, text: Array(text.replacing("\r\n", with: "\n").unicodeScalars))
        guard text.utf8.count <= longest else { throw reader.error("a text of more than a megabyte") }
        try reader.skipToToken()
        if reader.startsDocument { try reader.skipDocumentStart() }
        guard reader.next != nil else { throw reader.error("expected 'layers:' and a list of layers, found nothing") }
        let value = try reader.blockValue()
        guard reader.next == nil else { throw reader.misplaced() }
        return value
    }

    private init(file: String, text: [Unicode.Scalar]) { (self.file, self.text) = (file, text) }

    // MARK: Where the reader stands

    var next: Unicode.Scalar? { position < text.count ? text[position] : nil }
    var column: Int { position - lineStart + 1 }
    var place: YAML.Place { YAML.Place(line: line, column: column) }

    func scalar(after distance: Int) -> Unicode.Scalar? {
        position + distance < text.count ? text[position + distance] : nil
    }

    func error(_ rule: String, at place: YAML.Place? = nil) -> DescriptionError {
        DescriptionError(file: file, place: place ?? self.place, rule: rule)
    }

    mutating func advance() {
        if text[position] == "\n" { (line, lineStart) = (line + 1, position + 1) }
        position += 1
    }

    /// Passes spaces, comments and ends of lines.
    mutating func skipToToken() throws(DescriptionError) {
        while let scalar = next {
            switch scalar {
            case " ", "\n": advance()
            case "#" where position == lineStart || text[position - 1] == " ":
                while next != nil, next != "\n" { advance() }
            case "\t": throw error("expected spaces, found a tab")
            default: return
            }
        }
    }

    /// Passes spaces and a comment up to the end of the line; false when something else stands there.
    mutating func skipToEndOfLine() throws(DescriptionError) -> Bool {
        let start = line
        while next == " " { advance() }
        if next == nil || next == "\n" { return true }
        guard next == "#" || next == "\t" else { return false }
        try skipToToken()
        return line > start || next == nil
    }

    private var startsDocument: Bool { column == 1 && text[position...].starts(with: "---".unicodeScalars) }

    private mutating func skipDocumentStart() throws(DescriptionError) {
        position += 3
        guard try skipToEndOfLine() else { throw error("expected nothing behind '---', found \(found)") }
        try skipToToken()
    }

    /// What stands here, for messages.
    var found: String {
        switch next {
        case nil: "the end of the file"
        case "\n": "the end of the line"
        case let scalar?: "'\(scalar)'"
        }
    }

    // MARK: Block style

    /// A value that is laid out by lines, and what is blank after it.
    private mutating func blockValue() throws(DescriptionError) -> YAML {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw error("more than \(Self.deepest) levels of layers in layers") }
        if isDash { return try blockList() }
        let start = place
        if next == "[" || next == "{" { return try lineEnd(after: flowValue()) }
        let (word, isQuoted) = try word(inFlow: false)
        if isColon { return try blockMapping(first: word, start) }
        return try lineEnd(after: YAML(content: .scalar(word, isQuoted: isQuoted), place: start))
    }

    private var isDash: Bool {
        next == "-" && (scalar(after: 1) == nil || scalar(after: 1) == " " || scalar(after: 1) == "\n")
    }

    /// True at a colon that ends a name.
    var isColon: Bool {
        guard next == ":" else { return false }
        return scalar(after: 1).map { " \n,[]{}".unicodeScalars.contains($0) } ?? true
    }

    /// The error for something that stands where nothing can.
    private func misplaced() -> DescriptionError {
        if startsDocument || text[position...].starts(with: "...".unicodeScalars) {
            return error("several documents in one file are not read")
        }
        return error("the indentation fits no line above it")
    }

    private mutating func lineEnd(after value: YAML) throws(DescriptionError) -> YAML {
        guard try skipToEndOfLine() else {
            if isColon { throw error("expected a name before ':', found \(value)", at: value.place) }
            throw error("expected the end of the line, found \(found)")
        }
        try skipToToken()
        return value
    }

    private mutating func blockList() throws(DescriptionError) -> YAML {
        let start = place
        var elements: [YAML] = []
        while next != nil, column == start.column, isDash, !startsDocument {
            let dash = place
            advance()
            elements.append(try blockElement(inside: start.column, dash))
        }
        guard next == nil || column < start.column || (column == start.column && !startsDocument) else {
            throw misplaced()
        }
        return YAML(content: .list(elements), place: start)
    }

    /// What stands behind a dash: in the same line, or below and further to the right.
    private mutating func blockElement(inside column: Int, _ dash: YAML.Place) throws(DescriptionError) -> YAML {
        if try skipToEndOfLine() {
            try skipToToken()
            guard next != nil, self.column > column else { return YAML(content: .empty, place: dash) }
        }
        return try blockValue()
    }

    private mutating func blockMapping(first: String, _ start: YAML.Place) throws(DescriptionError) -> YAML {
        var members: [YAML.Member] = []
        var lines: [String: Int] = [:]
        var (name, namePlace) = (first, start)
        while true {
            try note(name, at: namePlace, in: &lines)
            advance()
            let value = try memberValue(inside: start.column, namePlace)
            members.append(YAML.Member(name: name, place: namePlace, value: value))
            guard next != nil, column >= start.column, !startsDocument else { break }
            guard column == start.column, !isDash else { throw misplaced() }
            namePlace = place
            name = try word(inFlow: false).text
            guard isColon else { throw error("expected ':' after '\(name)', found \(found)") }
        }
        return YAML(content: .mapping(members), place: start)
    }

    /// Notes down a name. Throws when it stands there already.
    func note(_ name: String, at place: YAML.Place, in lines: inout [String: Int]) throws(DescriptionError) {
        if let line = lines[name] {
            throw error("'\(name)' stands there twice; the first is in line \(line)", at: place)
        }
        lines[name] = place.line
    }

    /// What stands behind a name and its colon.
    private mutating func memberValue(inside column: Int, _ name: YAML.Place) throws(DescriptionError) -> YAML {
        guard try skipToEndOfLine() else {
            if isDash { throw error("expected a value, found '-'; lists begin in a line of their own") }
            let start = place
            if next == "[" || next == "{" { return try lineEnd(after: flowValue()) }
            let (word, isQuoted) = try word(inFlow: false)
            guard !isColon else { throw error("expected one ':' in a line, found another") }
            return try lineEnd(after: YAML(content: .scalar(word, isQuoted: isQuoted), place: start))
        }
        try skipToToken()
        // A list may begin below its name.
        let isBelow = next != nil && (self.column > column || (self.column == column && isDash && !startsDocument))
        return isBelow ? try blockValue() : YAML(content: .empty, place: name)
    }

    // MARK: Flow style

    /// A value between brackets, or a word among such.
    private mutating func flowValue() throws(DescriptionError) -> YAML {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw error("more than \(Self.deepest) levels of layers in layers") }
        switch next {
        case "[": return try flowList()
        case "{": return try flowMapping()
        default:
            let start = place
            let (word, isQuoted) = try word(inFlow: true)
            return YAML(content: .scalar(word, isQuoted: isQuoted), place: start)
        }
    }

    private mutating func flowList() throws(DescriptionError) -> YAML {
        let start = place
        var elements: [YAML] = []
        try flowElements(until: "]") { reader throws(DescriptionError) in
            let value = try reader.flowValue()
            guard reader.isColon, case .scalar(let name, _) = value.content else { return elements.append(value) }
            // One name with its value needs no braces.
            let member = try reader.flowMember(name, value.place)
            elements.append(YAML(content: .mapping([member]), place: value.place))
        }
        return YAML(content: .list(elements), place: start)
    }

    private mutating func flowMapping() throws(DescriptionError) -> YAML {
        let start = place
        var members: [YAML.Member] = []
        var lines: [String: Int] = [:]
        try flowElements(until: "}") { reader throws(DescriptionError) in
            let place = reader.place
            let name = try reader.word(inFlow: true).text
            try reader.note(name, at: place, in: &lines)
            try reader.skipToToken()
            guard reader.isColon else { throw reader.error("expected ':' after '\(name)', found \(reader.found)") }
            members.append(try reader.flowMember(name, place))
        }
        return YAML(content: .mapping(members), place: start)
    }

    private mutating func flowMember(_ name: String, _ place: YAML.Place) throws(DescriptionError) -> YAML.Member {
        advance()
        try skipToToken()
        let isEmpty = next.map { ",]}".unicodeScalars.contains($0) } ?? true
        let value = isEmpty ? YAML(content: .empty, place: place) : try flowValue()
        return YAML.Member(name: name, place: place, value: value)
    }

    /// Reads what stands between brackets, with commas between.
    private mutating func flowElements(
        until end: Unicode.Scalar, _ element: (inout YAMLReader) throws(DescriptionError) -> Void
    ) throws(DescriptionError) {
        let (open, start) = (found, place)
        advance()
        try skipToToken()
        while next != end {
            guard next != nil else { throw error("the bracket \(open) is not closed", at: start) }
            try element(&self)
            try skipToToken()
            if next == "," {
                advance()
                try skipToToken()
            } else if next != end {
                guard next != nil else { throw error("the bracket \(open) is not closed", at: start) }
                throw error("expected ',' or '\(end)' for the bracket of line \(start.line), found \(found)")
            }
        }
        advance()
    }
}
