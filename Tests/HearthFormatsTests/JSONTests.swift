import Testing

import HearthFormats

@Suite struct JSONTests {
    @Test func printsWhatItReads() throws {
        for text in [
            "null", "true", "false", "0", "-1", "1.5", "1e-07", "\"\"", "\"a\"", "[]", "{}", "[1, [2, []], {}]",
            #"{"b": 1, "a": {"y": [true, null], "x": "ü€𝄞"}, "": -0.25}"#, #""\"\\ \u0001\u001f""#,
        ] {
            #expect(try JSON(parsing: text).description == text)
        }
    }

    @Test func theEndsOfWholeNumbersArePrinted() throws {
        // The least whole number has no magnitude among them.
        for value in [-0x1p63, 0x1p63, 0x1p53, -0x1p53] {
            #expect(try JSON(parsing: JSON.number(value).description).double == value)
        }
    }

    @Test func keepsTheOrderOfMembers() throws {
        let names = ["z", "a", "ü", "10", "9", "Z"]
        let text = "{" + names.map { "\"\($0)\": 1" }.joined(separator: ", ") + "}"
        guard case .object(let members) = try JSON(parsing: text) else { throw Unexpected() }
        #expect(members.map(\.key) == names)
    }

    private struct Unexpected: Error {}

    @Test func readsEscapes() throws {
        let text = try JSON(parsing: #" "\"\\\/\b\f\n\r\t\u00e9\u20AC\ud834\udd1e" "#).string
        #expect(text == "\"\\/\u{8}\u{c}\n\r\té€𝄞")
    }

    @Test func everyCharacterComesBack() throws {
        let scalars = (0...0x2FF).compactMap { Unicode.Scalar($0) } + ["\u{2028}", "\u{FFFD}", "\u{10FFFF}"]
        let text = String(String.UnicodeScalarView(scalars))
        let again = try #require(try JSON(parsing: JSON.string(text).description).string)
        #expect(Array(again.unicodeScalars) == scalars)
    }

    @Test func readsNumbers() throws {
        for (text, value) in [
            ("0", 0), ("-0", -0.0), ("10", 10), ("-12.5e+2", -1250), ("1E3", 1000), ("0.1", 0.1),
            ("5e-324", .leastNonzeroMagnitude),
            ("1.7976931348623157e308", .greatestFiniteMagnitude), ("123456789012345680", 123_456_789_012_345_680),
        ] as [(String, Double)] {
            #expect(try JSON(parsing: text).double?.bitPattern == value.bitPattern, "\(text)")
        }
    }

    @Test func numbersComeBackToTheBit() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            #expect(try JSON(parsing: "\(JSON.number(value))").double == value)
        }
        for value in [1e15, 9_007_199_254_740_991, 9_007_199_254_740_992, 1e21, -1e300] {
            #expect(try JSON(parsing: "\(JSON.number(value))").double == value)
        }
    }

    @Test func whatIsNotFiniteIsNull() {
        #expect("\([1, .number(.nan), .number(-.infinity)] as JSON)" == "[1, null, null]")
    }

    @Test func givesValuesOfTheirOwnTypeAlone() throws {
        let value: JSON = ["a": 3, "b": 2.5, "c": "x", "d": true, "e": [1, 2], "a ": .null]
        #expect(value["a"]?.int == 3 && value["a"]?.double == 3)
        #expect(value["b"]?.int == nil && value["b"]?.double == 2.5)
        #expect(value["c"]?.string == "x" && value["c"]?.double == nil)
        #expect(value["d"]?.bool == true && value["d"]?.int == nil)
        #expect(value["e"]?.array?.count == 2 && value["e"]?["a"] == nil)
        #expect(value["f"] == nil && JSON.null["a"] == nil)
        #expect(JSON.number(1e300).int == nil)
    }

    @Test func indentsMembers() throws {
        let value: JSON = ["a": [1, 2], "b": ["c": "d"]]
        #expect(value.indented == "{\n  \"a\": [1, 2],\n  \"b\": {\"c\": \"d\"}\n}")
        #expect(try JSON(parsing: value.indented).description == value.description)
        #expect(([:] as JSON).indented == "{}" && (3 as JSON).indented == "3")
    }

    @Test func refusesMalformedTexts() {
        for text in [
            "", " ", "nul", "nulll", "True", "tru", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "}", "{]",
            "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\":1 \"b\":2}", "\"", "\"a", "\"\n\"",
            "\"\t\"",
            #""\x""#, #""\"#, #""\u12""#, #""\u12G4""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "01", "-01",
            "+1",
            ".5", "1.", "-", "1e", "1e+", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "inf", "--1", "1 2", "{} {}",
            "// a\n1", "1e999", "\u{FEFF}1",
        ] {
            #expect(message { _ = try JSON(parsing: text) } != "", "'\(text)'")
        }
        #expect(message { _ = try JSON(parsing: "[1, 2", name: "a.json") }.contains("a.json"))
    }

    @Test func limitsNesting() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try JSON(parsing: nested(64)).array != nil)
        for depth in [65, 100, 1_000_000] {
            #expect(message { _ = try JSON(parsing: nested(depth)) }.contains("levels"))
        }
        let objects = String(repeating: #"{"a":"#, count: 100_000)
        #expect(message { _ = try JSON(parsing: objects) }.contains("levels"))
    }

    @Test func mutatedTextsThrowOrRead() throws {
        let text = Array(#"{"epoch": 12, "val": [0.25, -1e-3, null], "é\u00e9\n": {"a": true, "b": "𝄞"}}"#.utf8)
        var state: UInt64 = 9
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let alphabet = Array("{}[]\",:\\u0123456789eE+-.tfn \n\u{0}".utf8) + [0x80, 0xC3, 0xFF]
        for _ in 0..<20_000 {
            var bytes = text
            for _ in 0...next(3) {
                let place = next(bytes.count)
                switch next(4) {
                case 0: bytes[place] = alphabet[next(alphabet.count)]
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(alphabet[next(alphabet.count)], at: place)
                default: bytes.removeSubrange(place...)
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            var scanner = JSONScanner(bytes, file: "mutated", start: 0)
            guard let value = try? scanner.value() else { continue }
            // What was read is written as a text with the same meaning.
            #expect(try JSON(parsing: value.description).description == value.description)
        }
    }
}
