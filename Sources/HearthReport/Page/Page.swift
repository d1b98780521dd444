import HearthFormats

/// A page of HTML that needs nothing beside itself: headings, tables, charts and plain text, right on wide and narrow
/// screens, light or dark as the reader's system is.
///
///     var page = Page("mnist-mlp")
///     page.numbers([("test accuracy", "97.4%")])
///     page.charts([LineChart("Loss", x: "epoch", series: [.init("train", losses)])])
///     try page.write(to: "report.html")
public struct Page: Sendable {
    private let title: String
    private var parts: [String] = []

    /// An empty page with a title.
    public init(_ title: String) { self.title = title }

    /// Begins a section.
    public mutating func section(_ heading: String) { parts.append("<h2>\(Markup.escaped(heading))</h2>") }

    /// A few numbers that matter most, each with its name.
    public mutating func numbers(_ values: [(name: String, value: String)]) {
        let cells = values.map { name, value in
            "<div><b>\(Markup.escaped(value))</b><span>\(Markup.escaped(name))</span></div>"
        }
        parts.append(#"<div class="numbers">\#(cells.joined())</div>"#)
    }

    /// A table. Cells that are numbers stand at the right.
    public mutating func table(_ head: [String], _ rows: [[String]]) {
        func row(_ cells: [String], _ tag: String) -> String {
            let cells = cells.map { cell in
                let isNumber = tag == "td" && Double(cell.filter { $0 != "%" && $0 != "," }) != nil
                return "<\(tag)\(isNumber ? #" class="number""# : "")>\(Markup.escaped(cell))</\(tag)>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        let body = rows.map { row($0, "td") }.joined(separator: "\n")
        parts.append(
            #"<div class="scroll"><table><thead>\#(row(head, "th"))</thead><tbody>\#(body)</tbody></table></div>"#)
    }

    /// Text as it is, in letters of one width.
    public mutating func text(_ words: String) {
        parts.append(#"<div class="scroll"><pre>\#(Markup.escaped(words))</pre></div>"#)
    }

    /// Charts side by side where there is room, each in the colours of the reader's system.
    public mutating func charts(_ charts: [any Chart]) {
        let figures = charts.map { chart in
            #"<figure><div class="light">\#(chart.svg(theme: .light))</div>"#
                + #"<div class="dark">\#(chart.svg(theme: .dark))</div></figure>"#
        }
        parts.append(#"<div class="charts">\#(figures.joined())</div>"#)
    }

    /// The page.
    public var html: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(Markup.escaped(title))</title>
        <style>\(Self.style)</style></head>
        <body><main><h1>\(Markup.escaped(title))</h1>
        \(parts.joined(separator: "\n"))
        </main></body></html>

        """
    }

    /// Writes the page. The file is replaced as a whole or not at all. Throws `FileError`.
    public func write(to path: String) throws { try AtomicFile.write(Array(html.utf8), to: path) }

    private static let style = """
        :root{color-scheme:light dark;--back:#fff;--text:#1f2328;--quiet:#59636e;--line:#d9dee3}
        @media(prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--quiet:#9198a1;--line:#2a313c}}
        body{margin:0;background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif}
        main{max-width:1180px;margin:0 auto;padding:24px 20px 60px}
        h1{font-size:24px;margin:0 0 18px;overflow-wrap:anywhere}h2{font-size:18px;margin:36px 0 12px}
        .numbers{display:flex;flex-wrap:wrap;gap:12px}
        .numbers div{border:1px solid var(--line);border-radius:8px;padding:10px 16px}
        .numbers b{display:block;font-size:22px;font-variant-numeric:tabular-nums}.numbers span{color:var(--quiet)}
        .charts{display:flex;flex-wrap:wrap;gap:16px}figure{margin:0;max-width:100%}
        svg{max-width:100%;height:auto}
        .dark{display:none}@media(prefers-color-scheme:dark){.light{display:none}.dark{display:block}}
        .scroll{overflow-x:auto}table{border-collapse:collapse}
        th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--quiet);font-weight:500}.number{text-align:right;font-variant-numeric:tabular-nums}
        pre{font:13px/1.45 ui-monospace,monospace;margin:0}
        """
}
