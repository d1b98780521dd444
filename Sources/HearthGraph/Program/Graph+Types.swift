import HearthTensor

extension Graph {
    /// Works the types of all operations out again, after the graph was changed.
    mutating func inferTypes() throws(GraphError) {
        let sizes = SizeFitting.assignments(sizeNames, from: 34)
        var all: [ProgramTypes] = []
        for i in 0..<(sizes.isEmpty ? 1 : SizeFitting.traces) {
            all.append(
                try ProgramTypes(self, Dictionary(uniqueKeysWithValues: sizes.map { ($0.name, $0.values[i]) })))
        }
        setTypes(all, sizes, isPart: false)
    }

    private mutating func setTypes(_ all: [ProgramTypes], _ sizes: [(name: String, values: [Int])], isPart: Bool) {
        var fitting = SizeFitting(sizes)
        for i in nodes.indices {
            let id = nodes[i].id
            var windows: SlidingSizes?
            switch nodes[i].source {
            case .constant: continue
            case .input: if !isPart { continue }
            case .operation(let operation, let operands):
                windows = SlidingSizes(operation, operands.compactMap { node($0) })
                guard !operation.parts.isEmpty else { break }
                let programs = operation.parts.enumerated().map { k, part in
                    var program = part.program
                    program.setTypes(all.map { $0.parts[id]![k] }, sizes, isPart: true)
                    return program
                }
                nodes[i].source = .operation(operation.with(programs), operands: operands)
            }
            nodes[i].dtype = all[0][id]!.dtype
            nodes[i].shape = fitting.shape(all.map { Array($0[id]!.shape) }, node: id, windows)
        }
    }
}

extension SizeFitting {
    /// The shape of a node's value, of which each trace tells the numbers.
    /// - Parameter windows: The rule of an operation that slides windows.
    mutating func shape(_ shapes: [[Int]], node: Int, _ windows: SlidingSizes? = nil) -> [Size] {
        guard shapes.allSatisfy({ $0.count == shapes[0].count }) else { return [] }
        return shapes[0].indices.map { axis in
            let values = shapes.map { $0[axis] }
            if values.allSatisfy({ $0 == values[0] }) { return .fixed(values[0]) }
            let size =
                windows?.size(axis - shapes[0].count) ?? fit(values) ?? .dimension(node: node, axis: axis)
            learn(size, values)
            return size
        }
    }
}
