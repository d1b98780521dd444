import Hearth
import HearthGraph
import HearthONNX

extension Program {
    /// The name under which a program keeps the configuration of the run that it was exported from.
    static let configurationName = "hearth.config"

    /// The one result for a batch as the one input. Throws `RunError` for a program with other numbers of them. A program
    /// that takes one sample at a time is given one at a time.
    package func classify(_ batch: Tensor) throws -> Tensor {
        guard inputs.count == 1, outputs.count >= 1 else {
            throw RunError("'\(path)' takes \(inputs.count) inputs; a classifier takes one")
        }
        func result(_ x: Tensor) throws -> Tensor {
            guard let tensor = try run([inputs[0].name: x]).first?.value.tensor else {
                throw RunError("'\(path)' gives no tensor")
            }
            return tensor
        }
        guard inputs[0].sizes?.first == 1, batch.shape[0] != 1 else { return try result(batch) }
        return Tensor.cat(try (0..<batch.shape[0]).map { try result(batch.narrow(0, start: $0, length: 1)) })
    }
}

/// A program as a layer, for what measures models. It is not trained.
package final class ProgramLayer: Module, Layer {
    private let program: Program

    package init(_ program: Program) { self.program = program }

    package func forward(_ x: Tensor) -> Tensor {
        do { return try program.classify(x) } catch {
            stop("\(program.path)", [x.spec], "\(error)")
            return x
        }
    }
}

extension RunConfiguration {
    /// What is known of the inputs and classes of a program. Throws `RunError` for a program that takes no pictures and
    /// knows of no run.
    package init(_ program: Program) throws {
        if let text = program.graph?.metadata[Program.configurationName] {
            try self.init(JSON(parsing: text, name: program.path), file: program.path)
            return
        }
        self.init()
        guard program.inputs.count == 1, let sizes = program.inputs[0].sizes, sizes.count == 4, let channels = sizes[1],
            channels == 1 || channels == 3, let classes = program.outputs.first?.sizes?.last ?? nil
        else {
            let taken = program.inputs.map { "\($0.name): \($0.text)" }.joined(separator: ", ")
            throw RunError("'\(program.path)' takes \(taken); pictures, [batch, 1 or 3, height, width], are expected")
        }
        inputShape = [channels, sizes[2] ?? 224, sizes[3] ?? 224]
        self.classes = (0..<classes).map(String.init)
        (mean, std) = channels == 3 ? ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]) : ([0], [1])
    }
}
