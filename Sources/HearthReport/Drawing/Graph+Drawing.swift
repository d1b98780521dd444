import HearthGraph

extension Graph {
    /// The program as a picture: a box for each operation under those whose results it uses, in the colour of its kind.
    ///
    ///     try AtomicFile.write(Array(graph.drawing.svg().utf8), to: "graph.svg")
    public var drawing: Drawing { GraphLayout(self).drawing }
}

/// Where the boxes and lines of a graph's picture are: operations in rows, none beside one that it uses, and lines that
/// skip rows between the columns of boxes, side by side, so that they cross no box.
private struct GraphLayout {
    private struct Box {
        let id: Int
        let title: String
        let detail: String
        let ink: Ink
        let row: Int
        let column: Int
    }

    private struct Line {
        let from: Int
        let to: Int
        /// Where the line passes the rows between; nil when there are none.
        let lane: Lane?
    }

    /// A place between two columns for lines that skip rows.
    private struct Lane {
        /// The column to the left.
        let column: Int
        /// Which one it is among those that are side by side.
        let number: Int
    }

    private static let (boxWidth, boxHeight) = (232.0, 38.0)
    private static let (laneWidth, rowHeight) = (10.0, 64.0)
    private static let margin = 20.0

    private var boxes: [Int: Box] = [:]
    private var order: [Int] = []
    private var lines: [Line] = []
    /// The columns of boxes that are taken, row by row.
    private var taken: [Set<Int>] = []
    /// The rows that are taken in the lanes to the right of each column.
    private var lanes: [[[Range<Int>]]] = []

    init(_ graph: Graph) {
        let drawn = graph.nodes.filter { $0.constant == nil }
        for node in drawn {
            let operands = node.operands.filter { boxes[$0] != nil }
            let (title, detail) = Self.words(node)
            place(node.id, below: operands, title, detail, Self.ink(node))
        }
        for (i, output) in graph.outputs.enumerated() where boxes[output.node] != nil {
            place(-1 - i, below: [output.node], output.name, graph.node(output.node)?.type ?? "", .series(1))
        }
    }

    // MARK: Places

    private mutating func place(_ id: Int, below operands: [Int], _ title: String, _ detail: String, _ ink: Ink) {
        let row = (operands.map { boxes[$0]!.row }.max() ?? -1) + 1
        // Lines that skip rows go first, so that the box is not in their way.
        for operand in Set(operands).sorted() where boxes[operand]!.row < row - 1 {
            let from = boxes[operand]!
            lines.append(Line(from: operand, to: id, lane: freeLane(beside: from.column, in: from.row..<row)))
        }
        let neighbour = operands.map { boxes[$0]!.column }.min() ?? 0
        let column = free(near: neighbour, in: row)
        while taken.count <= row { taken.append([]) }
        taken[row].insert(column)
        boxes[id] = Box(id: id, title: title, detail: detail, ink: ink, row: row, column: column)
        order.append(id)
        for operand in Set(operands).sorted() where boxes[operand]!.row == row - 1 {
            lines.append(Line(from: operand, to: id, lane: nil))
        }
    }

    /// The column nearest to another, to its right before its left, that is free in a row.
    private func free(near column: Int, in row: Int) -> Int {
        let columns = row < taken.count ? taken[row] : []
        var distance = 0
        while true {
            for candidate in [column + distance, column - distance] where candidate >= 0 && !columns.contains(candidate)
            {
                return candidate
            }
            distance += 1
        }
    }

    /// The first lane to the right of a column that no line takes in these rows.
    private mutating func freeLane(beside column: Int, in rows: Range<Int>) -> Lane {
        while lanes.count <= column { lanes.append([]) }
        var number = 0
        while number < lanes[column].count, lanes[column][number].contains(where: { $0.overlaps(rows) }) { number += 1 }
        if number == lanes[column].count { lanes[column].append([]) }
        lanes[column][number].append(rows)
        return Lane(column: column, number: number)
    }

    // MARK: Words and colours

    private static func words(_ node: Graph.Node) -> (title: String, detail: String) {
        guard let (operation, _) = node.operation else { return (node.name, node.type) }
        var title = operation.name
        if !operation.parts.isEmpty {
            title += operation.parts.map { " \($0.name) \($0.program.operationCount)" }.joined(separator: ",")
        }
        if case .record(let window)? = operation["window"] {
            func numbers(_ name: String) -> [Int] { window.first { $0.name == name }?.value.integers ?? [] }
            title += " " + numbers("kernel").map(String.init).joined(separator: "×")
            if let stride = numbers("stride").first, stride > 1 { title += " / \(stride)" }
        }
        return (title, node.path.isEmpty ? node.type : "\(node.path)  \(node.type)")
    }

    private static func ink(_ node: Graph.Node) -> Ink {
        guard let name = node.operation?.operation.name else { return .series(1) }
        switch name {
        case "convolve", "linear", "matmul", "recurrent", "scaled_dot_product_attention", "convolve_transposed":
            return .series(0)
        case "cond", "loop": return .series(4)
        case "standardise", "softmax", "moments", "log_softmax": return .series(2)
        case "max_pool", "avg_pool", "sum", "amax", "interpolate": return .series(3)
        default: return .quiet
        }
    }

    // MARK: The picture

    var drawing: Drawing {
        let last = max(taken.flatMap { $0 }.max() ?? 0, lanes.count - 1)
        var drawing = Drawing(
            width: left(last + 1) + Self.margin,
            height: Self.margin * 2 + Double(max(taken.count, 1)) * Self.rowHeight - (Self.rowHeight - Self.boxHeight))
        for line in lines { drawing.stroke(path(line), with: Paint(.text, opacity: 0.45), width: 1.2) }
        for id in order { draw(boxes[id]!, in: &drawing) }
        return drawing
    }

    /// Where a column begins: after the boxes and the lanes before it.
    private func left(_ column: Int) -> Double {
        (0..<column).reduce(Self.margin) { $0 + Self.boxWidth + gap($1) }
    }
    /// The room to the right of a column.
    private func gap(_ column: Int) -> Double {
        Self.laneWidth * Double(column < lanes.count ? lanes[column].count + 1 : 2)
    }
    private func centre(_ column: Int) -> Double { left(column) + Self.boxWidth / 2 }
    private func centre(_ lane: Lane) -> Double {
        left(lane.column) + Self.boxWidth + Double(lane.number + 1) * Self.laneWidth
    }
    private func top(_ row: Int) -> Double { Self.margin + Double(row) * Self.rowHeight }

    private func path(_ line: Line) -> Path {
        let (from, to) = (boxes[line.from]!, boxes[line.to]!)
        var steps: [Path.Step] = []
        var here = Point(centre(from.column), top(from.row) + Self.boxHeight)
        steps.append(.move(here))
        if let lane = line.lane {
            Self.bend(&steps, &here, to: Point(centre(lane), top(from.row + 1)))
            here = Point(centre(lane), top(to.row - 1) + Self.boxHeight)
            steps.append(.line(here))
        }
        Self.bend(&steps, &here, to: Point(centre(to.column), top(to.row)))
        return Path(steps)
    }

    /// A line that leaves and arrives upright.
    private static func bend(_ steps: inout [Path.Step], _ here: inout Point, to end: Point) {
        let middle = Point((here.x + end.x) / 2, (here.y + end.y) / 2)
        steps.append(.curve(Point(here.x, middle.y), middle))
        steps.append(.curve(Point(end.x, middle.y), end))
        here = end
    }

    private func draw(_ box: Box, in drawing: inout Drawing) {
        let left = left(box.column)
        let frame = Frame(
            left: left, top: top(box.row), right: left + Self.boxWidth, bottom: top(box.row) + Self.boxHeight)
        drawing.fill(Path(frame), with: Paint(.background))
        drawing.fill(Path(frame), with: Paint(box.ink, opacity: 0.22))
        drawing.stroke(Path(frame), with: Paint(box.ink))
        let room = Self.boxWidth - 16
        drawing.write(Roboto.shortened(box.title, size: 12, to: room), at: Point(left + 8, frame.top + 16), size: 12)
        drawing.write(
            Roboto.shortened(box.detail, size: 9.5, to: room), at: Point(left + 8, frame.top + 30), size: 9.5,
            with: Paint(.text, opacity: 0.75))
    }
}
