import Hearth
import HearthVision

// Single inputs, made into what a trained model takes.
extension RunConfiguration {
    /// A picture from a file, in the model's size and colours. `isInverted` exchanges light and dark.
    package func input(picture path: String, isInverted: Bool) throws -> Tensor {
        guard inputShape.count == 3, inputShape[0] == 1 || inputShape[0] == 3 else {
            throw RunError("the model takes \(inputShape.reduce(1, *)) numbers, not pictures; use --row")
        }
        let picture = try Image.read(path, as: inputShape[0] == 1 ? .grey : .rgb)
        let pixels = Resize(height: inputShape[1], width: inputShape[2])(picture)
        return normalised(pixels: isInverted ? 255 - pixels : pixels)
    }

    /// Values with commas between: features as in the table, or pixels from 0 to 255.
    package func input(row: String) throws -> Tensor {
        try input(cells: Table.cells(row), "--row")
    }

    /// The rows of a table, each with the file and its line as its name. Columns are found by their names where the table
    /// has those that the run was trained with; what else it has is left out.
    package func inputs(table path: String) throws -> [(name: String, tensor: Tensor)] {
        let table = try Table(contentsOf: path, least: 1)
        let named = columns.map { column in table.names.firstIndex(of: column.name) }
        let positions = !named.isEmpty && named.allSatisfy { $0 != nil } ? named.compactMap { $0 } : nil
        return try table.rows.map { row in
            let place = "\(path):\(row.line)"
            let cells = positions.map { $0.map { row.cells[$0] } } ?? row.cells
            return (name: place, tensor: try input(cells: cells, place))
        }
    }

    /// The cells of a row, at a place that errors name.
    private func input(cells: [String], _ place: String) throws -> Tensor {
        if !columns.isEmpty { return try input(features: cells, place) }
        let values = try cells.map { cell in
            guard let value = Float(cell), value.isFinite else {
                throw RunError("\(place): '\(cell)' is not a finite number")
            }
            return value
        }
        let shape = Shape(inputShape)
        guard values.count == shape.elementCount else {
            throw RunError("\(place) has \(values.count) numbers; the model takes \(shape.elementCount)")
        }
        let tensor = Tensor(values, shape: shape, device: .cpu)
        guard shape.count == 3 else { return Examples.normalised(tensor, mean: mean, std: std) }
        return normalised(pixels: tensor.clamp(min: 0, max: 255).round().to(.uint8))
    }

    /// The cells of a row of a table.
    private func input(features cells: [String], _ place: String) throws -> Tensor {
        guard cells.count == columns.count else {
            throw RunError(
                "\(place) has \(cells.count) values; the model takes \(columns.count): "
                    + columns.map(\.name).joined(separator: ", "))
        }
        let values = try zip(columns, cells).flatMap { try $0.features($1, place) }
        return Examples.normalised(Tensor(values, device: .cpu), mean: mean, std: std)
    }

    private func normalised(pixels: Tensor) -> Tensor {
        Compose(ToTensor(), Normalize(mean: mean, std: std))(pixels)
    }
}
