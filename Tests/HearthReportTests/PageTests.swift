import HearthTrain
import Testing

import HearthReport

@Suite struct PageTests {
    private var page: Page {
        var page = Page("<script>alert(1)</script>")
        page.section("a & b")
        page.numbers([("test accuracy", "97.4%")])
        page.table(["class", "recall"], [["<img src=x onerror=alert(2)>", "0.5"], ["\"quoted\"", "12,000"]])
        page.charts([
            LineChart(
                "loss </svg><script>", x: "epoch",
                series: [.init("train", [1, 0.5, .nan, 0.2]), .init("empty", [Double]())]),
            ConfusionMatrixChart(ConfusionMatrix(classes: 2), names: ["'a'", "</text>"]),
        ])
        page.text("1 < 2")
        return page
    }

    @Test func wordsFromOutsideStayWords() {
        let html = page.html
        // The page has one script, its own.
        #expect(
            html.split(separator: "<script").count == 2 && !html.contains("<img") && !html.contains("</text></text>"))
        #expect(html.contains("&lt;script&gt;alert(1)") && html.contains("1 &lt; 2") && html.contains("a &amp; b"))
    }

    @Test func everythingIsInThePage() {
        let html = page.html
        // Nothing is fetched from anywhere.
        #expect(!html.contains("src=\"") && !html.contains("href=\"") && !html.contains("@import"))
        #expect(html.contains("<b>97.4%</b><span>test accuracy</span>"))
        #expect(html.contains("<td class=\"number\">12,000</td>") && html.contains("name=\"viewport\""))
        // One picture for both themes.
        #expect(html.split(separator: "<svg ").count - 1 == 2 && html.contains("prefers-color-scheme:dark"))
    }

    @Test func tagsAreClosed() {
        var open: [String] = []
        // What is compared in the script is no tag.
        let html = page.html
        var rest = html[..<(html.firstRange(of: "<script>")?.upperBound ?? html.endIndex)] + "</script></body></html>"
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber })
            if tag.hasPrefix("!") || tag.hasSuffix("/") || name == "meta" { continue }
            if tag.hasPrefix("/") {
                #expect(open.popLast() == name)
            } else {
                open.append(name)
            }
        }
        #expect(open.isEmpty, "\(open)")
    }
}
