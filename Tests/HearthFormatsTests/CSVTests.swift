import HearthTensor
import Testing

import HearthFormats

/// Tables of text, as programs and people write them.
@Suite struct CSVTests {
    private func cells(_ text: String, separator: Character? = nil) throws -> [[String]] {
        try CSV(text, separator: separator, hasHeader: false).rows.map(\.cells)
    }

    @Test func readsWhatTheStandardAllows() throws {
        #expect(
            try cells("a,b\r\n\"c \"\"d\"\"\",\"e\nf\"\n\n  g , h\n") == [
                ["a", "b"], ["c \"d\"", "e\nf"], ["g", "h"],
            ])
        #expect(try cells("a,,\n,,\n") == [["a", "", ""], ["", "", ""]])
        #expect(try cells("a,b") == [["a", "b"]])
        #expect(try cells("\"a,b\",c\rd,e") == [["a,b", "c"], ["d", "e"]])
        #expect(try cells("").isEmpty && cells("\n\n").isEmpty)
        let lines = try CSV("x,y\n1,\"a\nb\"\n\n2,c\n", hasHeader: true).rows.map(\.line)
        #expect(lines == [2, 5])
    }

    @Test func findsTheSeparator() throws {
        #expect(try cells("a;b,c;d\n1,5;2;x") == [["a", "b,c", "d"], ["1.5", "2", "x"]])
        #expect(try cells("a\tb\n1\t2") == [["a", "b"], ["1", "2"]])
        #expect(try cells("\"a;b;c\",d") == [["a;b;c", "d"]])
        #expect(try cells("a|b\nc|d", separator: "|") == [["a", "b"], ["c", "d"]])
        #expect(throws: FormatError.self) { try cells("a", separator: "é") }
        #expect(throws: FormatError.self) { try cells("a", separator: "\"") }
    }

    @Test(arguments: ["utf8", "utf8 mark", "utf16 little", "utf16 big", "latin1"])
    func readsEncodings(encoding: String) throws {
        let text = "größe,art\n1.5,Föhre\n2.5,Kiefer\n"
        let units = Array(text.utf16)
        let bytes: [UInt8] =
            switch encoding {
            case "utf8": Array(text.utf8)
            case "utf8 mark": [0xEF, 0xBB, 0xBF] + Array(text.utf8)
            case "utf16 little": [0xFF, 0xFE] + units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            case "utf16 big": [0xFE, 0xFF] + units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            default: text.unicodeScalars.map { UInt8($0.value) }
            }
        let path = "/tmp/hearth-csv-\(Generator.default.next()).csv"
        try AtomicFile.write(bytes, to: path)
        let table = try CSV(contentsOf: path)
        #expect(table.names == ["größe", "art"])
        #expect(try table.column("art") == ["Föhre", "Kiefer"])
        #expect(try table.tensor(columns: ["größe"]).array(of: Float.self) == [1.5, 2.5])
    }

    @Test func columnsBecomeTensors() throws {
        let table = try CSV("x,y,kind\n1,2,b\n,NA,a\n-3e2,?,b\n")
        let numbers = try table.tensor(columns: ["y", "x"], dtype: .float64)
        #expect(numbers.shape == [3, 2])
        #expect(numbers.isNaN().array(of: Bool.self) == [false, false, true, true, true, false])
        #expect(numbers[2, 1].item() == -300)
        let (labels, names) = try table.classes("kind")
        #expect(labels.array(of: Int.self) == [1, 0, 1] && names == ["a", "b"])
        #expect(try CSV("n,c\n1,10\n2,9\n3,10\n", hasHeader: true).classes("c").names == ["9", "10"])
        for (body, words) in [
            ({ _ = try table.tensor(columns: ["kind"]) }, "'b' in line 2"),
            ({ _ = try table.tensor(columns: ["z"]) }, "a column 'z'"), ({ _ = try table.column("z") }, "x, y, kind"),
            ({ _ = try table.classes("x") }, "none in 1 of 3 rows, the first in line 3"),
        ] as [(() throws -> Void, String)] {
            let error = #expect(throws: FormatError.self) { try body() }
            #expect("\(try #require(error))".contains(words))
        }
    }

    @Test func damageIsNamed() {
        for (text, words) in [
            ("a,b\n1,2\n3\n", "2 columns, found 1 in line 3"), ("a,\"b\n1,2\n", "the mark in line 1"),
            ("a,a\n1,2\n", "'a' twice"), ("a,b\n1,2\n1,2,3\n", "3 in line 3"),
        ] {
            let error = #expect(throws: FormatError.self) { try CSV(text) }
            #expect(error.map { "\($0)".contains(words) } == true, "\(String(describing: error))")
        }
    }

    @Test func onlyFilesOfTextAreRead() throws {
        for path in ["/dev/zero", "/tmp", "/nonexistent.csv"] {
            #expect(throws: (any Error).self) { try CSV(contentsOf: path) }
        }
        let path = "/tmp/hearth-csv-\(Generator.default.next()).csv"
        try AtomicFile.write([0x61, 0, 0x62], to: path)
        #expect(throws: FormatError.self) { try CSV(contentsOf: path) }
        try AtomicFile.write([UInt8](repeating: 0x61, count: 100), to: path)
        #expect(throws: FormatError.self) { try CSV(contentsOf: path, limit: 99) }
        try AtomicFile.write([0xFF, 0xFE, 0x00], to: path)
        #expect(throws: FormatError.self) { try CSV(contentsOf: path) }
    }

    @Test func messagesAreSafe() {
        let hostile = "'\u{1B}[2J\u{202E}\(String(repeating: "x", count: 500))' \n end"
        let safe = hostile.safeInMessages
        #expect(safe.hasPrefix("'\\u{1B}[2J\\u{202E}xx") && safe.count < 120 && safe.hasSuffix("…' \n end"))
        #expect("a 'b' c".safeInMessages == "a 'b' c")
        #expect("naïve 日本 🙂".safeInMessages == "naïve 日本 🙂")
    }

    @Test func plainTransportIsThisMachineAlone() {
        for url in ["http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:9/x", "HTTP://127.0.0.1"] {
            #expect(Download.isThisMachine(url), "\(url)")
        }
        for url in [
            "http://127.0.0.1.example.org/", "http://127.0.0.1@example.org/", "http://example.org/127.0.0.1",
            "ftp://127.0.0.1/",
        ] {
            #expect(!Download.isThisMachine(url), "\(url)")
        }
    }

    @Test func plainMirrorsNeedAProof() async throws {
        let folder = "/tmp/hearth-plain-\(Generator.default.next())"
        for sums in [(nil, nil), ("0cc175b9c0f1b6a831c399e269772661", nil), (nil, "ca978112")] as [(String?, String?)] {
            let error = await #expect(throws: DownloadError.self) {
                try await Download.file(
                    "\(folder)/a/b.bin", from: ["http://example.invalid/b.bin"], md5: sums.0, sha256: sums.1,
                    showsProgress: false)
            }
            #expect(error.map { "\($0)".contains("not HTTPS") || "\($0)".contains("libcurl") } == true)
        }
        // A folder that was made in vain is not left behind.
        #expect(!Folder.hasFile(folder))
    }
}
