import HearthFormats
import HearthImages

/// A page of HTML that needs nothing beside itself: headings, tables, charts and plain text, right on wide and narrow
/// screens, light or dark as the reader's system is.
///
///     var page = Page("mnist-mlp")
///     page.numbers([("test accuracy", "97.4%")])
///     page.charts([LineChart("Loss", x: "epoch", series: [.init("train", losses)])])
///     try page.write(to: "report.html")
public struct Page: Sendable {
    /// Above everything, and what a browser calls the page.
    public let title: String
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

    /// A sentence or more.
    public mutating func paragraph(_ words: String) { parts.append("<p>\(Markup.escaped(words))</p>") }

    /// Text as it is, in letters of one width.
    public mutating func text(_ words: String) {
        parts.append(#"<div class="scroll"><pre>\#(Markup.escaped(words))</pre></div>"#)
    }

    /// Charts side by side where there is room, in the colours of the reader's system. A reader who points at a chart is
    /// told the values there.
    public mutating func charts(_ charts: [any Chart]) {
        let figures = charts.map { chart in
            let drawing = chart.drawing
            // A chart too wide for a telephone keeps its size and scrolls sideways, since it would be too small to
            // read.
            let wide = drawing.width > 480 ? #" class="wide""# : ""
            return "<figure\(wide)\(Self.spots(drawing))>\(drawing.svg(Self.colour))</figure>"
        }
        parts.append(#"<div class="charts">\#(figures.joined(separator: "\n"))</div>"#)
    }

    /// Pictures in rows, each with words below, as many in a row as there is room for.
    public mutating func pictures(_ pictures: [PictureChart.Captioned]) {
        let cells = pictures.map { picture in
            let lines = picture.caption.map { "<span>\(Markup.escaped($0))</span>" }.joined()
            let data = Base64.encode(Image.encodePNG(picture.image))
            return
                #"<figure><img src="data:image/png;base64,\#(data)" alt=""/><figcaption>\#(lines)</figcaption></figure>"#
        }
        parts.append(#"<div class="pictures">\#(cells.joined(separator: "\n"))</div>"#)
    }

    /// The places of a drawing that have values, for the page's script.
    private static func spots(_ drawing: Drawing) -> String {
        guard !drawing.spots.isEmpty else { return "" }
        let spots = drawing.spots.map { spot in
            JSON.array([
                .number((spot.place.x * 10).rounded() / 10), .number((spot.place.y * 10).rounded() / 10),
                .string(spot.lines.joined(separator: "\n")),
            ])
        }
        let text = Markup.escaped(JSON.array(spots).description)
        return #" data-pointing="\#(drawing.pointing.rawValue)" data-spots="\#(text)""#
    }

    /// The name that the page's style has for an ink.
    private static func colour(_ ink: Ink) -> String {
        switch ink {
        case .background: "var(--back)"
        case .text: "var(--text)"
        case .quiet: "var(--quiet)"
        case .grid: "var(--line)"
        case .series(let index): "var(--series-\(index % Theme.light.series.count))"
        }
    }

    /// The colours of a theme by these names.
    private static func variables(_ theme: Theme) -> String {
        let series = theme.series.indices.map { Ink.series($0) }
        return ([.background, .text, .quiet, .grid] + series).map { ink in
            "\(colour(ink).dropFirst(4).dropLast()):\(theme[ink].hex)"
        }.joined(separator: ";")
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
        </main><div id="told" hidden></div><script>\(Self.script)</script></body></html>

        """
    }

    /// Writes the page. The file is replaced as a whole or not at all. Throws `FileError`.
    public func write(to path: String) throws { try AtomicFile.write(Array(html.utf8), to: path) }

    private static let style = """
        :root{color-scheme:light dark;\(variables(.light))}
        @media(prefers-color-scheme:dark){:root{\(variables(.dark))}}
        body{margin:0;background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif}
        main{max-width:min(100%,1900px);margin:0 auto;padding:24px 20px 60px}
        h1{font-size:24px;margin:0 0 18px;overflow-wrap:anywhere}h2{font-size:18px;margin:36px 0 12px}p{margin:0 0 12px;max-width:70ch}
        .numbers{display:flex;flex-wrap:wrap;gap:12px}
        .numbers div{border:1px solid var(--line);border-radius:8px;padding:10px 16px}
        .numbers b{display:block;font-size:22px;font-variant-numeric:tabular-nums}.numbers span{color:var(--quiet)}
        .charts{display:flex;flex-wrap:wrap;gap:16px}.charts figure:not(.wide){flex:0 1 calc((100% - 32px)/3);min-width:min(100%,340px)}.charts figure:not(.wide) svg{width:100%}figure{margin:0;max-width:100%;position:relative}
        svg{max-width:100%;height:auto;display:block}figure.wide{overflow-x:auto}.wide svg{max-width:none}
        .pictures{display:flex;flex-wrap:wrap;gap:14px}.pictures figure{width:96px}
        img{width:96px;display:block;image-rendering:pixelated}figcaption{font-size:13px;line-height:1.35}
        figcaption span{display:block;overflow-wrap:anywhere}figcaption span+span{color:var(--quiet)}
        #told{position:absolute;pointer-events:none;white-space:pre;background:var(--back);color:var(--text);
        border:1px solid var(--quiet);border-radius:6px;padding:4px 9px;font-size:13px;z-index:1}
        .mark{position:absolute;pointer-events:none;background:var(--quiet);opacity:.7}
        .scroll{overflow-x:auto;margin-bottom:16px}table{border-collapse:collapse}td:first-child{white-space:nowrap}
        th,td{text-align:left;padding:5px 14px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--quiet);font-weight:500}.number{text-align:right;font-variant-numeric:tabular-nums}
        pre{font:13px/1.45 ui-monospace,monospace;margin:0}
        """

    /// Tells the values of the spot that the reader points at, and marks it.
    private static let script = """
        for(const figure of document.querySelectorAll('figure[data-spots]')){
        const spots=JSON.parse(figure.dataset.spots),isColumn=figure.dataset.pointing=='column'
        const svg=figure.querySelector('svg'),told=document.getElementById('told'),mark=document.createElement('div')
        mark.className='mark';mark.hidden=true;figure.append(mark)
        const hide=()=>{told.hidden=mark.hidden=true}
        const show=event=>{
        const box=svg.getBoundingClientRect(),scale=svg.viewBox.baseVal.width/box.width
        const x=(event.clientX-box.left)*scale,y=(event.clientY-box.top)*scale
        const distance=s=>isColumn?Math.abs(s[0]-x):Math.hypot(s[0]-x,s[1]-y)
        const spot=spots.reduce((a,b)=>distance(b)<distance(a)?b:a)
        if(distance(spot)>(isColumn?60:24)||event.pointerType=='mouse'&&event.type=='pointerleave')return hide()
        told.textContent=spot[2];told.hidden=mark.hidden=false
        const left=spot[0]/scale,top=spot[1]/scale
        mark.style.cssText=isColumn?`left:${left}px;top:${top}px;width:1px;bottom:${46/scale}px`
        :`left:${left-5}px;top:${top-5}px;width:10px;height:10px;border-radius:5px`
        const wide=told.offsetWidth,room=document.documentElement.clientWidth
        const at=Math.min(Math.max(box.left+left+12,8),room-wide-8)
        told.style.left=`${at+scrollX}px`;told.style.top=`${box.top+top+scrollY-(isColumn?0:told.offsetHeight+10)}px`}
        figure.addEventListener('pointermove',show);figure.addEventListener('pointerdown',show)
        figure.addEventListener('pointerleave',hide)}
        """
}
